#include "plugin/admission.hpp"

#include <gmock/gmock.h>

namespace genesys::plugin {
namespace {

using Kind = sip::DialRefusal::Kind;
using testing::HasSubstr;

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest() {
    config.agent.callsPerMinute = 2;
    config.agent.maxCalls = 3;
    add("premium", "0900.").verdict = dialplan::OutgoingRule::Verdict::Deny;
    add("abroad", "00.").roles = {"chief"};
    add("outside", "0Z.").prefix = "9";
    config.dialPlan.unmatchedAllowed = false;
  }
  dialplan::OutgoingRule& add(const std::string& name, const std::string& pattern) {
    dialplan::OutgoingRule rule;
    rule.match.name = name;
    rule.match.patterns.push_back(dialplan::Pattern::parse(pattern).value());
    config.dialPlan.outgoing.push_back(rule);
    return config.dialPlan.outgoing.back();
  }
  std::string admit(const std::string& subject, const std::string& target,
                    std::vector<std::string> roles = {}, size_t calls = 0) {
    const auto number = admission.admit({subject, std::move(roles), calls}, target, now);
    return number ? number.value() : number.error().reason;
  }

  settings::Config config;
  Admission admission{config};
  MonoTime now{};
};

TEST_F(AdmissionTest, TheDialPlanSaysWhatIsCalled) {
  EXPECT_EQ(admit("alice", "05551234"), "905551234");
  EXPECT_EQ(admit("alice", "0033", {"agent", "chief"}), "0033");
  EXPECT_EQ(admission.counters().denied, 0U);
}

TEST_F(AdmissionTest, WhatIsDeniedIsCountedAndSaysWhy) {
  EXPECT_EQ(admit("alice", "0900123"), "0900123 may not be called: rule 'premium'");
  EXPECT_EQ(admit("alice", "0033"), "0033 may not be called: no rule allows it");
  EXPECT_EQ(admission.admit({"alice", {}, 0}, "0900123", now).error().kind, Kind::Denied);
  EXPECT_EQ(admission.counters().denied, 3U);
  EXPECT_EQ(admit("alice", "0555"), "90555") << "denied numbers count for no limit";
  EXPECT_EQ(admit("alice", "0555"), "90555");
  EXPECT_EQ(admission.counters().limited, 0U);
}

TEST_F(AdmissionTest, CallsOfAMinuteCountForTheAgent) {
  admit("alice", "0555");
  now += Seconds(30);
  admit("alice", "0555");
  EXPECT_EQ(admit("alice", "0555"), "2 calls were started within a minute");
  EXPECT_EQ(admit("bob", "0555"), "90555") << "another agent";
  now += Seconds(30);
  EXPECT_EQ(admit("alice", "0555"), "90555");
  EXPECT_EQ(admission.counters().limited, 1U);
  config.agent.callsPerMinute = 0;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(admit("alice", "0555"), "90555");
}

TEST_F(AdmissionTest, CallsAtOnce) {
  EXPECT_EQ(admit("alice", "0555", {}, 2), "90555");
  const auto refused = admission.admit({"alice", {}, 3}, "0555", now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::TooManyCalls);
  EXPECT_THAT(refused.error().reason, HasSubstr("3 calls already"));
  EXPECT_EQ(admission.counters().limited, 1U);
}

}  // namespace
}  // namespace genesys::plugin
