#include "media/sip_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "captured.hpp"
#include "media/g711.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using test::Sent;

constexpr double kHertz = 700;

class SipSenderTest : public testing::Test {
 protected:
  void SetUp() override { configure(20); }

  void configure(uint16_t ptimeMs, const Codec* codec = &pcmu(), bool digits = true) {
    SipSender::Params params;
    params.codec = codec;
    params.payloadType = codec ? codec->payloadType : 0;
    if (digits) params.digitPayloadType = 101;
    params.ptimeMs = ptimeMs;
    sender.configure(params, now());
  }
  MonoTime now() const { return out.now; }

  /// Lets time pass as a worker would: run() whenever it is due.
  void pass(SendClock::Duration time) {
    const MonoTime end = now() + time;
    while (sender.due() <= end) {
      out.now = std::max(out.now, sender.due());
      sender.run(out.now);
    }
    out.now = end;
  }
  /// One Opus packet's worth of voice comes now.
  void voice(size_t samples = 160) {
    sender.voice({test::tone(kHertz, 8000, samples, 8000, spoken), 8000}, now());
    spoken += samples;
  }
  void talk(int packets, size_t samples = 160, SendClock::Duration interval = 20ms) {
    for (int i = 0; i < packets; ++i) {
      voice(samples);
      pass(interval);
    }
  }
  static bool isVoice(const Sent& packet) {
    if (packet.header.payloadType == 101) return false;
    std::vector<int16_t> pcm(packet.payload.size());
    decodeG711(packet.header.payloadType == 8 ? aLaw() : muLaw(), packet.payload, pcm);
    return levelDbov(pcm) > -40;
  }
  size_t voices() const { return static_cast<size_t>(std::ranges::count_if(out.packets, isVoice)); }
  /// Whatever happens, numbers never jump and timestamps follow the packets' lengths.
  void expectUnbroken() const {
    for (size_t i = 1; i < out.packets.size(); ++i) {
      const RtpHeader& a = out.packets[i - 1].header;
      const RtpHeader& b = out.packets[i].header;
      ASSERT_EQ(b.sequence, static_cast<uint16_t>(a.sequence + 1));
      ASSERT_EQ(b.ssrc, a.ssrc);
      if (a.payloadType == 101 || b.payloadType == 101) continue;
      ASSERT_EQ(b.timestamp, a.timestamp + out.packets[i - 1].payload.size()) << i;
    }
  }

  test::Captured out;
  StreamGauge gauge;
  Random random{5};
  SipSender sender{out, gauge, random};
  size_t spoken = 0;
};

TEST_F(SipSenderTest, SilenceIsComfortNoiseOnAGrid) {
  pass(999ms);
  ASSERT_EQ(out.packets.size(), 50U);
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(out.packets[i].at, test::startOfTime() + i * 20ms);
    EXPECT_EQ(out.packets[i].payload.size(), 160U);
    EXPECT_FALSE(isVoice(out.packets[i]));
    EXPECT_EQ(out.packets[i].header.marker, i == 0);
  }
  expectUnbroken();
  EXPECT_EQ(gauge.comfortNoise.get(), 50U);
  EXPECT_NEAR(gauge.read().levelDbov, -65, 3);
}

TEST_F(SipSenderTest, VoiceGoesOutTheMomentItComes) {
  pass(10ms);
  out.packets.clear();
  for (int i = 0; i < 50; ++i) {
    const size_t before = out.packets.size();
    voice();
    ASSERT_EQ(out.packets.size(), before + 1);
    EXPECT_EQ(out.packets.back().at, now());
    pass(20ms);
  }
  EXPECT_EQ(out.packets.size(), 50U);
  EXPECT_EQ(voices(), 50U);
  expectUnbroken();
}

TEST_F(SipSenderTest, RepacketisesToEveryPtime) {
  for (const uint16_t ptime : {10, 20, 30, 40, 60}) {
    configure(ptime);
    pass(200ms);
    const size_t before = out.packets.size();
    talk(60);
    EXPECT_NEAR(static_cast<double>(out.packets.size() - before), 1200.0 / ptime, 3) << ptime;
    for (size_t i = before + 5; i + 5 < out.packets.size(); ++i)
      ASSERT_TRUE(isVoice(out.packets[i])) << ptime << " " << i;
    EXPECT_EQ(out.packets.back().payload.size(), ptime * 8U);
  }
  expectUnbroken();
  EXPECT_EQ(gauge.dropped.get(), 0U);
}

TEST_F(SipSenderTest, LongBrowserPacketsAreSpreadOut) {
  pass(20ms);
  talk(20, 480, 60ms);
  EXPECT_EQ(voices(), 60U);
  expectUnbroken();
  EXPECT_EQ(gauge.dropped.get(), 0U);
}

TEST_F(SipSenderTest, NoiseTakesOverWithoutAHoleInTime) {
  pass(7ms);
  talk(50);
  pass(2000ms);
  // 50 packets a second in all, whoever paced them.
  EXPECT_NEAR(static_cast<double>(out.packets.size()), 3007.0 / 20, 2);
  EXPECT_EQ(voices(), 50U);
  expectUnbroken();
}

