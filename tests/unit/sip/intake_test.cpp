#include "sip/intake.hpp"

#include <gmock/gmock.h>

namespace genesys::sip {
namespace {

/// How many of `count` at one moment are admitted.
int admitted(Intake& intake, const char* peer, int count, MonoTime now) {
  int taken = 0;
  for (int i = 0; i < count; ++i) taken += intake.admit(peer, now);
  return taken;
}

TEST(Intake, ASecondsWorthAtOnceAndThenTheRate) {
  Intake intake(50);
  const MonoTime start{Seconds(1000)};
  EXPECT_EQ(admitted(intake, "192.0.2.1", 80, start), 50);
  EXPECT_EQ(admitted(intake, "192.0.2.1", 10, start + Millis(19)), 0);
  EXPECT_EQ(admitted(intake, "192.0.2.1", 10, start + Millis(20)), 1);
  EXPECT_EQ(admitted(intake, "192.0.2.1", 80, start + Millis(1020)), 50);
  EXPECT_EQ(intake.refused(), 30U + 10U + 9U + 30U);
}

TEST(Intake, AFloodIsHeldToTheRate) {
  Intake intake(100);
  const MonoTime start{Seconds(1000)};
  int taken = 0;
  for (int ms = 0; ms < 10000; ++ms) taken += admitted(intake, "192.0.2.1", 5, start + Millis(ms));
  EXPECT_NEAR(taken, 1100, 2);
}

TEST(Intake, EachPeerHasItsOwn) {
  Intake intake(1);
  const MonoTime now{};
  EXPECT_TRUE(intake.admit("192.0.2.1", now));
  EXPECT_FALSE(intake.admit("192.0.2.1", now));
  EXPECT_TRUE(intake.admit("192.0.2.2", now));
}

TEST(Intake, NoLimit) {
  Intake intake(0);
  EXPECT_EQ(admitted(intake, "192.0.2.1", 100000, MonoTime{}), 100000);
  EXPECT_EQ(intake.refused(), 0U);
}

}  // namespace
}  // namespace genesys::sip
