// Opus on both legs: packets pass unread, under numbers of ours, and are decoded only where
// somebody needs PCM. Virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "captured.hpp"
#include "media/browser_receiver.hpp"
#include "media/browser_sender.hpp"
#include "media/mix.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using Payload = std::vector<uint8_t>;

constexpr uint8_t kPayloadType = 96;

class Deaf : public RecordingSink {
 public:
  bool write(std::unique_ptr<RecordedChunk>) override { return true; }
  void finish() override {}
};

/// Packets of a tone as some Opus encoder of full band makes them.
std::vector<Payload> spoken(size_t count, unsigned ms = 20) {
  auto encoder = OpusVoiceEncoder::create(16000, {false, 5, 32000, true, 20});
  std::vector<Payload> packets;
  for (size_t i = 0; i < count; ++i) {
    Payload packet(1275);
    const size_t samples = size_t{16} * ms;
    packet.resize(encoder->encode(test::tone(650, 16000, samples, 8000, i * samples), packet));
    packets.push_back(packet);
  }
  return packets;
}

std::vector<Payload> payloadsOf(const test::Captured& out) {
  std::vector<Payload> payloads;
  for (const test::Sent& packet : out.packets) payloads.push_back(packet.payload);
  return payloads;
}

class Passing : public testing::Test {
 protected:
  void SetUp() override {
    sender.configure(params, out.now);
    receiver.setSink(&sender);
    out.packets.clear();  // the first noise
  }
  /// The browser's packet `i` comes now.
  void put(size_t i) {
    receiver.received(
        {{false, 111, static_cast<uint16_t>(65530 + i), static_cast<uint32_t>(7 + i * 960), 99},
         voice[i]},
        out.now);
  }
  void pass(SendClock::Duration time) {
    for (const MonoTime end = out.now + time; out.now < end;) {
      out.now = std::min({end, std::max(out.now, sender.due()), std::max(out.now, receiver.due())});
      receiver.run(out.now);
      sender.run(out.now);
    }
  }
  void talk(size_t from, size_t count) {
    for (size_t i = from; i < from + count; ++i) {
      put(i);
      pass(20ms);
    }
  }
  /// How much packet `i` is ahead of the one before: sequence, and timestamp in packets.
  std::pair<int, double> step(size_t i) const {
    const RtpHeader& a = out.packets[i - 1].header;
    const RtpHeader& b = out.packets[i].header;
    return {static_cast<uint16_t>(b.sequence - a.sequence),
            static_cast<double>(b.timestamp - a.timestamp) / 960};
  }
  /// How many of the browser's packets came out as they were.
  size_t passed() const {
    return static_cast<size_t>(std::ranges::count_if(out.packets, [this](const auto& packet) {
      return std::ranges::find(voice, packet.payload) != voice.end();
    }));
  }

  test::Captured out;
  StreamGauge sent, received;
  Random random{5};
  SipSender::Params params{
      .codec = &opus(), .payloadType = kPayloadType, .digitPayloadType = 101, .digitClock = 48000};
  SipSender sender{out, sent, random};
  BrowserReceiver receiver{received};
  std::vector<Payload> voice = spoken(60);
};

TEST_F(Passing, PayloadsAreTheSameAndNumbersOurs) {
  talk(0, 30);
  ASSERT_EQ(out.packets.size(), 30U);
  EXPECT_EQ(payloadsOf(out), std::vector<Payload>(voice.begin(), voice.begin() + 30));
  for (size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(out.packets[i].header.payloadType, kPayloadType);
    EXPECT_NE(out.packets[i].header.ssrc, 99U);
    EXPECT_EQ(out.packets[i].header.ssrc, out.packets[0].header.ssrc);
    if (i > 0) {
      EXPECT_EQ(step(i), std::make_pair(1, 1.0));
    }
  }
  EXPECT_EQ(sent.packets.get(), 31U);
  EXPECT_EQ(sent.read().levelDbov, kSilenceDbov);
}

