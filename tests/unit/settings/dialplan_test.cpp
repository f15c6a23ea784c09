// The section dial_plan: what arrives, and what is refused at its line.
#include <gmock/gmock.h>

#include "config_fixture.hpp"

namespace genesys::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Verdict = dialplan::OutgoingRule::Verdict;

// Three lines, so that what follows them stands on line 4.
const std::string kHead = kSip + kSignIn + "dns = ( { range = \"7000-7009\"; } );\n";

class DialPlanConfigTest : public ConfigTest {
 protected:
  std::string faultOfPlan(const std::string& options) {
    return fault(kHead + "dial_plan = {\n" + options + "\n};");
  }
  std::string faultOfOutgoing(const std::string& entries) {
    return faultOfPlan("outgoing = (\n" + entries + ");");
  }
  std::string faultOfIncoming(const std::string& entries) {
    return faultOfPlan("incoming = (\n" + entries + ");");
  }
};

TEST_F(DialPlanConfigTest, WithoutItNothingIsForbidden) {
  const Config config = good(kHead);
  EXPECT_TRUE(config.dialPlan.unmatchedAllowed);
  EXPECT_THAT(config.dialPlan.outgoing, IsEmpty());
  EXPECT_THAT(config.dialPlan.incoming, IsEmpty());
}

TEST_F(DialPlanConfigTest, EveryOptionArrives) {
  const Config config = good(kHead + R"(dial_plan = { unmatched = "deny";
trunks = ( { name = "carrier"; addresses = ["192.0.2.31", "192.0.2.32"]; } );
outgoing = (
{ name = "plus"; patterns = ["+."]; action = "go_on"; strip = 1; prefix = "00"; },
{ name = "help"; patterns = ["110", "112"]; action = "allow"; replace = "0112"; roles = ["a", "b/c"]; },
{ name = "premium"; patterns = ["0900."]; action = "deny"; }
);
incoming = (
{ name = "desk"; patterns = ["49301"]; ring = ["7001", "7002"]; order = "in_turn"; turn_s = 15; },
{ name = "rest"; patterns = ["4930!"]; trunks = ["carrier"]; reject = 603; }
); };)");
  const dialplan::Plan& plan = config.dialPlan;
  EXPECT_FALSE(plan.unmatchedAllowed);
  EXPECT_EQ(plan.trunkOf("192.0.2.32"), "carrier");
  ASSERT_THAT(plan.outgoing, SizeIs(3));
  EXPECT_EQ(plan.outgoing[0].match.name, "plus");
  EXPECT_EQ(plan.outgoing[0].match.line, 7U);
  EXPECT_EQ(plan.outgoing[0].verdict, Verdict::GoOn);
  EXPECT_EQ(plan.outgoing[0].rewrite("+49"), "0049");
  EXPECT_EQ(plan.outgoing[1].verdict, Verdict::Allow);
  EXPECT_EQ(plan.outgoing[1].rewrite("110"), "0112");
  EXPECT_THAT(plan.outgoing[1].roles, ElementsAre("a", "b/c"));
  EXPECT_TRUE(plan.outgoing[1].match.matches("112"));
  EXPECT_EQ(plan.outgoing[2].verdict, Verdict::Deny);
  ASSERT_THAT(plan.incoming, SizeIs(2));
  EXPECT_THAT(plan.incoming[0].ring, ElementsAre("7001", "7002"));
  EXPECT_TRUE(plan.incoming[0].inTurn);
  EXPECT_EQ(plan.incoming[0].turn, Seconds(15));
  EXPECT_THAT(plan.incoming[1].trunks, ElementsAre("carrier"));
  EXPECT_EQ(plan.incoming[1].reject, 603);
}

