// Helper pages: further calls with a PeerConnection of their own.
#include <gmock/gmock.h>

#include "gateway_fixture.hpp"
#include "plugin/call_hosts.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using Wire = std::shared_ptr<sip::test::Wire>;

TEST(CallHostsTest, ACallOfAHelperThatGoesComesBack) {
  CallHosts hosts;
  hosts.addHelper(5);
  hosts.assign("a", 5);
  EXPECT_EQ(hosts.hostOf("a"), Host(5));
  EXPECT_EQ(hosts.hostOf("b"), Host());
  hosts.removeHelper(5);
  EXPECT_EQ(hosts.hostOf("a"), Host());
  EXPECT_FALSE(hosts.isHelper(5));
}

TEST(CallHostsTest, TheFirstHelperWithoutACallIsFree) {
  CallHosts hosts;
  EXPECT_EQ(hosts.freeHelper(), Host());
  hosts.addHelper(5);
  hosts.addHelper(3);
  EXPECT_EQ(hosts.freeHelper(), Host(5));
  hosts.assign("a", 5);
  EXPECT_EQ(hosts.freeHelper(), Host(3));
  hosts.assign("b", 3);
  EXPECT_EQ(hosts.freeHelper(), Host());
  hosts.ended("a");
  EXPECT_EQ(hosts.freeHelper(), Host(5));
}

class HelpersTest : public test::GatewayFixture {
 protected:
  static api::SignedIn session(const test::FakePage::Pushed& pushed) {
    return std::get<api::Registered>(*pushed.event).session;
  }
  Page helper(std::optional<uint64_t> masterId = std::nullopt) {
    Page page = open();
    api::Register request;
    request.dn = "7002";
    request.masterId = masterId.value_or(gateway->line("7002")->masterId());
    ask(page, std::move(request));
    return page;
  }
  Page helperWithAudio() {
    Page page = helper();
    EXPECT_TRUE(session(page.janus->expect("registered")).helper);
    bringAudioUp(page);
    return page;
  }
};

TEST_F(HelpersTest, OnlyWhoKnowsTheMasterIdBecomesOne) {
  Page early = helper(1);
  early.janus->expect("error bad_credential");
  const Page page = signInWithAudio();
  const uint64_t masterId = gateway->line("7002")->masterId();
  EXPECT_GT(masterId, 0U);
  EXPECT_LT(masterId, 1ULL << 53);
  ask(page, api::Query{});
  EXPECT_EQ(session(page.janus->expect("registered")).masterId, masterId);
  helper(masterId ^ 2).janus->expect("error bad_credential");
  helper(masterId).janus->expect("registered");
}

TEST_F(HelpersTest, AFurtherCallRingsAndIsHeardThere) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  const Wire first = talk(page);
  const Wire further = talk(second);
  EXPECT_THAT(page.janus->names(), Not(Contains("incomingcall")));
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  EXPECT_EQ(media.legs[1]->joined, media.browsers[1]);
  EXPECT_EQ(first->sent.back().what, "200") << "a call on another page holds nothing";
}

TEST_F(HelpersTest, WithoutACallOnTheMainPageThatRings) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  talk(page);
  EXPECT_THAT(second.janus->names(), Not(Contains("incomingcall")));
}

TEST_F(HelpersTest, EachPageHasItsOwnCallsOnly) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  talk(page);
  ask(second, api::Hangup{});
  second.janus->expect("error wrong_state");
  ask(second, api::Hangup{gateway->line("7002")->dn().calls()[0]->facts().id});
  second.janus->expect("error no_such_call");
  ask(second, api::Query{});
  EXPECT_TRUE(session(second.janus->expect("registered")).calls.empty());
}

TEST_F(HelpersTest, AHelperDials) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  talk(page);
  ask(second, api::Call{"5551234", {}});
  second.janus->expect("calling");
  EXPECT_THAT(page.janus->names(), Not(Contains("calling")));
  agent->wire->receive(sip::InviteAnswered{sip::test::response(200, sip::test::kOffer)});
  second.janus->expect("accepted");
  EXPECT_EQ(media.legs[1]->joined, media.browsers[1]);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
}

TEST_F(HelpersTest, ACallOutlivesItsHelper) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  talk(page);
  const Wire further = talk(second);
  gateway->removeSession(second.id);
  ask(page, api::Query{});
  EXPECT_EQ(session(page.janus->expect("registered")).calls.size(), 2U);
  EXPECT_EQ(media.legs[1]->joined, nullptr) << "the first call is heard on that page";
  EXPECT_EQ(further->sent.back().what, "200");
}

TEST_F(HelpersTest, AHelperLeavesByItself) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  ask(second, api::Unregister{});
  second.janus->expect("unregistered");
  talk(page);
  ask(page, api::Query{});
  page.janus->expect("registered");
}

TEST_F(HelpersTest, GoesWithItsAgent) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  ask(page, api::Unregister{});
  page.janus->expect("unregistered");
  second.janus->expect("unregistered");
  EXPECT_EQ(gateway->line("7002")->masterId(), 0U);
}

TEST_F(HelpersTest, IsTakenOverWithItsAgent) {
  const Page page = signInWithAudio();
  const Page second = helperWithAudio();
  const Page other = open();
  ask(other, credentials("7002"));
  other.janus->expect("registered");
  page.janus->expect("taken_over");
  second.janus->expect("taken_over");
}

TEST_F(HelpersTest, AreNotWithoutNumber) {
  config.signIn.maxHandlesPerSubject = 2;
  signInWithAudio();
  helperWithAudio();
  helper().janus->expect("error too_many_handles");
}

}  // namespace
}  // namespace genesys::plugin