TEST_F(Passing, OrderIsRestored) {
  for (const size_t i : {0, 1, 3, 2, 4, 5}) {
    put(i);
    pass(20ms);
  }
  pass(40ms);
  const auto payloads = payloadsOf(out);
  EXPECT_TRUE(std::equal(voice.begin(), voice.begin() + 6, payloads.begin()));
}

TEST_F(Passing, LossIsLeftToTheFarEnd) {
  talk(0, 5);
  pass(40ms);  // 5 and 6 are lost
  talk(7, 10);
  EXPECT_EQ(passed(), 15U);
  ASSERT_EQ(out.packets.size(), 15U) << "no noise in between";
  EXPECT_EQ(step(5), std::make_pair(3, 3.0));
  for (size_t i = 6; i < 15; ++i) EXPECT_EQ(step(i), std::make_pair(1, 1.0));
}

TEST_F(Passing, SilenceOfTheTalkerIsComfortNoise) {
  talk(0, 10);
  pass(1s);
  EXPECT_EQ(passed(), 10U);
  EXPECT_NEAR(static_cast<double>(sent.comfortNoise.get()), 48, 3);
  const auto decoder = makeVoiceDecoder(opus());
  std::vector<int16_t> pcm(320);
  for (const auto& packet : out.packets) ASSERT_EQ(decoder->decode(packet.payload, pcm), 320U);
  EXPECT_LT(levelDbov(pcm), -50);
  talk(10, 10);
  EXPECT_EQ(passed(), 20U);
  for (size_t i = 1; i < out.packets.size(); ++i) ASSERT_EQ(step(i), std::make_pair(1, 1.0)) << i;
}

