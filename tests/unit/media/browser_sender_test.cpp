#include "media/browser_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "captured.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using test::Sent;

constexpr double kHertz = 900;

class BrowserSenderTest : public testing::Test {
 protected:
  MonoTime now() const { return out.now; }
  void pass(SendClock::Duration time) {
    const MonoTime end = now() + time;
    while (sender.due() <= end) {
      out.now = std::max(out.now, sender.due());
      sender.run(out.now);
    }
    out.now = end;
  }
  void voice(size_t samples = 160, uint32_t rate = 8000) {
    sender.voice({test::tone(kHertz, rate, samples, 8000, spoken), rate}, now());
    spoken += samples;
  }
  void talk(int packets, size_t samples = 160) {
    for (int i = 0; i < packets; ++i) {
      voice(samples);
      pass(durationOf(samples, 8000));
    }
  }
  std::vector<int16_t> decoded(size_t from = 0) const {
    auto decoder = OpusVoiceDecoder::create(8000);
    std::vector<int16_t> pcm;
    for (size_t i = from; i < out.packets.size(); ++i) {
      std::vector<int16_t> frame(8 * kMaxOpusPacketMs);
      frame.resize(decoder->decode(out.packets[i].payload, frame));
      EXPECT_EQ(frame.size(), 160U);
      pcm.insert(pcm.end(), frame.begin(), frame.end());
    }
    return pcm;
  }
  /// Sequence and timestamp of packet `i` relative to the one before it, in packets.
  std::pair<int, double> step(size_t i) const {
    const RtpHeader& a = out.packets[i - 1].header;
    const RtpHeader& b = out.packets[i].header;
    return {static_cast<uint16_t>(b.sequence - a.sequence),
            static_cast<double>(b.timestamp - a.timestamp) / 960};
  }
  size_t markers() const {
    return static_cast<size_t>(
        std::ranges::count_if(out.packets, [](const Sent& p) { return p.header.marker; }));
  }

  void quiet(int packets, int dbov);

  test::Captured out;
  StreamGauge gauge;
  Random random{6};
  ComfortNoise room{7};
  BrowserSender sender{out, gauge, random};
  size_t spoken = 0;
};

TEST_F(BrowserSenderTest, ToneInToneOutWithoutQueueing) {
  sender.setPayloadType(109);
  for (int i = 0; i < 50; ++i) {
    voice();
    ASSERT_EQ(out.packets.size(), static_cast<size_t>(i) + 1);
    pass(20ms);
  }
  for (size_t i = 1; i < 50; ++i) EXPECT_EQ(step(i), std::make_pair(1, 1.0));
  EXPECT_EQ(markers(), 1U);
  EXPECT_TRUE(out.packets[0].header.marker);
  EXPECT_EQ(out.packets[0].header.payloadType, 109);
  const auto pcm = decoded();
  EXPECT_GT(test::shareAt(kHertz, 8000, std::span(pcm).subspan(800)), 0.98);
  EXPECT_EQ(gauge.packets.get(), 50U);
  EXPECT_NEAR(gauge.read().levelDbov, -15, 1);
}

TEST_F(BrowserSenderTest, PacketsOfAnyLengthBecome20Milliseconds) {
  for (const size_t samples : {80, 240, 320, 480, 100, 161, 1}) {
    const size_t before = out.packets.size();
    const size_t count = 16000 / samples;
    talk(static_cast<int>(count), samples);
    EXPECT_NEAR(static_cast<double>(out.packets.size() - before),
                static_cast<double>(count * samples) / 160, 1);
  }
  for (size_t i = 1; i < out.packets.size(); ++i) EXPECT_EQ(step(i), std::make_pair(1, 1.0));
  const auto pcm = decoded();
  EXPECT_GT(test::shareAt(kHertz, 8000, std::span(pcm).subspan(800)), 0.9);
}

TEST_F(BrowserSenderTest, LossIsAGapInNumbersAndTime) {
  talk(10);
  pass(60ms);
  sender.lost(60ms, now());
  voice();
  EXPECT_EQ(step(10), std::make_pair(4, 4.0));
  EXPECT_FALSE(out.packets[10].header.marker);
}

TEST_F(BrowserSenderTest, LossInsideAFrameKeepsTheTimeline) {
  talk(21, 80);  // ten frames and a half
  ASSERT_EQ(out.packets.size(), 10U);
  sender.lost(30ms, now());  // half a frame, and a whole one
  talk(2, 80);
  ASSERT_EQ(out.packets.size(), 12U);
  EXPECT_EQ(step(10), std::make_pair(1, 1.0));
  EXPECT_EQ(step(11), std::make_pair(2, 2.0));
}

TEST_F(BrowserSenderTest, APauseShowsInTheTimestampAlone) {
  talk(10);
  sender.pause(now());
  pass(1000ms);
  voice();
  EXPECT_EQ(step(10), std::make_pair(1, 51.0));
  EXPECT_TRUE(out.packets[10].header.marker);
  EXPECT_EQ(markers(), 2U);
}

TEST_F(BrowserSenderTest, AFarEndThatJustFellSilentHasPaused) {
  talk(10);
  pass(2000ms);
  voice();
  EXPECT_EQ(step(10), std::make_pair(1, 101.0));
  EXPECT_TRUE(out.packets[10].header.marker);
}

