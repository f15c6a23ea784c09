#include "util/secret_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace genesys {
namespace {

TEST(SecretRandom, FillsAllOfItAndNeverTwiceTheSame) {
  std::set<std::array<uint8_t, 30>> seen;
  std::array<uint8_t, 30> most{};
  for (int i = 0; i < 100; ++i) {
    std::array<uint8_t, 30> key{};
    kernelRandom(key);
    seen.insert(key);
    for (size_t at = 0; at < key.size(); ++at) most[at] = std::max(most[at], key[at]);
  }
  EXPECT_EQ(seen.size(), 100U);
  // An octet that stays below 100 in a hundred draws is not drawn: (100/256)^100.
  EXPECT_GT(*std::min_element(most.begin(), most.end()), 100);
}

TEST(SecretRandom, MoreThanOneCallOfTheKernelGives) {
  std::vector<uint8_t> much(1000);
  kernelRandom(much);
  EXPECT_TRUE(std::any_of(much.end() - 32, much.end(), [](uint8_t octet) { return octet != 0; }));
  kernelRandom({});
}

}  // namespace
}  // namespace genesys