TEST_F(Passing, ABurstIsBoundedAndInOrder) {
  for (size_t i = 0; i < 12; ++i) put(i);
  pass(300ms);
  EXPECT_GT(sent.dropped.get(), 0U);
  std::vector<size_t> order;
  for (const auto& packet : out.packets)
    if (const auto at = std::ranges::find(voice, packet.payload); at != voice.end())
      order.push_back(static_cast<size_t>(at - voice.begin()));
  EXPECT_EQ(order.size() + sent.dropped.get(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(order.back(), 11U) << "the oldest go";
}

TEST_F(Passing, OtherPacketLengthsAreRepacketised) {
  params.ptimeMs = 40;
  sender.configure(params, out.now);
  talk(0, 30);
  EXPECT_EQ(passed(), 0U);
  EXPECT_NEAR(static_cast<double>(out.packets.size()), 15, 2);
  EXPECT_EQ(opusSamplesIn(out.packets.back().payload, 48000), 1920U);
  params.ptimeMs = 20;
  sender.configure(params, out.now);
  out.packets.clear();
  talk(30, 20);
  EXPECT_GE(passed(), 19U);
}

TEST_F(Passing, DigitsAsTonesNeedPcm) {
  params.digitPayloadType.reset();
  params.digitsAsTones = true;
  sender.configure(params, out.now);
  talk(0, 10);
  EXPECT_EQ(passed(), 10U);
  ASSERT_TRUE(sender.queueDigit('5', 100ms));
  talk(10, 9);  // 100 ms and a pause of 60 ms
  EXPECT_LE(passed(), 12U);
  out.packets.clear();
  talk(19, 10);
  EXPECT_EQ(passed(), 10U);
}

TEST_F(Passing, EventsTakeTheVoicesPlace) {
  talk(0, 10);
  ASSERT_TRUE(sender.queueDigit('5', 100ms));
  talk(10, 20);
  std::vector<uint16_t> durations;
  for (const auto& packet : out.packets)
    if (packet.header.payloadType == 101)
      durations.push_back(parseTelephoneEvent(packet.payload)->duration);
  EXPECT_THAT(durations, testing::ElementsAre(960, 1920, 2880, 3840, 4800, 4800, 4800));
  EXPECT_NEAR(static_cast<double>(passed()), 23, 1);
}

TEST_F(Passing, ARecordingNeedsPcm) {
  talk(0, 10);
  CallRecording recording(std::make_shared<Deaf>(), out.now);
  sender.setRecording(&recording);
  talk(10, 10);
  EXPECT_EQ(passed(), 10U);
  sender.setRecording(nullptr);
  talk(20, 10);
  EXPECT_EQ(passed(), 20U);
}

TEST_F(Passing, GainNeedsPcmAndAMutedTalkerIsNotHeard) {
  talk(0, 10);
  sender.setLevel({-6, false}, out.now);
  talk(10, 10);
  EXPECT_EQ(passed(), 10U);
  sender.setLevel({0, true}, out.now);
  talk(20, 10);
  EXPECT_EQ(passed(), 10U);
  sender.setLevel({}, out.now);
  talk(30, 10);
  EXPECT_GE(passed(), 17U) << "once the gain is back at nothing, three packets later";
}

TEST_F(Passing, AMixNeedsPcm) {
  Mix mix;
  EXPECT_FALSE(mix.add(sender, out.now).passes(opus(), 20ms));
}

class PassingToBrowser : public testing::Test {
 protected:
  void SetUp() override {
    receiver.configure({{kPayloadType, &opus()}}, 101, false, 48000);
    receiver.setSink(&sender);
  }
  void put(size_t i, Payload payload) {
    receiver.received(
        {{false, kPayloadType, static_cast<uint16_t>(i), static_cast<uint32_t>(i * 960), 99},
         payload},
        out.now);
    out.now += 20ms;
    sender.run(out.now);
  }

  test::Captured out;
  StreamGauge sent, received;
  Random random{5};
  BrowserSender sender{out, sent, random};
  SipReceiver receiver{received};
  std::vector<Payload> voice = spoken(30);
};

TEST_F(PassingToBrowser, PayloadsAreTheSameAndLossIsShown) {
  for (size_t i = 0; i < 30; ++i)
    if (i != 10 && i != 11) put(i, voice[i]);
  voice.erase(voice.begin() + 10, voice.begin() + 12);
  EXPECT_EQ(payloadsOf(out), voice);
  for (size_t i = 1; i < out.packets.size(); ++i) {
    const RtpHeader& a = out.packets[i - 1].header;
    const RtpHeader& b = out.packets[i].header;
    EXPECT_EQ(static_cast<uint16_t>(b.sequence - a.sequence), i == 10 ? 3 : 1);
    EXPECT_EQ(b.timestamp - a.timestamp, i == 10 ? 2880U : 960U);
    EXPECT_EQ(b.marker, false);
  }
  EXPECT_TRUE(out.packets[0].header.marker);
}

TEST_F(PassingToBrowser, WhatIsMalformedDoesNot) {
  put(0, {0x03});
  put(1, {0x02, 0x40});  // two frames of which the first is longer than the packet
  EXPECT_TRUE(out.packets.empty());
  EXPECT_EQ(received.ignored.get(), 2U);
}

TEST_F(PassingToBrowser, RecordingAndTonesNeedPcmAndOtherLengthsToo) {
  CallRecording recording(std::make_shared<Deaf>(), out.now);
  receiver.setRecording(&recording);
  for (size_t i = 0; i < 5; ++i) put(i, voice[i]);
  receiver.setRecording(nullptr);
  receiver.configure({{kPayloadType, &opus()}}, std::nullopt, true);
  for (size_t i = 5; i < 10; ++i) put(i, voice[i]);
  for (const auto& packet : out.packets)
    EXPECT_EQ(std::ranges::find(voice, packet.payload), voice.end());
  EXPECT_EQ(out.packets.size(), 10U);
  receiver.configure({{kPayloadType, &opus()}}, 101);
  const auto longer = spoken(5, 60);
  out.packets.clear();
  for (size_t i = 0; i < 5; ++i) {
    receiver.received({{false, kPayloadType, static_cast<uint16_t>(10 + i),
                        static_cast<uint32_t>(9600 + i * 2880), 99},
                       longer[i]},
                      out.now);
    out.now += 60ms;
  }
  EXPECT_EQ(out.packets.size(), 15U);
  for (const auto& packet : out.packets) EXPECT_EQ(opusSamplesIn(packet.payload, 48000), 960U);
}

}  // namespace
}  // namespace genesys::media