// A hundred turns of talking and silence at every phase: nothing sums up.
/// Makes up five packets' worth of the tone.
class FivePackets : public Concealer {
 public:
  bool conceal(std::span<int16_t> pcm, uint32_t sampleRate) override {
    if (++asked > 5) return false;
    std::ranges::copy(test::tone(kHertz, sampleRate, pcm.size(), 8000, 0), pcm.begin());
    return true;
  }
  int asked = 0;
};

TEST_F(SipSenderTest, VoiceThatBreaksOffIsConcealedAtTheTimeAndNoiseFollows) {
  FivePackets concealer;
  sender.setConcealer(&concealer);
  pass(995ms);
  EXPECT_EQ(concealer.asked, 0);  // nobody has spoken
  talk(50);
  pass(1000ms);
  EXPECT_EQ(concealer.asked, 5 + 400 / 20);  // for as long as packets may still be on their way
  EXPECT_EQ(voices(), 55U);
  const auto firstVoice = std::ranges::find_if(out.packets, isVoice);
  EXPECT_EQ(std::count_if(firstVoice, firstVoice + 55, isVoice), 55);
  EXPECT_NEAR(static_cast<double>(out.packets.size()), 2995.0 / 20, 2);
  expectUnbroken();
}

TEST_F(SipSenderTest, APauseIsNotConcealed) {
  FivePackets concealer;
  sender.setConcealer(&concealer);
  pass(7ms);
  talk(10);
  sender.pause(now());
  pass(500ms);
  EXPECT_EQ(concealer.asked, 0);
  EXPECT_EQ(voices(), 10U);
}

TEST_F(SipSenderTest, HandOversNeitherDoubleNorDelay) {
  const MonoTime begin = now();
  for (int turn = 0; turn < 100; ++turn) {
    pass(Millis(300 + turn * 7 % 41));
    talk(10);
  }
  const auto elapsed = now() - begin;
  EXPECT_NEAR(static_cast<double>(out.packets.size()), static_cast<double>(elapsed / 20ms), 4);
  EXPECT_EQ(voices(), 1000U);
  EXPECT_EQ(gauge.dropped.get(), 0U);
  expectUnbroken();
}

TEST_F(SipSenderTest, AJitteryBrowserLosesNothing) {
  Random jitter(11);
  MonoTime next = now() + 20ms;
  for (int i = 0; i < 500; ++i, next += 20ms) {
    const MonoTime arrival = std::max(now(), next + Millis(jitter.between(0, 35)));
    pass(arrival - now());
    voice();
  }
  EXPECT_NEAR(static_cast<double>(voices()), 500, 1);
  EXPECT_EQ(gauge.dropped.get(), 0U);
  EXPECT_LE(gauge.comfortNoise.get(), 3U);
  expectUnbroken();
}

TEST_F(SipSenderTest, ABurstAfterAStallIsBoundedAndSheds) {
  talk(50);
  pass(1000ms);  // the network stalls, noise goes on
  for (int i = 0; i < 50; ++i) voice();
  EXPECT_GE(gauge.dropped.get(), 40U);
  talk(1500);  // and then all is well: what waited is gone again
  out.packets.clear();
  voice();
  ASSERT_EQ(out.packets.size(), 1U);
  EXPECT_EQ(out.packets[0].at, now());
}

// 30 minutes with a clock 200 ppm off either way: every frame goes out at once, none is dropped.
TEST_F(SipSenderTest, DriftBuildsUpNoDelay) {
  for (const auto interval : {19996us, 20004us}) {
    out.packets.clear();
    const uint64_t noise = gauge.comfortNoise.get();
    for (int i = 0; i < 90000; ++i) {
      const size_t before = out.packets.size();
      voice();
      ASSERT_EQ(out.packets.size(), before + 1) << i;
      pass(interval);
    }
    EXPECT_EQ(gauge.dropped.get(), 0U);
    EXPECT_LE(gauge.comfortNoise.get() - noise, 1U);
    pass(500ms);
  }
}

TEST_F(SipSenderTest, DtxTurnsToNoiseAtOnce) {
  pass(20ms);
  talk(10);
  voice();
  sender.pause(now());
  out.packets.clear();
  pass(200ms);
  ASSERT_GE(out.packets.size(), 9U);
  EXPECT_LE(out.packets[0].at, now() - 160ms);
}

TEST_F(SipSenderTest, ADigitReplacesTheVoice) {
  pass(20ms);
  talk(10);
  ASSERT_TRUE(sender.queueDigit('7', 100ms));
  sender.run(now());
  const size_t before = out.packets.size();
  talk(20);
  std::vector<Sent> events;
  for (size_t i = before; i < out.packets.size(); ++i)
    if (out.packets[i].header.payloadType == 101) events.push_back(out.packets[i]);
  ASSERT_GE(events.size(), 7U);
  ASSERT_EQ(events.size() +
                static_cast<size_t>(std::count_if(out.packets.begin() + static_cast<long>(before),
                                                  out.packets.end(), isVoice)),
            out.packets.size() - before);
  expectUnbroken();
  // The voice goes on where the clock says, not where it stopped.
  const auto& last = out.packets.back();
  const auto& first = out.packets.front();
  const auto elapsed = static_cast<double>((last.at - first.at) / 1ms * 8);
  EXPECT_NEAR(static_cast<double>(last.header.timestamp - first.header.timestamp), elapsed, 320);
}

