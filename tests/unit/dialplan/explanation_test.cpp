#include "dialplan/explanation.hpp"

#include <gmock/gmock.h>

#include "rules.hpp"

namespace genesys::dialplan {
namespace {

using test::outgoing;
using test::rewriting;
using test::ringing;
using test::Verdict;

Plan samplePlan() {
  Plan plan;
  plan.outgoing = {rewriting(outgoing("national", "+49.", Verdict::GoOn), 3, "0"),
                   outgoing("premium", "0900.", Verdict::Deny),
                   outgoing("abroad", "00.", Verdict::Allow, {"abroad"}),
                   outgoing("no abroad", "00.", Verdict::Deny),
                   rewriting(outgoing("outside", "0.", Verdict::Allow), 0, "9")};
  unsigned line = 30;
  for (auto& rule : plan.outgoing) rule.match.line = line++;
  plan.incoming = {ringing("desk", "49301", {"7001", "7002"}), ringing("one", "49302", {"7001"}),
                   ringing("night", "49303", {"7001", "7002"}), ringing("off", "4931.", {})};
  plan.incoming[2].inTurn = true;
  plan.incoming[3].reject = 603;
  return plan;
}

TEST(Explanation, EachStepAndTheResult) {
  const auto denied = explainOutgoing(samplePlan(), "+49900123", {});
  EXPECT_FALSE(denied.goesThrough);
  EXPECT_EQ(denied.text,
            "+49900123 is dialled by an agent without a role\n"
            "  rule 'national' (line 30), \"+49.\" is for +49900123: strip 3, prefix \"0\" -> "
            "0900123, go on\n"
            "  rule 'premium' (line 31), \"0900.\" is for 0900123: deny\n"
            "result: denied\n");
  const auto rewritten = explainOutgoing(samplePlan(), "+495551234", {"agent", "abroad"});
  EXPECT_TRUE(rewritten.goesThrough);
  EXPECT_EQ(rewritten.text,
            "+495551234 is dialled by an agent with the role(s) agent, abroad\n"
            "  rule 'national' (line 30), \"+49.\" is for +495551234: strip 3, prefix \"0\" -> "
            "05551234, go on\n"
            "  rule 'outside' (line 34), \"0.\" is for 05551234: allow, prefix \"9\" -> 905551234\n"
            "result: 905551234 is called\n");
}

TEST(Explanation, RolesThatAreMissing) {
  const auto denied = explainOutgoing(samplePlan(), "0033", {"agent"});
  EXPECT_FALSE(denied.goesThrough);
  EXPECT_EQ(denied.text,
            "0033 is dialled by an agent with the role(s) agent\n"
            "  rule 'abroad' (line 32), \"00.\" is for 0033: passed over, it is for the role(s) "
            "abroad\n"
            "  rule 'no abroad' (line 33), \"00.\" is for 0033: deny\n"
            "result: denied\n");
}

TEST(Explanation, SeparatorsAreTakenOut) {
  EXPECT_EQ(explainOutgoing(samplePlan(), "0-900.1", {}).text,
            "0-900.1 is dialled by an agent without a role\n"
            "  without separators it is 09001\n"
            "  rule 'premium' (line 31), \"0900.\" is for 09001: deny\n"
            "result: denied\n");
}

TEST(Explanation, NoRule) {
  Plan plan = samplePlan();
  EXPECT_EQ(explainOutgoing(plan, "7002", {}).text,
            "7002 is dialled by an agent without a role\n"
            "  no rule decides: numbers without a rule are allowed\n"
            "result: 7002 is called\n");
  plan.unmatchedAllowed = false;
  EXPECT_FALSE(explainOutgoing(plan, "7002", {}).goesThrough);
}

TEST(Explanation, WhoRings) {
  const auto result = [](const std::string& number, const std::string& trunk,
                         Called called = Called::Nobody) {
    const auto said = explainIncoming(samplePlan(), number, trunk, called);
    return (said.goesThrough ? "yes " : "no ") + said.text.substr(said.text.find("result"));
  };
  EXPECT_EQ(result("49301", ""), "yes result: DNs 7001, 7002 ring together\n");
  EXPECT_EQ(result("49302", "carrier"), "yes result: DN 7001 rings\n");
  EXPECT_EQ(result("49303", ""), "yes result: DNs 7001, 7002 ring in turn, 20 s each\n");
  EXPECT_EQ(result("49311", ""), "no result: rejected with 603\n");
  EXPECT_EQ(result("5", ""), "no result: rejected with 404\n");
  EXPECT_EQ(result("7009", "", Called::StaticDn), "yes result: DN 7009 rings\n");
  EXPECT_EQ(result("49301", "", Called::StaticDn), "yes result: DNs 7001, 7002 ring together\n");
  EXPECT_EQ(result("49301", "", Called::RegisteredDn), "yes result: DN 49301 rings\n");
  EXPECT_THAT(explainIncoming(samplePlan(), "49301", "", Called::RegisteredDn).text,
              testing::HasSubstr("\n  it is a DN that registers: no rule is asked\n"));
  EXPECT_THAT(explainIncoming(samplePlan(), "49301", "carrier", Called::Nobody).text,
              testing::StartsWith("49301 is called from trunk carrier\n"
                                  "  rule 'desk', \"49301\" is for it\n"));
}

}  // namespace
}  // namespace genesys::dialplan
