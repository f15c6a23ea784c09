#include "util/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace genesys {
namespace {

TEST(Result, HoldsAValueOrTheReason) {
  const Result<int> good = 5;
  const Result<int> bad = Failure{std::string("no")};
  ASSERT_TRUE(good);
  EXPECT_EQ(good.value(), 5);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), "no");
}

TEST(Result, TellsValueFromErrorOfTheSameType) {
  const Result<std::string> bad = Failure{std::string("reason")};
  const Result<std::string> good = std::string("value");
  EXPECT_FALSE(bad.ok());
  EXPECT_TRUE(good.ok());
}

TEST(Result, GivesAwayWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  const std::unique_ptr<int> owned = std::move(result).value();
  EXPECT_EQ(*owned, 3);
}

}  // namespace
}  // namespace genesys
