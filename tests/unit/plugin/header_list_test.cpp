#include "plugin/header_list.hpp"

#include <gmock/gmock.h>

namespace genesys::plugin {
namespace {

TEST(HeaderList, KnowsNamesAndBeginnings) {
  const std::vector<std::string> list{"Reason", "X-Genesys-*"};
  EXPECT_TRUE(allows(list, "reason"));
  EXPECT_TRUE(allows(list, "x-genesys-CallUUID"));
  EXPECT_FALSE(allows(list, "X-Gen"));
  EXPECT_FALSE(allows(list, "Reasonable"));
  EXPECT_FALSE(allows({}, "Reason"));
}

TEST(HeaderList, TakesTheFirstOfEachName) {
  EXPECT_THAT(selectHeaders({{"X-A", "1"}, {"Via", "v"}, {"X-A", "2"}, {"X-B", "3"}}, {"X-*"}),
              testing::ElementsAre(testing::Pair("X-A", "1"), testing::Pair("X-B", "3")));
}

}  // namespace
}  // namespace genesys::plugin
