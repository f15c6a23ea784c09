#include "util/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace genesys {
namespace {

// First outputs of SplitMix64 seeded with 1234567, from its authors' reference.
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
  EXPECT_EQ(random.next(), 9817491932198370423ULL);
}

TEST(Random, StaysWithinItsBoundsAndReachesBoth) {
  Random random(7);
  std::set<uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.between(3, 6));
  EXPECT_EQ(seen, (std::set<uint64_t>{3, 4, 5, 6}));
  EXPECT_EQ(random.between(5, 5), 5U);
}

TEST(Random, DiffersFromRunToRun) {
  EXPECT_NE(Random::fromSystem().next(), Random::fromSystem().next());
}

}  // namespace
}  // namespace genesys
