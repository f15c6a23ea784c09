#include "plugin/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/virtual_scheduler.hpp"

namespace genesys::plugin {
namespace {

/// When each of `count` had its turn, in ms from the start.
std::vector<int64_t> turns(unsigned perSecond, size_t count) {
  genesys::test::VirtualScheduler scheduler;
  Pace pace(scheduler, perSecond);
  std::vector<int64_t> at;
  const MonoTime begun = scheduler.now();
  pace.begin(Millis(0), [&](size_t index) {
    if (index >= count) return false;
    EXPECT_EQ(index, at.size());
    at.push_back(std::chrono::duration_cast<Millis>(scheduler.now() - begun).count());
    return true;
  });
  scheduler.advance(Seconds(3600));
  return at;
}

TEST(Pace, SpreadsEvenly) {
  for (const unsigned rate : {1U, 7U, 50U, 333U, 500U, 10000U}) {
    const auto at = turns(rate, 2 * rate + 1);
    ASSERT_EQ(at.size(), 2 * rate + 1);
    EXPECT_NEAR(static_cast<double>(at.back()), 2000, 320) << rate;
    const double most = rate / 10.0 * 1.2 + rate / 50.0 + 1;  // in 100 ms
    for (auto one = at.begin(); one != at.end(); ++one)
      EXPECT_LE(static_cast<double>(std::upper_bound(one, at.end(), *one + 99) - one), most);
  }
}

TEST(Pace, ARoundTakesTheOtherOnesPlace) {
  genesys::test::VirtualScheduler scheduler;
  Pace pace(scheduler, 50);
  size_t first = 0;
  size_t second = 0;
  pace.beginAtOnce([&](size_t) { return ++first < 100; });
  EXPECT_EQ(first, 1U);
  scheduler.advance(Millis(100));
  const size_t before = first;
  pace.begin(Millis(500), [&](size_t) { return ++second < 3; });
  scheduler.advance(Seconds(10));
  EXPECT_EQ(first, before);
  EXPECT_EQ(second, 3U);
}

TEST(Pace, ATurnMayBeginAnotherRound) {
  genesys::test::VirtualScheduler scheduler;
  Pace pace(scheduler, 500);
  size_t again = 0;
  pace.beginAtOnce([&](size_t) {
    pace.begin(Millis(10), [&](size_t index) {
      ++again;
      return index < 4;
    });
    return false;
  });
  scheduler.advance(Seconds(1));
  EXPECT_EQ(again, 5U);
}

}  // namespace
}  // namespace genesys::plugin
