#include "dialplan/plan.hpp"

#include <gmock/gmock.h>

#include "rules.hpp"

namespace genesys::dialplan {
namespace {

using test::outgoing;
using test::rewriting;
using test::ringing;
using test::Verdict;
using testing::ElementsAre;

TEST(OutgoingRules, WithoutRulesEverythingIsCalledAsDialled) {
  const Plan plan;
  const auto route = routeOutgoing(plan, "5551234", {});
  EXPECT_TRUE(route.allowed);
  EXPECT_EQ(route.number, "5551234");
  EXPECT_EQ(route.rule, "");
}

TEST(OutgoingRules, NumbersWithoutARuleMayBeDenied) {
  Plan plan;
  plan.unmatchedAllowed = false;
  plan.outgoing = {outgoing("inside", "7XXX", Verdict::Allow)};
  EXPECT_TRUE(routeOutgoing(plan, "7001", {}).allowed);
  EXPECT_FALSE(routeOutgoing(plan, "8001", {}).allowed);
  EXPECT_EQ(routeOutgoing(plan, "8001", {}).rule, "");
}

TEST(OutgoingRules, TheFirstRuleDecides) {
  Plan plan;
  plan.outgoing = {outgoing("premium", "0900.", Verdict::Deny),
                   rewriting(outgoing("outside", "0.", Verdict::Allow), 1, "9,")};
  const auto denied = routeOutgoing(plan, "0900123", {});
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.rule, "premium");
  const auto route = routeOutgoing(plan, "05551234", {});
  EXPECT_TRUE(route.allowed);
  EXPECT_EQ(route.number, "9,5551234");
  EXPECT_EQ(route.rule, "outside");
}

TEST(OutgoingRules, RolesLetPassAndKeepOff) {
  Plan plan;
  plan.outgoing = {outgoing("abroad", "00.", Verdict::Allow, {"supervisor", "abroad"}),
                   outgoing("no abroad", "00.", Verdict::Deny)};
  EXPECT_TRUE(routeOutgoing(plan, "00331", {"agent", "abroad"}).allowed);
  const auto denied = routeOutgoing(plan, "00331", {"agent"});
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.rule, "no abroad");
  ASSERT_EQ(denied.steps.size(), 2U);
  EXPECT_FALSE(denied.steps[0].heeded);
  EXPECT_TRUE(denied.steps[1].heeded);
}

// Without going on, +49900... would pass the rule that denies 0900.
TEST(OutgoingRules, ARewrittenNumberGoesThroughTheRulesBehind) {
  Plan plan;
  plan.outgoing = {rewriting(outgoing("national", "+49.", Verdict::GoOn), 3, "0"),
                   rewriting(outgoing("abroad", "+.", Verdict::GoOn), 1, "00"),
                   outgoing("premium", "0900.", Verdict::Deny)};
  const auto denied = routeOutgoing(plan, "+49900123", {});
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.rule, "premium");
  EXPECT_EQ(denied.number, "0900123");
  const auto route = routeOutgoing(plan, "+33123", {});
  EXPECT_TRUE(route.allowed);
  EXPECT_EQ(route.number, "0033123");
  ASSERT_EQ(route.steps.size(), 1U);
}

TEST(OutgoingRules, SeparatorsDoNotPassARule) {
  Plan plan;
  plan.outgoing = {outgoing("premium", "0900.", Verdict::Deny)};
  for (const char* number : {"0900123", "0-900123", "0.9.0.0.1", "(0)900-123"})
    EXPECT_FALSE(routeOutgoing(plan, number, {}).allowed) << number;
  EXPECT_EQ(routeOutgoing(plan, "+49 ", {}).number, "+49 ");
  EXPECT_EQ(routeOutgoing(plan, "(030)55-51", {}).number, "0305551");
  EXPECT_EQ(routeOutgoing(plan, "anna.b-c", {}).number, "anna.b-c");
  EXPECT_EQ(routeOutgoing(plan, "-", {}).number, "-");
  EXPECT_EQ(routeOutgoing(Plan(), "70-01", {}).number, "70-01") << "a DN may be written so";
}

TEST(OutgoingRules, Translation) {
  Plan plan;
  auto emergency = outgoing("emergency", "112", Verdict::Allow);
  emergency.replace = "0112";
  plan.outgoing = {emergency};
  EXPECT_EQ(routeOutgoing(plan, "112", {}).number, "0112");
}

TEST(OutgoingRules, WhatRewritingMakesTooLongIsDenied) {
  Plan plan;
  plan.outgoing = {rewriting(outgoing("long", "1.", Verdict::Allow), 0, "00"),
                   rewriting(outgoing("on", "2.", Verdict::GoOn), 0, "00")};
  EXPECT_TRUE(routeOutgoing(plan, std::string(62, '1'), {}).allowed);
  EXPECT_FALSE(routeOutgoing(plan, std::string(63, '1'), {}).allowed);
  EXPECT_FALSE(routeOutgoing(plan, std::string(63, '2'), {}).allowed);
  EXPECT_EQ(routeOutgoing(plan, std::string(63, '2'), {}).rule, "on");
}

TEST(IncomingRules, TheFirstForNumberAndTrunk) {
  Plan plan;
  plan.incoming = {ringing("carrier", "49.", {"7001", "7002"}, {"carrier"}),
                   ringing("desk", "49.", {"7003"})};
  const auto ring = [&](const char* number, const char* trunk, Called called = Called::Nobody) {
    const IncomingRule* rule = routeIncoming(plan, number, trunk, called);
    return rule != nullptr ? rule->ring : std::vector<std::string>();
  };
  EXPECT_THAT(ring("4930", "carrier"), ElementsAre("7001", "7002"));
  EXPECT_THAT(ring("4930", ""), ElementsAre("7003"));
  EXPECT_THAT(ring("4930", "other"), ElementsAre("7003"));
  EXPECT_THAT(ring("30", ""), ElementsAre());
}

// A rule that is too wide must not take SIP Server's calls from a phone that it knows.
TEST(IncomingRules, ARegisteredDnsCallsAreItsOwn) {
  Plan plan;
  plan.incoming = {ringing("all", "X!", {"7001"})};
  EXPECT_EQ(routeIncoming(plan, "7002", "", Called::RegisteredDn), nullptr);
  EXPECT_NE(routeIncoming(plan, "7002", "", Called::StaticDn), nullptr);
  EXPECT_NE(routeIncoming(plan, "7002", "carrier", Called::RegisteredDn), nullptr);
}

TEST(IncomingRules, TrunksAreKnownByTheirAddress) {
  Plan plan;
  plan.trunks = {{"carrier", {"192.0.2.5", "192.0.2.6"}}, {"branch", {"192.0.2.7"}}};
  EXPECT_EQ(plan.trunkOf("192.0.2.6"), "carrier");
  EXPECT_EQ(plan.trunkOf("192.0.2.7"), "branch");
  EXPECT_EQ(plan.trunkOf("192.0.2.8"), "");
}

}  // namespace
}  // namespace genesys::dialplan
