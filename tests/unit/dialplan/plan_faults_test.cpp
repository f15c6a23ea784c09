#include "dialplan/plan_faults.hpp"

#include <gmock/gmock.h>

#include "rules.hpp"

namespace genesys::dialplan {
namespace {

using test::match;
using test::outgoing;
using test::rewriting;
using test::ringing;
using test::Verdict;
using testing::HasSubstr;

template <class Rule>
std::string said(const std::vector<Rule>& table, size_t at) {
  const auto fault = faultOf(table);
  if (!fault) return "accepted";
  EXPECT_EQ(fault->rule, at);
  return fault->reason;
}

TEST(PlanFaults, ARuleBehindAWiderOneIsNeverReached) {
  auto wide = outgoing("outside", "0.", Verdict::Allow);
  wide.match.line = 12;
  EXPECT_EQ(said<OutgoingRule>({wide, outgoing("premium", "0900.", Verdict::Deny)}, 1),
            "\"0900.\" is never reached: rule 'outside' at line 12 has all of its numbers by "
            "\"0.\"");
  EXPECT_EQ(faultOf(std::vector{outgoing("premium", "0900.", Verdict::Deny), wide}), std::nullopt);
  EXPECT_THAT(
      said<IncomingRule>({ringing("a", "70XX", {"7001"}), ringing("b", "7001", {"7002"})}, 1),
      HasSubstr("never reached: rule 'a' has"));
}

TEST(PlanFaults, RolesDecideWhetherARuleIsHidden) {
  const auto abroad = outgoing("abroad", "00.", Verdict::Allow, {"abroad", "chief"});
  EXPECT_EQ(faultOf(std::vector{abroad, outgoing("none", "00.", Verdict::Deny)}), std::nullopt);
  EXPECT_EQ(faultOf(std::vector{abroad, outgoing("x", "0033.", Verdict::Deny, {"intern"})}),
            std::nullopt);
  EXPECT_THAT(said<OutgoingRule>({abroad, outgoing("x", "0033.", Verdict::Deny, {"chief"})}, 1),
              HasSubstr("never reached"));
}

TEST(PlanFaults, CrossingPatternsAreAmbiguous) {
  const auto free = outgoing("free", "0[89]00XXX", Verdict::Allow);
  const auto premium = outgoing("premium", "0900.", Verdict::Deny);
  EXPECT_EQ(said<OutgoingRule>({free, premium}, 1),
            "\"0900.\" is ambiguous: it crosses \"0[89]00XXX\" of rule 'free'; narrow one of them, "
            "so that they have no number in common or one lies inside the other");
  EXPECT_THAT(said<OutgoingRule>({premium, free}, 1), HasSubstr("is ambiguous"));
  // The same comes of both: no matter which decides.
  auto other = free;
  other.match.name = "other";
  other.verdict = Verdict::Deny;
  EXPECT_EQ(faultOf(std::vector{other, premium}), std::nullopt);
}

TEST(PlanFaults, TrunksKeepRulesApart) {
  EXPECT_EQ(faultOf(std::vector{ringing("a", "4.", {"7001"}, {"one"}),
                                ringing("b", "4.", {"7002"}, {"two"})}),
            std::nullopt);
  EXPECT_THAT(
      said<IncomingRule>(
          {ringing("a", "4.", {"7001"}, {"one", "two"}), ringing("b", "4.", {"7002"}, {"two"})}, 1),
      HasSubstr("never reached"));
  EXPECT_THAT(said<IncomingRule>({ringing("a", "4X.", {"7001"}, {"one"}),
                                  ringing("b", "[45]1X!", {"7002"}, {"one", "two"})},
                                 1),
              HasSubstr("ambiguous"));
}

TEST(PlanFaults, BehindARuleThatGoesOnTheNumbersAreOthers) {
  const auto deny = outgoing("deny", "00.", Verdict::Deny);
  const auto plus = rewriting(outgoing("plus", "+.", Verdict::GoOn), 1, "00");
  auto again = outgoing("again", "0033.", Verdict::Deny);
  EXPECT_EQ(faultOf(std::vector{deny, plus, again}), std::nullopt);
  EXPECT_THAT(said<OutgoingRule>({plus, deny, again}, 2), HasSubstr("never reached"));
  EXPECT_THAT(said<OutgoingRule>({deny, rewriting(outgoing("late", "00.", Verdict::GoOn), 1)}, 1),
              HasSubstr("never reached"));
}

TEST(PlanFaults, NamesAreUnique) {
  auto a = outgoing("same", "1", Verdict::Deny);
  a.match.line = 3;
  EXPECT_EQ(said<OutgoingRule>({a, outgoing("same", "2", Verdict::Deny)}, 1),
            "has the name of rule 'same' at line 3; give one of them another");
}

TEST(PlanFaults, PatternsOfOneRule) {
  auto rule = outgoing("premium", "0900.", Verdict::Deny);
  rule.match = match("premium", {"0900.", "09001X."});
  EXPECT_THAT(said<OutgoingRule>({rule}, 0), HasSubstr("the rule has all of its numbers by"));
  rule.match = match("premium", {"0900.", "0190.", "0[19]00X"});
  EXPECT_EQ(faultOf(std::vector{rule}), std::nullopt);
}

TEST(PlanFaults, RewritingLeavesSomethingToCall) {
  const auto allow = outgoing("a", "00X", Verdict::Allow);
  EXPECT_EQ(faultOf(std::vector{rewriting(allow, 2)}), std::nullopt);
  EXPECT_EQ(faultOf(std::vector{rewriting(allow, 3, "9")}), std::nullopt);
  EXPECT_EQ(said<OutgoingRule>({rewriting(allow, 3)}, 0),
            "strips 3 characters, but \"00X\" has numbers of 3");
  EXPECT_THAT(said<OutgoingRule>({rewriting(allow, 4, "9")}, 0), HasSubstr("strips 4"));
  EXPECT_THAT(said<OutgoingRule>({rewriting(outgoing("d", "1", Verdict::Deny), 0, "1")}, 0),
              HasSubstr("denies and rewrites"));
  EXPECT_THAT(said<OutgoingRule>({outgoing("g", "1", Verdict::GoOn)}, 0),
              HasSubstr("does nothing"));
  auto both = rewriting(allow, 1);
  both.replace = "5";
  EXPECT_THAT(said<OutgoingRule>({both}, 0), HasSubstr("replace together with"));
}

}  // namespace
}  // namespace genesys::dialplan
