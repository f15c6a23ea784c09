// Calls from outside: static contacts, numbers that are no DN, trunks, and several pages that ring.
#include <gmock/gmock.h>

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using Wire = std::shared_ptr<sip::test::Wire>;

class SwitchboardTest : public test::GatewayFixture {
 protected:
  dialplan::IncomingRule& add(const std::string& name, const std::string& pattern,
                              std::vector<std::string> ring) {
    dialplan::IncomingRule rule;
    rule.match.name = name;
    rule.match.patterns.push_back(dialplan::Pattern::parse(pattern).value());
    rule.ring = std::move(ring);
    config.dialPlan.incoming.push_back(std::move(rule));
    return config.dialPlan.incoming.back();
  }
  Wire call(const std::string& number, const std::string& source = "192.0.2.81") {
    auto wire = std::make_shared<sip::test::Wire>();
    sip::SipMessage message = sip::test::request(sip::test::kOffer);
    message.requestUser = number;
    message.source = source;
    gateway->invited(std::make_unique<sip::test::FakeDialog>(wire), message);
    return wire;
  }
  static std::string idOf(const Page& page) {
    return std::get<api::IncomingCall>(*page.janus->expect("incomingcall").event).callId;
  }
  static api::HungUp hungUp(const Page& page) {
    return std::get<api::HungUp>(*page.janus->expect("hangup").event);
  }
  uint64_t rejected() const { return gateway->switchboard().counters().rejected; }
};

TEST_F(SwitchboardTest, WithoutARuleTheDnRingsAndAStrangeNumberIsUnknown) {
  const Page page = signInWithAudio();
  EXPECT_THAT(call("7002")->names(), ElementsAre("180"));
  EXPECT_THAT(call("49301")->names(), ElementsAre("404"));
  EXPECT_EQ(rejected(), 1U);
}

TEST_F(SwitchboardTest, ARuleRingsADnForANumberThatIsNone) {
  add("desk", "4930X", {"7002"});
  const Page page = signInWithAudio();
  const Wire wire = call("49301");
  idOf(page);
  ask(page, api::Accept{});
  page.janus->expect("accepted");
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

TEST_F(SwitchboardTest, ARuleRejectsWithItsStatus) {
  add("closed", "4930X", {}).reject = 603;
  EXPECT_THAT(call("49301")->names(), ElementsAre("603"));
  EXPECT_EQ(rejected(), 1U);
}

TEST_F(SwitchboardTest, SeveralPagesRingAndOneAnswers) {
  add("desk", "49301", {"7001", "7002"});
  const Page first = signIn("7001");
  const Page second = signInWithAudio();
  const Wire wire = call("49301");
  const std::string id = idOf(first);
  idOf(second);
  ask(second, api::Accept{});
  second.janus->expect("accepted");
  const auto over = hungUp(first);
  EXPECT_EQ(over.callId, id);
  EXPECT_EQ(over.code, 487);
  EXPECT_EQ(over.reason, "answered by 7002");
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
  EXPECT_EQ(media.legs[1]->joined, media.browsers[0]);
  EXPECT_TRUE(media.legs[0]->closed);
  scheduler.advance(Millis(10));
  wire->receive(sip::AckReceived{sip::test::request()});
  wire->receive(sip::ByeReceived{sip::test::request()});
  EXPECT_EQ(hungUp(second).code, 200);
  EXPECT_TRUE(media.legs[1]->closed);
}

TEST_F(SwitchboardTest, InTurnThePagesRingOneAfterTheOther) {
  auto& rule = add("desk", "49301", {"7001", "7002"});
  rule.inTurn = true;
  rule.turn = Seconds(10);
  const Page first = signIn("7001");
  const Page second = signIn("7002");
  const Wire wire = call("49301");
  idOf(first);
  EXPECT_THAT(second.janus->names(), Not(Contains("incomingcall")));
  scheduler.advance(Seconds(10));
  EXPECT_EQ(hungUp(first).reason, "the next DN rings");
  idOf(second);
  scheduler.advance(Seconds(10));
  hungUp(second);
  EXPECT_EQ(wire->names().back(), "480");
}

TEST_F(SwitchboardTest, NobodySignedInIs480) {
  add("desk", "49301", {"7001", "7002"});
  EXPECT_THAT(call("49301")->names(), ElementsAre("480"));
  add("one", "49302", {"7001"});
  EXPECT_THAT(call("49302")->names(), ElementsAre("480"));
}

TEST_F(SwitchboardTest, ADnThatNeverRegistersIsInServiceAndRings) {
  config.dns["7001"].registerWhen = settings::RegisterWhen::Never;
  const Page page = open();
  ask(page, credentials("7001"));
  page.janus->expect("registered");
  EXPECT_THAT(agent->registers, IsEmpty());
  bringAudioUp(page);
  EXPECT_THAT(call("7001")->names(), ElementsAre("180"));
  idOf(page);
  ask(page, api::Call{"5551234", {}, false});
  page.janus->expect("calling");
}

TEST_F(SwitchboardTest, RulesAreForStaticContactsAndTrunksNotForRegisteredDns) {
  config.dialPlan.trunks = {{"carrier", {"192.0.2.31"}}};
  add("all", "7XXX", {}).reject = 403;
  const Page page = signInWithAudio();
  EXPECT_THAT(call("7002")->names(), ElementsAre("180"));
  EXPECT_THAT(call("7002", "192.0.2.31")->names(), ElementsAre("403"));
  config.dns["7002"].registerWhen = settings::RegisterWhen::Never;
  EXPECT_THAT(call("7002")->names(), ElementsAre("403"));
}

TEST_F(SwitchboardTest, ATrunkHasRulesOfItsOwn) {
  config.dialPlan.trunks = {{"carrier", {"192.0.2.31"}}};
  add("carrier's", "4930X", {"7002"}).trunks = {"carrier"};
  const Page page = signInWithAudio();
  EXPECT_THAT(call("49301", "192.0.2.31")->names(), ElementsAre("180"));
  EXPECT_THAT(call("49301")->names(), ElementsAre("404"));
}

TEST_F(SwitchboardTest, TheEndOfTheGatewayEndsWhatRings) {
  auto& rule = add("desk", "49301", {"7001", "7002"});
  rule.inTurn = true;
  const Page first = signIn("7001");
  const Page second = signIn("7002");
  const Wire wire = call("49301");
  gateway->shutDown(Millis(0), [] {});
  EXPECT_THAT(wire->names(), ElementsAre("180", "503"));
  EXPECT_THAT(second.janus->names(), Not(Contains("incomingcall")));
}

}  // namespace
}  // namespace genesys::plugin
