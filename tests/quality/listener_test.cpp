#include "listener.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "media/rtp_packet.hpp"

namespace genesys::quality {
namespace {

using namespace std::chrono_literals;

constexpr size_t kFrame = 160;  // 20 ms at 8 kHz

/// A packet's payload is its number; it decodes to so many samples of that number. What is missing
/// becomes -1, or -2 with the packet after it at hand.
class Numbers : public FrameDecoder {
 public:
  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    std::fill_n(pcm.begin(), kFrame, int16_t{payload[0]});
    return kFrame;
  }
  void conceal(std::span<const uint8_t> next, std::span<int16_t> pcm) override {
    std::ranges::fill(pcm, static_cast<int16_t>(next.empty() ? -1 : -2));
  }
};

MonoTime start() {
  return MonoTime(std::chrono::hours(2));
}

TimedPacket packet(uint8_t number, MonoTime at) {
  TimedPacket made{at, std::vector<uint8_t>(media::kRtpHeaderOctets + 1)};
  // The timestamps wrap under way.
  media::writeRtpHeader({false, 0, number, 0xffffff00U + number * 160U, 9}, made.datagram);
  made.datagram.back() = number;
  return made;
}

class ListenerTest : public testing::Test {
 protected:
  /// What is heard in each 20 ms from the first packet's playing on.
  std::vector<int> hear(TimedPackets packets, Millis seconds = 1s) {
    sortByTime(packets);
    hearing = listen(packets, {.sampleRate = 8000, .rtpClock = 8000}, decoder, start(),
                     start() + 100ms + seconds);
    std::vector<int> heard;
    for (size_t i = (hearing.pcm.size() % kFrame); i < hearing.pcm.size(); i += kFrame)
      heard.push_back(hearing.pcm[i]);
    return heard;
  }

  Numbers decoder;
  Hearing hearing;
};

TEST_F(ListenerTest, PlaysInOrderAfterItsDelay) {
  TimedPackets packets;
  for (uint8_t i = 0; i < 50; ++i) packets.push_back(packet(i, start() + 40ms + i * 20ms));
  const auto heard = hear(packets);
  ASSERT_EQ(heard.size(), 55U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(heard[static_cast<size_t>(i)], 0);  // 100 ms of silence
  for (int i = 0; i < 50; ++i) EXPECT_EQ(heard[static_cast<size_t>(i + 5)], i);
  EXPECT_EQ(hearing.concealed, 0U);
}

TEST_F(ListenerTest, PutsBackInOrderAndTakesNoNoticeOfDuplicates) {
  TimedPackets packets;
  for (uint8_t i = 0; i < 50; ++i) {
    packets.push_back(packet(i, start() + 40ms + i * 20ms + (i % 7 == 3 ? 50ms : 0ms)));
    packets.push_back(packet(i, start() + 45ms + i * 20ms));
  }
  const auto heard = hear(packets);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(heard[static_cast<size_t>(i + 5)], i);
  EXPECT_EQ(hearing.concealed, 0U);
}

TEST_F(ListenerTest, ConcealsWhatIsLostOrLateWithTheNextPacketIfItIsThere) {
  TimedPackets packets;
  for (uint8_t i = 0; i < 50; ++i) {
    if (i == 10 || i == 20 || i == 21) continue;
    packets.push_back(packet(i, start() + 40ms + i * 20ms + (i == 30 ? 61ms : 0ms)));
  }
  const auto heard = hear(packets);
  EXPECT_EQ(heard[5 + 10], -2);
  EXPECT_EQ(heard[5 + 20], -1);
  EXPECT_EQ(heard[5 + 21], -2);
  EXPECT_EQ(heard[5 + 30], -2);
  EXPECT_EQ(heard[5 + 31], 31);
  EXPECT_EQ(hearing.concealed, 4U);
  EXPECT_EQ(hearing.late, 1U);
}

TEST_F(ListenerTest, ShrinksWhenTheStreamRunsAheadAndGrowsWhenItLags) {
  TimedPackets fast;
  TimedPackets slow;
  for (uint8_t i = 0; i < 200; ++i) {
    fast.push_back(packet(i, start() + 40ms + i * 19ms));
    slow.push_back(packet(i, start() + 40ms + i * 21ms));
  }
  hear(fast, 3600ms);
  EXPECT_GE(hearing.skipped, 2U);
  EXPECT_EQ(hearing.inserted, 0U);
  hear(slow, 3900ms);
  EXPECT_GE(hearing.inserted, 2U);
  EXPECT_EQ(hearing.skipped, 0U);
}

TEST_F(ListenerTest, WithoutPacketsThereIsNothingToHear) {
  EXPECT_TRUE(hear({}).empty());
}

TEST(DecodeAllTest, TakesThePacketsAsTheyCome) {
  Numbers decoder;
  const auto all = decodeAll({packet(3, start()), packet(1, start() + 5s)},
                             {.sampleRate = 8000, .rtpClock = 8000}, decoder);
  ASSERT_EQ(all.size(), 2 * kFrame);
  EXPECT_EQ(all.front(), 3);
  EXPECT_EQ(all.back(), 1);
}

TEST(PhoneDecoderTest, RepeatsTheLastPacketFainterAndThenFallsSilent) {
  const auto decoder = makePhoneDecoder(media::pcmu());
  std::vector<int16_t> pcm(kFrame);
  const std::vector<uint8_t> payload(kFrame, 0x80);  // the loudest positive sample
  ASSERT_EQ(decoder->decode(payload, pcm), kFrame);
  const int loudest = pcm[0];
  EXPECT_GT(loudest, 30000);
  int expected = loudest;
  for (int i = 0; i < kMostRepeated; ++i, expected /= 2) {
    decoder->conceal({}, pcm);
    EXPECT_EQ(pcm[0], expected);
    EXPECT_EQ(pcm.back(), expected);
  }
  decoder->conceal({}, pcm);
  EXPECT_EQ(pcm[0], 0);
  decoder->decode(payload, pcm);
  decoder->conceal({}, pcm);
  EXPECT_EQ(pcm[0], loudest);
}

}  // namespace
}  // namespace genesys::quality
