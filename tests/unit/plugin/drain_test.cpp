// The gateway is emptied: calls go on, nothing new comes, idle DNs go.
#include "plugin/drain.hpp"

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class DrainTest : public test::GatewayFixture {
 protected:
  Drain& drain() { return gateway->drain(); }
  void answerRegister(Seconds granted) {
    sip::RegistrationMachine::Answer ok;
    ok.status = 200;
    ok.granted = granted;
    agent->port->answer(ok);
  }
};

TEST_F(DrainTest, NewCallsAreSentElsewhere) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  drain().begin();
  const auto refused = invite();
  EXPECT_THAT(refused->names(), ElementsAre("503"));
  EXPECT_EQ(refused->sent[0].body.headers[0].name, "Retry-After");
  EXPECT_THAT(invite("no such number")->names(), ElementsAre("503"));
  EXPECT_EQ(drain().refused(), 2U);
  ask(page, api::Call{"5551234", {}, false});
  page.janus->expect("error draining");
  EXPECT_THAT(page.janus->names(), Not(Contains("hangup")));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

TEST_F(DrainTest, ACallThatReplacesOneHereGoesOn) {
  const Page page = signInWithAudio();
  talk(page);
  drain().begin();
  auto wire = std::make_shared<sip::test::Wire>();
  sip::SipMessage message = sip::test::request(sip::test::kOffer);
  message.requestUser = "7002";
  message.headers.push_back({"Replaces", "nothing;to-tag=a;from-tag=b"});
  gateway->invited(std::make_unique<sip::test::FakeDialog>(wire), message);
  EXPECT_THAT(wire->names(), ElementsAre("481"));  // it got as far as the calls of the DN
}

TEST_F(DrainTest, AnIdleDnGoesAtOnceAndItsPageIsSentAway) {
  const Page page = signIn();
  drain().begin();
  page.janus->expect("draining");
  EXPECT_THAT(agent->registers, Contains("QUERY"));
  ask(page, api::Query{});
  page.janus->expect("error wrong_state");
  answerRegister(Seconds(1800));  // still ours: removed
  EXPECT_EQ(agent->registers.back(), "REGISTER 0");
  answerRegister(Seconds(0));
  EXPECT_TRUE(drain().left().nothing());
}

TEST_F(DrainTest, ADnWithACallStaysUntilItEnds) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  drain().begin();
  scheduler.advance(Seconds(600));
  EXPECT_EQ(drain().left().calls, 1U);
  EXPECT_EQ(drain().left().pages, 1U);
  EXPECT_THAT(agent->registers, Not(Contains("QUERY")));
  EXPECT_THAT(page.janus->names(), Not(Contains("draining")));
  wire->receive(sip::ByeReceived{sip::test::request()});
  page.janus->expect("hangup");
  scheduler.advance(Seconds(1));
  page.janus->expect("draining");
  EXPECT_THAT(agent->registers, Contains("QUERY"));
  EXPECT_EQ(drain().left().calls + drain().left().pages, 0U);
}

TEST_F(DrainTest, APageThatReloadsInItsCallComesBackToIt) {
  const Page page = signInWithAudio();
  talk(page);
  drain().begin();
  gateway->removeSession(page.id);
  const Page back = open();
  ask(back, credentials("7002"));
  const auto registered = back.janus->expect("registered");
  EXPECT_EQ(std::get<api::Registered>(*registered.event).session.calls.size(), 1U);
}

TEST_F(DrainTest, SignInsAreSentElsewhereAfterTheirCheck) {
  drain().begin();
  const Page page = open();
  ask(page, credentials("7002"));
  page.janus->expect("error draining");
  ask(page, credentials("7002", "wrong"));
  page.janus->expect("error bad_credential");
  EXPECT_THAT(agent->registers, IsEmpty());
}

TEST_F(DrainTest, APageThatIsAwayWithoutACallHoldsNothing) {
  const Page page = signIn();
  gateway->removeSession(page.id);
  drain().begin();
  EXPECT_THAT(agent->registers, Contains("QUERY"));
  EXPECT_FALSE(gateway->line("7002")->ownership().held());
}

TEST_F(DrainTest, EndsAsItBegan) {
  config.dns["7002"].registerWhen = settings::RegisterWhen::Always;
  reopen();
  answerRegister(Seconds(1800));
  drain().begin();
  drain().begin();
  scheduler.advance(Seconds(3));  // the farewell is not answered yet
  EXPECT_EQ(drain().lasting(), Millis(3000));
  EXPECT_EQ(agent->registers.back(), "QUERY");
  drain().end();
  EXPECT_FALSE(drain().on());
  answerRegister(Seconds(0));  // the farewell goes over into a new registration
  EXPECT_EQ(agent->registers.back(), "REGISTER 1800");
  answerRegister(Seconds(1800));
  const Page page = open();
  ask(page, credentials("7002"));
  page.janus->expect("registered");
  EXPECT_THAT(invite()->names(), ElementsAre("180"));
}

TEST_F(DrainTest, ManyDnsGoAFewAtATime) {
  config.sip.registersPerSecond = 100;
  for (int i = 0; i < 200; ++i) {
    settings::DnConfig dn = config.dns["7002"];
    dn.number = std::to_string(8000 + i);
    config.dns[dn.number] = dn;
  }
  reopen();
  std::vector<Page> pages;
  for (int i = 0; i < 200; ++i) {
    pages.push_back(open());
    ask(pages.back(), credentials(std::to_string(8000 + i), "password of 7002"));
  }
  const auto held = [&] {
    size_t count = 0;
    for (const auto& [number, line] : gateway->lines()) count += line->ownership().held();
    return count;
  };
  EXPECT_EQ(held(), 200U);
  drain().begin();
  scheduler.advance(Millis(900));
  EXPECT_GT(held(), 50U);
  scheduler.advance(Millis(1500));
  EXPECT_EQ(held(), 0U);
}

}  // namespace
}  // namespace genesys::plugin
