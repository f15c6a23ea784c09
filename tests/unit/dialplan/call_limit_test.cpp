#include "dialplan/call_limit.hpp"

#include <gmock/gmock.h>

namespace genesys::dialplan {
namespace {

TEST(CallLimit, SlidesWithTheMinute) {
  CallLimit limit;
  const MonoTime start{};
  EXPECT_TRUE(limit.admit(2, start));
  EXPECT_TRUE(limit.admit(2, start + Seconds(30)));
  EXPECT_FALSE(limit.admit(2, start + Millis(59999)));
  EXPECT_TRUE(limit.admit(2, start + Seconds(60)));
  EXPECT_FALSE(limit.admit(2, start + Seconds(89)));
  EXPECT_TRUE(limit.admit(2, start + Seconds(90)));
}

TEST(CallLimit, TryingOnDoesNotProlongIt) {
  CallLimit limit;
  const MonoTime start{};
  EXPECT_TRUE(limit.admit(1, start));
  for (int second = 1; second < 60; ++second) EXPECT_FALSE(limit.admit(1, start + Seconds(second)));
  EXPECT_TRUE(limit.admit(1, start + Seconds(60)));
}

TEST(CallLimit, NoneAndWhatIsLeft) {
  CallLimit limit;
  const MonoTime start{};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.admit(0, start));
  EXPECT_TRUE(limit.idle(start));
  EXPECT_TRUE(limit.admit(3, start));
  EXPECT_FALSE(limit.idle(start + Seconds(59)));
  EXPECT_TRUE(limit.idle(start + Seconds(60)));
}

}  // namespace
}  // namespace genesys::dialplan
