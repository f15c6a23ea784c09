#include "media/dtmf.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

struct Slot {
  uint32_t at;
  DigitSender::Packet packet;
};

/// Every slot that the sender takes out of `count`, 20 ms each, from timestamp `first`.
std::vector<Slot> run(DigitSender& sender, int count, uint32_t first = 0) {
  std::vector<Slot> taken;
  for (int i = 0; i < count; ++i) {
    const uint32_t at = first + static_cast<uint32_t>(i) * 160;
    if (sender.wantsSlot(at)) taken.push_back({at, sender.takeSlot(at)});
  }
  return taken;
}

TEST(DigitSender, SendsTheExactSequenceOfADigit) {
  DigitSender sender;
  ASSERT_TRUE(sender.queue('5', 100ms));
  const auto slots = run(sender, 20, 0xffffff00U);
  // 20, 40, 60, 80, 100 ms; the last three times.
  const std::vector<uint16_t> durations{160, 320, 480, 640, 800, 800, 800};
  ASSERT_EQ(slots.size(), durations.size());
  for (size_t i = 0; i < slots.size(); ++i) {
    const auto& packet = slots[i].packet;
    EXPECT_EQ(packet.event.event, 5);
    EXPECT_EQ(packet.event.duration, durations[i]);
    EXPECT_EQ(packet.event.end, i >= 4);
    EXPECT_EQ(packet.marker, i == 0);
    EXPECT_EQ(packet.timestamp, 0xffffff00U);
    EXPECT_EQ(slots[i].at, static_cast<uint32_t>(0xffffff00U + i * 160));
  }
}

TEST(DigitSender, AnOddDurationEndsInsideASlot) {
  DigitSender sender;
  ASSERT_TRUE(sender.queue('0', 50ms));
  const auto slots = run(sender, 10);
  ASSERT_EQ(slots.size(), 5U);
  EXPECT_EQ(slots[2].packet.event.duration, 400);
  EXPECT_TRUE(slots[2].packet.event.end);
}

TEST(DigitSender, PausesBetweenDigits) {
  DigitSender sender;
  ASSERT_TRUE(sender.queue('1', 40ms));
  ASSERT_TRUE(sender.queue('#', 40ms));
  const auto slots = run(sender, 40);
  ASSERT_EQ(slots.size(), 8U);
  EXPECT_EQ(slots[4].packet.event.event, 11);
  EXPECT_TRUE(slots[4].packet.marker);
  const uint32_t endOfFirst = slots[0].packet.timestamp + 40 * 8;
  EXPECT_GE(slots[4].packet.timestamp, endOfFirst + 40 * 8);
}

// Beside Opus: 16 bits of duration last 1.36 s, and a longer digit has segments (RFC 4733
// section 2.5.1.3).
TEST(DigitSender, LongDigitsOfAFastClockHaveSegments) {
  DigitSender sender;
  sender.setClocks(48000, 48000);
  ASSERT_TRUE(sender.queue('7', 3000ms));
  ASSERT_TRUE(sender.queue('8', 100ms));
  DigitReceiver receiver;
  receiver.setClock(48000);
  std::vector<DigitReceiver::Key> keys;
  MonoTime now = test::startOfTime();
  size_t markers = 0;
  std::vector<uint32_t> starts;
  for (uint32_t at = 1000; at < 1000 + 200 * 960; at += 960, now += 20ms) {
    if (!sender.wantsSlot(at)) continue;
    const auto packet = sender.takeSlot(at);
    if (starts.empty() || starts.back() != packet.timestamp) starts.push_back(packet.timestamp);
    markers += packet.marker ? 1 : 0;
    if (const auto key = receiver.received(packet.event, 1, packet.timestamp, now))
      keys.push_back(*key);
  }
  EXPECT_EQ(markers, 2U);
  ASSERT_EQ(starts.size(), 4U) << "three segments and another digit";
  EXPECT_EQ(starts[1] - starts[0], 68U * 960);
  EXPECT_EQ(starts[2] - starts[1], 68U * 960);
  EXPECT_GE(starts[3] - starts[0], 3040U * 48);
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].digit, '7');
  EXPECT_EQ(keys[0].duration, 3000ms);
  EXPECT_EQ(keys[1].digit, '8');
  EXPECT_EQ(keys[1].duration, 100ms);
}

// Some far ends have telephone-event/8000 beside Opus: slots follow the stream, durations do not.
TEST(DigitSender, TheEventsClockMayDifferFromTheStreams) {
  DigitSender sender;
  sender.setClocks(48000, 8000);
  ASSERT_TRUE(sender.queue('1', 40ms));
  ASSERT_TRUE(sender.wantsSlot(960));
  EXPECT_EQ(sender.takeSlot(960).event.duration, 160);
  const auto last = sender.takeSlot(1920);
  EXPECT_EQ(last.event.duration, 320);
  EXPECT_TRUE(last.event.end);
}

