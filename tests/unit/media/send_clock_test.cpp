#include "media/send_clock.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

TEST(SendClock, HoldsMediaTimeAgainstOurs) {
  SendClock clock;
  const MonoTime start = test::startOfTime();
  clock.start(start);
  clock.advance(20ms);
  EXPECT_EQ(clock.ahead(start), 20ms);
  EXPECT_EQ(clock.ahead(start + 50ms), -30ms);
  EXPECT_EQ(clock.catchUp(start + 50ms), 30ms);
  EXPECT_EQ(clock.ahead(start + 50ms), 0ms);
  EXPECT_EQ(clock.catchUp(start + 40ms), 0ms);
}

TEST(SendClock, LeavesVoiceWithinItsFreePlayAlone) {
  SendClock clock;
  clock.start(test::startOfTime());
  clock.follow(20ms, 20ms, 20ms);
  clock.follow(-20ms, 20ms, 20ms);
  EXPECT_EQ(clock.position(), test::startOfTime());
}

// Half an hour of a browser whose clock runs 200 ppm fast or slow.
TEST(SendClock, FollowsADriftingVoice) {
  for (const auto step : {-4us, 4us}) {
    SendClock clock;
    MonoTime now = test::startOfTime();
    clock.start(now);
    for (int i = 0; i < 90000; ++i) {
      clock.follow(clock.ahead(now), 20ms, 20ms);
      clock.advance(20ms);
      now += 20ms + step;
      ASSERT_LT(std::chrono::abs(clock.ahead(now)), 21ms);
    }
  }
}

TEST(SendClock, ConvertsExactly) {
  EXPECT_EQ(durationOf(160, 8000), 20ms);
  EXPECT_EQ(durationOf(1, 8000), 125us);
  EXPECT_EQ(unitsIn(125us, 8000), 1U);
  EXPECT_EQ(unitsIn(durationOf(1, 16000), 16000), 1U);
  EXPECT_EQ(unitsIn(20ms, 48000), 960U);
  // Ten days do not overflow: the timestamp wraps as it should.
  EXPECT_EQ(unitsIn(std::chrono::hours(240), 48000), static_cast<uint32_t>(864000ULL * 48000ULL));
}

}  // namespace
}  // namespace genesys::media