TEST_F(BrowserSenderTest, ComfortNoiseFlowsUntilVoiceReturns) {
  talk(10);
  sender.noise(-50, now());
  pass(999ms);
  // A sample of it every 400 ms, each followed by a packet that says DTX.
  ASSERT_EQ(out.packets.size(), 16U);
  EXPECT_EQ(gauge.comfortNoise.get(), 50U);
  EXPECT_NEAR(gauge.read().levelDbov, -50, 1);
  talk(10);
  ASSERT_EQ(out.packets.size(), 26U);
  for (size_t i = 10; i < 16; ++i) EXPECT_EQ(out.packets[i].payload.size() == 1, i % 2 == 1) << i;
  for (const size_t i : {10U, 11U, 13U, 15U}) EXPECT_EQ(step(i), std::make_pair(1, 1.0)) << i;
  for (const size_t i : {12U, 14U}) EXPECT_EQ(step(i), std::make_pair(1, 19.0)) << i;
  EXPECT_EQ(step(16), std::make_pair(1, 9.0));
  EXPECT_TRUE(out.packets[16].header.marker);
  EXPECT_EQ(markers(), 2U);
  EXPECT_EQ(sender.due(), MonoTime::max());
}

TEST_F(BrowserSenderTest, ComfortNoiseEndsByItself) {
  talk(1);
  sender.noise(-50, now());
  pass(60s);
  EXPECT_NEAR(static_cast<double>(gauge.comfortNoise.get()), 500, 2);
  voice();
  EXPECT_EQ(step(out.packets.size() - 1).first, 1);
  EXPECT_TRUE(out.packets.back().header.marker);
}

// Noise and voice in turn at every phase: the stream is never further ahead than one packet.
TEST_F(BrowserSenderTest, HandOversSumUpToNothing) {
  const MonoTime begin = now();
  for (int turn = 0; turn < 100; ++turn) {
    talk(10);
    sender.noise(-60, now());
    pass(Millis(300 + turn * 7 % 41));
  }
  const auto elapsed = (out.packets.back().at - begin) / 20ms;
  const uint32_t sent = out.packets.back().header.timestamp - out.packets[0].header.timestamp;
  EXPECT_NEAR(sent / 960.0, static_cast<double>(elapsed), 3);
}

TEST_F(BrowserSenderTest, ARateChangeKeepsTheStream) {
  talk(5);
  for (int i = 0; i < 5; ++i) {
    voice(320, 16000);
    pass(20ms);
  }
  ASSERT_EQ(out.packets.size(), 10U);
  for (size_t i = 1; i < 10; ++i) EXPECT_EQ(step(i), std::make_pair(1, 1.0));
  voice(960, 48000);  // no codec of ours has it
  EXPECT_EQ(out.packets.size(), 10U);
}

/// So many packets of noise around `dbov`, as G.711 of a quiet room brings them.
void BrowserSenderTest::quiet(int packets, int dbov) {
  std::vector<int16_t> pcm(160);
  for (int i = 0; i < packets; ++i) {
    room.fill(pcm, dbov);
    sender.voice({pcm, 8000}, now());
    pass(20ms);
  }
}

TEST_F(BrowserSenderTest, APauseInTheVoiceIsNeitherEncodedNorSent) {
  talk(50);
  quiet(500, -62);
  // The hangover, then two packets every 400 ms.
  const size_t sent = out.packets.size() - 50;
  EXPECT_LT(sent, 15U + 2 * 25 + 50);  // 50: until the line's noise is known
  EXPECT_GT(gauge.silent.get(), 400U);
  talk(50);
  const uint32_t span = out.packets.back().header.timestamp - out.packets[0].header.timestamp;
  EXPECT_EQ(span, 599U * 960);
  for (size_t i = 1; i < out.packets.size(); ++i) EXPECT_EQ(step(i).first, 1) << i;
  EXPECT_EQ(markers(), 2U);
  // The first frame of voice is whole.
  const auto pcm = decoded();
  const auto first = std::span(pcm).last(50 * 160).first(160);
  EXPECT_GT(test::shareAt(kHertz, 8000, first.subspan(40)), 0.9);  // 5 ms: the codec's delay
}

TEST_F(BrowserSenderTest, LossMakesTheEncoderRobustAndPeaceCheapAgain) {
  talk(10);
  sender.reported(13, now());  // 5 %
  talk(30);                    // a tone that stands longer is no voice to SILK
  EXPECT_EQ(sender.path(), EncoderChoice::Path::Lossy);
  // Every other packet is lost; the next one's FEC brings it back.
  auto decoder = OpusVoiceDecoder::create(8000);
  for (size_t i = 20; i + 1 < out.packets.size(); i += 2) {
    std::vector<int16_t> frame(160);
    ASSERT_TRUE(decoder->conceal(out.packets[i + 1].payload, frame));
    if (i > 20) {
      EXPECT_GT(test::shareAt(kHertz, 8000, frame), 0.8) << i;
    }
    ASSERT_EQ(decoder->decode(out.packets[i + 1].payload, frame), 160U);
  }
  pass(16s);
  sender.reported(0, now());
  EXPECT_EQ(sender.path(), EncoderChoice::Path::Clean);
  talk(10);
  for (size_t i = 1; i < out.packets.size(); ++i) EXPECT_EQ(step(i).first, 1) << i;
}

}  // namespace
}  // namespace genesys::media