TEST(DigitSender, AChangeOfClockBreaksTheDigitOff) {
  DigitSender sender;
  ASSERT_TRUE(sender.queue('1', 400ms));
  ASSERT_TRUE(sender.queue('2', 40ms));
  ASSERT_TRUE(sender.wantsSlot(0));
  sender.takeSlot(0);
  sender.setClocks(48000, 48000);
  ASSERT_TRUE(sender.wantsSlot(7));
  const auto next = sender.takeSlot(7);
  EXPECT_EQ(next.event.event, 2);
  EXPECT_TRUE(next.marker);
}

TEST(DigitSender, RefusesWhatIsNoDigit) {
  DigitSender sender;
  EXPECT_FALSE(sender.queue('x', 100ms));
  EXPECT_FALSE(sender.queue('1', 39ms));
  EXPECT_FALSE(sender.queue('1', 8001ms));
  EXPECT_TRUE(sender.queue('d', 8000ms));
  EXPECT_FALSE(sender.wantsSlot(0) && sender.takeSlot(0).event.event != 15);
}

TEST(DigitSender, HoldsNoMoreThan32) {
  DigitSender sender;
  for (int i = 0; i < 32; ++i) EXPECT_TRUE(sender.queue('1', 40ms));
  EXPECT_FALSE(sender.queue('1', 40ms));
  sender.clear();
  EXPECT_FALSE(sender.wantsSlot(0));
  EXPECT_TRUE(sender.queue('2', 40ms));
}

TEST(TelephoneEvent, ReadsWhatItWrites) {
  std::array<uint8_t, 4> payload{};
  writeTelephoneEvent({.event = 11, .end = true, .volume = 10, .duration = 1234}, payload);
  EXPECT_EQ(payload, (std::array<uint8_t, 4>{11, 0x8a, 1234 >> 8, 1234 & 0xff}));
  const auto event = parseTelephoneEvent(payload);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->event, 11);
  EXPECT_TRUE(event->end);
  EXPECT_EQ(event->volume, 10);
  EXPECT_EQ(event->duration, 1234);
  EXPECT_FALSE(parseTelephoneEvent(std::span(payload).first(3)));
}

class DigitReceiverTest : public testing::Test {
 protected:
  void put(uint8_t event, uint32_t timestamp, uint16_t duration, bool end, uint32_t ssrc = 1) {
    note(receiver.received({.event = event, .end = end, .duration = duration}, ssrc, timestamp,
                           now));
    now += 20ms;
  }
  void note(const std::optional<DigitReceiver::Key>& key) {
    if (key) keys += key->digit, durations.push_back(key->duration);
  }
  DigitReceiver receiver;
  MonoTime now = test::startOfTime();
  std::string keys;
  std::vector<Millis> durations;
};

TEST_F(DigitReceiverTest, OneKeyForThreeEnds) {
  put(5, 1000, 160, false);
  EXPECT_TRUE(receiver.pressed());
  put(5, 1000, 320, false);
  put(5, 1000, 480, true);
  EXPECT_FALSE(receiver.pressed());
  put(5, 1000, 480, true);
  put(5, 1000, 480, true);
  EXPECT_EQ(keys, "5");
  EXPECT_EQ(durations, std::vector<Millis>{60ms});
}

TEST_F(DigitReceiverTest, TheSameDigitTwiceIsTwoKeys) {
  put(5, 1000, 160, true);
  put(5, 2000, 160, true);
  EXPECT_EQ(keys, "55");
}

TEST_F(DigitReceiverTest, OneEndPacketIsEnough) {
  put(10, 1000, 800, true);
  EXPECT_EQ(keys, "*");
}

TEST_F(DigitReceiverTest, ALateRepetitionIsNoKey) {
  put(1, 1000, 160, true);
  put(2, 2000, 160, true);
  put(1, 1000, 160, true);
  EXPECT_EQ(keys, "12");
}

TEST_F(DigitReceiverTest, WhenAllEndsAreLostTheNextKeyOrTimeReleases) {
  put(1, 1000, 160, false);
  put(2, 2000, 160, false);
  EXPECT_EQ(keys, "1");
  note(receiver.expire(now));
  EXPECT_EQ(keys, "1");
  EXPECT_LT(receiver.due(), now + 200ms);
  now += 200ms;
  note(receiver.expire(now));
  EXPECT_EQ(keys, "12");
  put(2, 2000, 160, true);
  EXPECT_EQ(keys, "12");
  EXPECT_EQ(receiver.due(), MonoTime::max());
}

TEST_F(DigitReceiverTest, LostEndThenOnlyTheEndsOfTheNextKey) {
  put(1, 1000, 160, false);
  put(2, 2000, 480, true);
  put(2, 2000, 480, true);
  put(2, 2000, 480, true);
  EXPECT_EQ(keys, "12");
}

TEST_F(DigitReceiverTest, ANewStreamMayStartAnywhere) {
  put(1, 0x80000000U, 160, true);
  put(2, 5, 160, true, 2);
  EXPECT_EQ(keys, "12");
}

TEST_F(DigitReceiverTest, OtherEventsAreNoKeys) {
  put(16, 1000, 160, true);  // flash
  EXPECT_EQ(keys, "");
  EXPECT_FALSE(receiver.pressed());
}

}  // namespace
}  // namespace genesys::media
