#include "plugin/dn_ownership.hpp"

#include <gtest/gtest.h>

namespace genesys::plugin {
namespace {

using Own = DnOwnership;

template <class Action>
bool has(const std::vector<Own::Action>& actions) {
  for (const auto& action : actions)
    if (std::holds_alternative<Action>(action)) return true;
  return false;
}

TEST(DnOwnership, BelongsToOneSubject) {
  Own own;
  EXPECT_TRUE(has<Own::Granted>(own.on(Own::SignIn{"ann", 1})));
  EXPECT_TRUE(has<Own::Refused>(own.on(Own::SignIn{"bob", 2})));
  EXPECT_EQ(own.subject(), "ann");
  EXPECT_EQ(own.page(), 1U);
}

TEST(DnOwnership, TheSameSubjectEvictsItsOldPage) {
  Own own;
  own.on(Own::SignIn{"ann", 1});
  const auto actions = own.on(Own::SignIn{"ann", 2});
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(std::get<Own::Evict>(actions[0]).page, 1U);
  EXPECT_TRUE(std::holds_alternative<Own::Granted>(actions[1]));
}

TEST(DnOwnership, SigningInAgainOnTheSamePageEvictsNobody) {
  Own own;
  own.on(Own::SignIn{"ann", 1});
  EXPECT_FALSE(has<Own::Evict>(own.on(Own::SignIn{"ann", 1})));
}

TEST(DnOwnership, ALostPageKeepsOthersOutForTheWindow) {
  Own own;
  own.on(Own::SignIn{"ann", 1});
  EXPECT_TRUE(has<Own::StartWindow>(own.on(Own::PageLost{1})));
  EXPECT_TRUE(has<Own::Refused>(own.on(Own::SignIn{"bob", 2})));
  EXPECT_TRUE(has<Own::Freed>(own.on(Own::WindowOver{})));
  EXPECT_TRUE(has<Own::Granted>(own.on(Own::SignIn{"bob", 2})));
}

TEST(DnOwnership, ReturningStopsTheWindow) {
  Own own;
  own.on(Own::SignIn{"ann", 1});
  own.on(Own::PageLost{1});
  EXPECT_TRUE(has<Own::StopWindow>(own.on(Own::SignIn{"ann", 2})));
  EXPECT_TRUE(own.on(Own::WindowOver{}).empty());
  EXPECT_TRUE(own.held());
}

TEST(DnOwnership, AnEvictedPageHasNothingToLose) {
  Own own;
  own.on(Own::SignIn{"ann", 1});
  own.on(Own::SignIn{"ann", 2});
  EXPECT_TRUE(own.on(Own::PageLost{1}).empty());
  EXPECT_TRUE(own.on(Own::SignOut{1}).empty());
  EXPECT_EQ(own.page(), 2U);
}

}  // namespace
}  // namespace genesys::plugin
