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

  test::Captured out;
  StreamGauge gauge;
  Random random{6};
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
  EXPECT_EQ(out.packets.size(), 60U);
  EXPECT_EQ(gauge.comfortNoise.get(), 50U);
  EXPECT_NEAR(gauge.read().levelDbov, -50, 1);
  talk(10);
  EXPECT_EQ(out.packets.size(), 70U);
  for (size_t i = 1; i < out.packets.size(); ++i) EXPECT_EQ(step(i), std::make_pair(1, 1.0)) << i;
  EXPECT_EQ(sender.due(), MonoTime::max());
}

TEST_F(BrowserSenderTest, ComfortNoiseEndsByItself) {
  talk(1);
  sender.noise(-50, now());
  pass(60s);
  EXPECT_NEAR(static_cast<double>(out.packets.size()), 501, 2);
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
  const auto elapsed = (now() - begin) / 20ms;
  EXPECT_NEAR(static_cast<double>(out.packets.size()), static_cast<double>(elapsed), 3);
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

}  // namespace
}  // namespace genesys::media