TEST_F(SipSenderTest, DigitsKeepTheirDistanceAndTheirStart) {
  for (const char digit : std::string("12#")) ASSERT_TRUE(sender.queueDigit(digit, 60ms));
  pass(1000ms);
  std::vector<uint32_t> starts;
  std::vector<uint8_t> events;
  size_t markers = 0;
  MonoTime last{};
  for (const Sent& packet : out.packets) {
    if (packet.header.payloadType != 101) continue;
    if (starts.empty() || starts.back() != packet.header.timestamp) {
      starts.push_back(packet.header.timestamp);
      events.push_back(packet.payload[0]);
      EXPECT_TRUE(packet.header.marker);
      if (last != MonoTime{}) {
        EXPECT_GE(packet.at - last, 40ms);
      }
    }
    markers += packet.header.marker;
    last = packet.at;
  }
  EXPECT_EQ(events, (std::vector<uint8_t>{1, 2, 11}));
  EXPECT_EQ(markers, 3U);
  EXPECT_NEAR(static_cast<double>(out.packets.size()), 50, 1);
  expectUnbroken();
}

TEST_F(SipSenderTest, DigitsNeedAPayloadType) {
  configure(20, &pcmu(), false);
  EXPECT_FALSE(sender.queueDigit('1', 100ms));
}

TEST_F(SipSenderTest, CodecAndPacketLengthChangeInMidCall) {
  talk(10);
  configure(20, &pcma());
  talk(10);
  configure(40, &pcmu());
  talk(10);
  expectUnbroken();
  EXPECT_EQ(out.packets[5].header.payloadType, 0);
  EXPECT_EQ(out.packets[15].header.payloadType, 8);
  EXPECT_EQ(out.packets.back().header.payloadType, 0);
}

TEST_F(SipSenderTest, HoldSendsNothingAndTheTimestampGoesOnWithTheClock) {
  pass(99ms);
  configure(20, nullptr);
  EXPECT_EQ(sender.due(), MonoTime::max());
  out.packets.clear();
  voice();
  const uint32_t before = sender.timestampAt(now());
  pass(60s);
  EXPECT_TRUE(out.packets.empty());
  configure(20);
  ASSERT_EQ(out.packets.size(), 1U);
  EXPECT_TRUE(out.packets[0].header.marker);
  EXPECT_NEAR(static_cast<double>(out.packets[0].header.timestamp - before), 480000, 200);
}

TEST_F(SipSenderTest, AStandstillOfTheMachineIsNotMadeUpForPacketByPacket) {
  pass(100ms);
  out.packets.clear();
  out.now += 10s;
  sender.run(now());
  EXPECT_EQ(out.packets.size(), 1U);
  EXPECT_TRUE(out.packets[0].header.marker);
}

TEST_F(SipSenderTest, ConcealmentIsOwedOnlyWhileTheStreamWaits) {
  pass(20ms);
  talk(10);
  EXPECT_LE(sender.owed(now()), 20ms);
  out.now += 40ms;  // two packets did not come
  EXPECT_NEAR(static_cast<double>(sender.owed(now()) / 1ms), 40, 20);
  pass(500ms);
  EXPECT_EQ(sender.owed(now()), 0ms);
}

TEST_F(SipSenderTest, GainChangesTheVoiceAndNotTheNoise) {
  talk(20);
  const int before = gauge.read().levelDbov;
  sender.setLevel({6, false}, now());
  talk(20);
  EXPECT_NEAR(gauge.read().levelDbov, before + 6, 1);
  sender.setLevel({-10, false}, now());
  talk(20);
  EXPECT_NEAR(gauge.read().levelDbov, before - 10, 1);
  pass(1s);
  EXPECT_NEAR(gauge.read().levelDbov, -65, 3);
  expectUnbroken();
}

TEST_F(SipSenderTest, AMutedTalkerIsComfortNoiseAndDigitsGoOn) {
  talk(20);
  sender.setLevel({0, true}, now());
  out.packets.clear();
  talk(20);
  EXPECT_NEAR(static_cast<double>(out.packets.size()), 20, 1);
  EXPECT_EQ(voices(), 0U);
  ASSERT_TRUE(sender.queueDigit('5', 100ms));
  talk(20);
  EXPECT_EQ(std::ranges::count_if(
                out.packets, [](const Sent& packet) { return packet.header.payloadType == 101; }),
            7);
  sender.setLevel({}, now());
  out.packets.clear();
  talk(20);
  EXPECT_GE(voices(), 19U);
  expectUnbroken();
}

}  // namespace
}  // namespace genesys::media
