#include "media/deadlines.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

TEST(Deadlines, GivesTheEarliestFirstAndNothingEarly) {
  const MonoTime start = test::startOfTime();
  Deadlines<int> deadlines;
  EXPECT_EQ(deadlines.next(), MonoTime::max());
  EXPECT_FALSE(deadlines.pop(start));
  deadlines.add(start + 30ms, 3);
  deadlines.add(start + 10ms, 1);
  deadlines.add(start + 20ms, 2);
  EXPECT_EQ(deadlines.next(), start + 10ms);
  EXPECT_FALSE(deadlines.pop(start + 9ms));
  EXPECT_EQ(deadlines.pop(start + 25ms)->item, 1);
  EXPECT_EQ(deadlines.pop(start + 25ms)->item, 2);
  EXPECT_FALSE(deadlines.pop(start + 25ms));
  EXPECT_EQ(deadlines.next(), start + 30ms);
}

}  // namespace
}  // namespace genesys::media