TEST_F(DialPlanConfigTest, FaultsOfOutgoingRules) {
  EXPECT_EQ(faultOfOutgoing("{ name = \"a\"; patterns = [\"0[\"]; action = \"deny\"; }"),
            "genesys.jcfg:6: dial_plan.outgoing[0].patterns = [...]: the pattern \"0[\" has a '[' "
            "without ']'");
  EXPECT_THAT(faultOfOutgoing("{ patterns = [\"0\"]; action = \"deny\"; }"),
              HasSubstr(":6: dial_plan.outgoing[0].name: is missing; it must be 1 to 32"));
  EXPECT_THAT(faultOfOutgoing("{ name = \"a\"; patterns = []; action = \"deny\"; }"),
              HasSubstr("must name at least one pattern"));
  EXPECT_THAT(faultOfOutgoing("{ name = \"a\"; patterns = [\"0\"]; }"),
              HasSubstr("action: is missing; it must be \"allow\""));
  EXPECT_THAT(
      faultOfOutgoing("{ name = \"a\"; patterns = [\"0\"]; action = \"allow\"; prefix = \"@\"; }"),
      HasSubstr("outgoing[0].prefix = \"@\": must be 1 to 64 characters"));
  EXPECT_THAT(faultOfOutgoing("{ name = \"a\"; pattern = \"0\"; }"),
              HasSubstr("patterns: must name at least one"));
  EXPECT_THAT(faultOfOutgoing("\"0\""), HasSubstr(":6: dial_plan.outgoing[0]: must be a group"));
  EXPECT_THAT(faultOfPlan("outgoing = [\"0\"];"), HasSubstr("must be a list of groups"));
}

TEST_F(DialPlanConfigTest, FaultsOfATableNameTheRuleAndItsLine) {
  EXPECT_EQ(faultOfOutgoing("{ name = \"wide\"; patterns = [\"0.\"]; action = \"allow\"; },\n"
                            "{ name = \"premium\"; patterns = [\"0900.\"]; action = \"deny\"; }"),
            "genesys.jcfg:7: dial_plan.outgoing[1]: rule 'premium': \"0900.\" is never reached: "
            "rule 'wide' at line 6 has all of its numbers by \"0.\"");
  EXPECT_THAT(faultOfIncoming("{ name = \"a\"; patterns = [\"4X1\"]; reject = 404; },\n"
                              "{ name = \"b\"; patterns = [\"41X\"]; ring = [\"7001\"]; }"),
              HasSubstr(":7: dial_plan.incoming[1]: rule 'b': \"41X\" is ambiguous"));
}

TEST_F(DialPlanConfigTest, FaultsOfIncomingRules) {
  const auto rule = [&](const std::string& options) {
    return faultOfIncoming("{ name = \"a\"; patterns = [\"4930\"]; " + options + " }");
  };
  EXPECT_EQ(rule("ring = [\"7001\"];"), "accepted");
  EXPECT_EQ(rule("reject = 480;"), "accepted");
  EXPECT_THAT(rule(""), HasSubstr("incoming[0].ring: a rule has either DNs to ring or a status"));
  EXPECT_THAT(rule("ring = [\"7001\"]; reject = 404;"), HasSubstr("either DNs to ring"));
  EXPECT_THAT(rule("ring = [\"7001\", \"7001\"];"), HasSubstr("names DN 7001 twice"));
  EXPECT_EQ(rule("ring = [\"8001\"];"),
            "genesys.jcfg:6: dial_plan.incoming[0]: rule 'a': DN 8001 is not in dns");
  EXPECT_THAT(rule("ring = [\"7001\"]; trunks = [\"x\"];"), HasSubstr("there is no trunk 'x'"));
  EXPECT_THAT(rule("reject = 302;"), HasSubstr("must be a whole number from 400 to 699"));
  EXPECT_THAT(rule("reject = 404; order = \"in_turn\";"),
              HasSubstr("order = \"in_turn\": means nothing where nobody rings"));
  EXPECT_THAT(rule("ring = [\"7001\"]; order = \"random\";"),
              HasSubstr("must be \"together\" or \"in_turn\""));
}

TEST_F(DialPlanConfigTest, FaultsOfTrunks) {
  const std::string carrier = "{ name = \"carrier\"; addresses = [\"192.0.2.31\"]; }";
  const auto trunks = [&](const std::string& entries) {
    return faultOfPlan("trunks = (\n" + entries + ");");
  };
  EXPECT_EQ(trunks(carrier), "accepted");
  EXPECT_EQ(trunks(carrier + ",\n" + carrier),
            "genesys.jcfg:7: dial_plan.trunks[1]: there are two of 'carrier'");
  EXPECT_THAT(trunks(carrier + ",\n{ name = \"b\"; addresses = [\"192.0.2.31\"]; }"),
              HasSubstr(":7: dial_plan.trunks[1]: 192.0.2.31 is of 'carrier', too"));
  EXPECT_THAT(trunks("{ name = \"b\"; addresses = []; }"), HasSubstr("at least one address"));
  EXPECT_THAT(trunks("{ name = \"b\"; addresses = [\"any\"]; }"),
              HasSubstr("must be an IPv4 or IPv6 address"));
}

}  // namespace
}  // namespace genesys::settings
