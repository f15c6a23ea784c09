#include "socket_guard/allowance.hpp"

#include <gtest/gtest.h>

namespace genesys::socket_guard {
namespace {

constexpr MonoTime kStart{std::chrono::hours(1)};

TEST(Allowance, ABurstIsFreeAndThenTheRateCounts) {
  Allowance allowance(10, 5, kStart);
  allowance.take(5, kStart);
  EXPECT_LE(allowance.free(), kStart);
  allowance.take(1, kStart);
  EXPECT_EQ(allowance.free(), kStart + Millis(100));
}

TEST(Allowance, ADebtIsWaitedFor) {
  Allowance allowance(50, 200, kStart);
  allowance.take(2700, kStart);
  EXPECT_EQ(allowance.free(), kStart + Seconds(50));
}

TEST(Allowance, RestGivesTheBurstBackAndNoMore) {
  Allowance allowance(10, 5, kStart);
  allowance.take(5, kStart);
  const MonoTime later = kStart + std::chrono::hours(8);
  allowance.take(5, later);
  EXPECT_EQ(allowance.free(), later);
  allowance.take(1, later);
  EXPECT_GT(allowance.free(), later);
}

}  // namespace
}  // namespace genesys::socket_guard
