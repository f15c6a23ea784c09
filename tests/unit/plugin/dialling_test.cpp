// What an agent's calls, transfers and referrals meet: dial plan, limits, and who is told.
#include <gmock/gmock.h>

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Wire = std::shared_ptr<sip::test::Wire>;

class DiallingTest : public test::GatewayFixture {
 protected:
  DiallingTest() {
    auto& premium = add("premium", "0900.");
    premium.verdict = dialplan::OutgoingRule::Verdict::Deny;
    premium.roles = {"agent"};
    add("outside", "0Z.").prefix = "9";
    config.dns["7002"].roles = {"agent"};
  }
  dialplan::OutgoingRule& add(const std::string& name, const std::string& pattern) {
    dialplan::OutgoingRule rule;
    rule.match.name = name;
    rule.match.patterns.push_back(dialplan::Pattern::parse(pattern).value());
    config.dialPlan.outgoing.push_back(rule);
    return config.dialPlan.outgoing.back();
  }
  void refer(const Wire& wire, const std::string& to) {
    sip::SipMessage message = sip::test::request();
    message.referTo = to;
    wire->receive(sip::ReferReceived{message});
    scheduler.advance(Millis(1));
  }
  const Admission::Counters& refused() const { return gateway->admission().counters(); }
};

TEST_F(DiallingTest, ACallGoesToWhatThePlanMakesOfIt) {
  const Page page = signInWithAudio();
  ask(page, api::Call{"05551234", {}, false});
  EXPECT_EQ(std::get<api::Calling>(*page.janus->expect("calling").event).target,
            "sip:905551234@server");
  EXPECT_THAT(page.janus->incidents, IsEmpty());
}

TEST_F(DiallingTest, ADeniedCallIsAnErrorACounterAndAnIncident) {
  const Page page = signInWithAudio();
  ask(page, api::Call{"0900123", {}, false});
  EXPECT_EQ(page.janus->expect("error destination_denied").transaction, "t");
  EXPECT_THAT(agent->wire->names(), Not(Contains("INVITE")));
  EXPECT_EQ(refused().denied, 1U);
  ASSERT_THAT(page.janus->incidents, SizeIs(1));
  const api::Incident& incident = page.janus->incidents[0];
  EXPECT_EQ(incident.code, api::ErrorCode::DestinationDenied);
  EXPECT_EQ(incident.dn, "7002");
  EXPECT_EQ(incident.subject, "dn:7002");
  EXPECT_EQ(incident.target, "0900123");
  EXPECT_THAT(incident.reason, HasSubstr("rule 'premium'"));
}

TEST_F(DiallingTest, RolesAreThoseOfTheDn) {
  config.dns["7002"].roles.clear();
  const Page page = signInWithAudio();
  ask(page, api::Call{"0900123", {}, false});
  page.janus->expect("calling");
}

TEST_F(DiallingTest, LimitsAreErrorsOfTheirOwn) {
  config.agent.callsPerMinute = 1;
  const Page page = signInWithAudio();
  ask(page, api::Call{"1", {}, false});
  page.janus->expect("calling");
  ask(page, api::Call{"2", {}, false});
  page.janus->expect("error too_many_calls");
  scheduler.advance(Seconds(60));
  ask(page, api::Call{"2", {}, false});
  page.janus->expect("calling");
  EXPECT_EQ(refused().limited, 1U);
  EXPECT_THAT(page.janus->incidents, SizeIs(1));
}

TEST_F(DiallingTest, CallsOfTheDnCountAsOnesOfTheAgent) {
  config.agent.maxCalls = 1;
  const Page page = signInWithAudio();
  talk(page);
  ask(page, api::Call{"1", {}, false});
  page.janus->expect("error too_many_calls");
}

TEST_F(DiallingTest, ABlindTransferIsACallOfTheAgent) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  api::Transfer transfer;
  transfer.target = "0900123";
  ask(page, transfer);
  page.janus->expect("error destination_denied");
  EXPECT_THAT(wire->names(), Not(Contains("REFER")));
  transfer.target = "05551234";
  ask(page, transfer);
  page.janus->expect("transferring");
  ASSERT_EQ(wire->sent.back().what, "REFER");
  EXPECT_EQ(wire->sent.back().body.headers[0].value, "<sip:905551234@server>");
}

TEST_F(DiallingTest, AReferralThatIsDeniedIsToldToBothSides) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  refer(wire, "<sip:0900123@server>");
  page.janus->expect("transfer");
  const auto denied = std::get<api::CallDenied>(*page.janus->expect("call_denied").event);
  EXPECT_EQ(denied.code, api::ErrorCode::DestinationDenied);
  EXPECT_EQ(denied.target, "sip:0900123@server");
  EXPECT_EQ(wire->names().back(), "NOTIFY 403");
  EXPECT_EQ(refused().denied, 1U);
  EXPECT_THAT(page.janus->incidents, SizeIs(1));
  // Asked for by its number it is gone.
  api::Call again;
  again.referId = denied.referId;
  ask(page, again);
  page.janus->expect("error no_such_call");
}

}  // namespace
}  // namespace genesys::plugin
