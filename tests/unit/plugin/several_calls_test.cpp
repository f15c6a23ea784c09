// Hold, alternate, merge and what the desktop asks for, with the whole control side in memory.
#include <gmock/gmock.h>

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using sip::test::kOffer;
using sip::test::request;
using sip::test::response;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using Wire = std::shared_ptr<sip::test::Wire>;

class SeveralCallsTest : public test::GatewayFixture {
 protected:
  /// Answers the re-INVITE that went out last.
  static void agree(const Wire& wire) {
    const std::string& offer = wire->sent.back().body.sdp;
    EXPECT_EQ(wire->sent.back().what, "INVITE");
    const bool held = offer.find("a=sendonly") != std::string::npos;
    wire->receive(sip::InviteAnswered{
        response(200, std::string(kOffer) + (held ? "a=recvonly\r\n" : "a=sendrecv\r\n"))});
  }
  static api::CallInfo changed(const Page& page) {
    return std::get<api::CallChanged>(*page.janus->expect("call_changed").event).call;
  }
  std::string idOf(size_t call) { return gateway->line("7002")->dn().calls().at(call)->facts().id; }
  static void notify(const Wire& wire, const char* event) {
    sip::SipMessage message = request();
    message.event = event;
    wire->receive(sip::NotifyReceived{message});
  }
};

TEST_F(SeveralCallsTest, HoldAndRetrieveFromThePage) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  ask(page, api::Hold{});
  page.janus->expect("holding");
  EXPECT_EQ(media.legs[0]->joined, nullptr);
  agree(wire);
  EXPECT_EQ(changed(page).hold, "none") << "not heard any more, though not agreed yet";
  EXPECT_EQ(changed(page).hold, "local");
  ask(page, api::Unhold{});
  page.janus->expect("resuming");
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  agree(wire);
  EXPECT_TRUE(changed(page).heard);
  EXPECT_EQ(changed(page).hold, "none") << "agreed";
}

TEST_F(SeveralCallsTest, UnholdNeedsAHeldCall) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, api::Unhold{});
  page.janus->expect("error wrong_state");
  ask(page, api::Merge{});
  page.janus->expect("error wrong_state");
  ask(page, api::Merge{{idOf(0), "no such call"}});
  page.janus->expect("error no_such_call");
}

TEST_F(SeveralCallsTest, ARefusedHoldIsToldAndAudioComesBack) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  ask(page, api::Hold{});
  wire->receive(sip::InviteAnswered{response(488)});
  const auto failed = std::get<api::UpdateFailed>(*page.janus->expect("update_failed").event);
  EXPECT_EQ(failed.request, "hold");
  EXPECT_EQ(failed.code, 488);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
}

TEST_F(SeveralCallsTest, TakingUpACallHoldsTheOthers) {
  const Page page = signInWithAudio();
  const Wire first = talk(page);
  const Wire second = talk(page);
  EXPECT_EQ(first->sent.back().what, "INVITE");
  agree(first);
  EXPECT_THAT(second->names(), Not(Contains("INVITE")));
  // Alternate.
  ask(page, api::Unhold{idOf(0)});
  page.janus->expect("resuming");
  agree(first);
  agree(second);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  EXPECT_EQ(media.legs[1]->joined, nullptr);
}

TEST_F(SeveralCallsTest, MergedCallsAreHeardTogether) {
  const Page page = signInWithAudio();
  const Wire first = talk(page);
  const Wire second = talk(page);
  agree(first);
  ask(page, api::Merge{});
  EXPECT_EQ(std::get<api::Merged>(*page.janus->expect("merged").event).callIds.size(), 2U);
  agree(first);  // retrieved
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  EXPECT_EQ(media.legs[1]->joined, media.browsers[0]);
  EXPECT_TRUE(media.legs[0]->mixed && media.legs[1]->mixed);
  EXPECT_THAT(second->names(), Not(Contains("INVITE")));
  // One leaves: the other is an ordinary call again.
  second->receive(sip::ByeReceived{request()});
  page.janus->expect("hangup");
  const auto left = changed(page);
  EXPECT_FALSE(left.merged);
  EXPECT_TRUE(left.heard);
  EXPECT_FALSE(media.legs[0]->mixed);
}

TEST_F(SeveralCallsTest, AThirdCallHoldsTheWholeConversation) {
  const Page page = signInWithAudio();
  const Wire first = talk(page);
  const Wire second = talk(page);
  agree(first);
  ask(page, api::Merge{});
  agree(first);
  talk(page);
  agree(first);
  agree(second);
  EXPECT_EQ(media.legs[0]->joined, nullptr);
  EXPECT_EQ(media.legs[1]->joined, nullptr);
  ask(page, api::Unhold{idOf(0)});
  agree(first);
  agree(second);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  EXPECT_EQ(media.legs[1]->joined, media.browsers[0]);
  EXPECT_EQ(media.legs[2]->joined, nullptr);
}

TEST_F(SeveralCallsTest, TheDesktopHoldsAndRetrieves) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  notify(wire, "hold");
  agree(wire);
  EXPECT_EQ(media.legs[0]->joined, nullptr);
  notify(wire, "talk");
  agree(wire);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
}

TEST_F(SeveralCallsTest, TheFarEndsHoldIsNews) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  wire->receive(sip::InviteReceived{request(std::string(kOffer) + "a=sendonly\r\n")});
  EXPECT_EQ(changed(page).hold, "remote");
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]) << "its music is heard";
}

TEST_F(SeveralCallsTest, ANewUuidIsNews) {
  const Page page = signInWithAudio();
  const Wire wire = talk(page);
  sip::SipMessage message = request(kOffer);
  message.headers.push_back({"X-Genesys-CallUUID", "BBBB"});
  wire->receive(sip::InviteReceived{message});
  EXPECT_EQ(changed(page).uuid, "BBBB");
}

TEST_F(SeveralCallsTest, TalkWaitsForAudioAndSaysSo) {
  const Page page = signIn();
  const Wire wire = invite();
  notify(wire, "talk");
  const auto talk = std::get<api::Talk>(*page.janus->expect("talk").event);
  EXPECT_TRUE(talk.answers);
  EXPECT_EQ(talk.waitingFor, "audio");
  EXPECT_THAT(wire->names(), ElementsAre("180"));
  bringAudioUp(page);
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

class TalkPolicyTest : public SeveralCallsTest {
 protected:
  Page signInWith(settings::TalkPolicy policy) {
    config.dns["7002"].talkAnswers = policy;
    return signInWithAudio();
  }
};

TEST_F(TalkPolicyTest, AskLeavesTheAnswerToTheAgent) {
  const Page page = signInWith(settings::TalkPolicy::Ask);
  const Wire wire = invite();
  notify(wire, "talk");
  const auto talk = std::get<api::Talk>(*page.janus->expect("talk").event);
  EXPECT_FALSE(talk.answers);
  EXPECT_EQ(talk.waitingFor, "agent");
  EXPECT_THAT(wire->names(), ElementsAre("180"));
  ask(page, api::Accept{});
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

TEST_F(TalkPolicyTest, FalseDoesNothing) {
  const Page page = signInWith(settings::TalkPolicy::Ignore);
  const Wire wire = invite();
  notify(wire, "talk");
  EXPECT_THAT(wire->names(), ElementsAre("180"));
  EXPECT_THAT(page.janus->names(), Not(Contains("talk")));
}

TEST_F(SeveralCallsTest, AnInviteMayAskToBeAnswered) {
  const Page page = signInWithAudio();
  const auto wire = std::make_shared<sip::test::Wire>();
  sip::SipMessage message = request(kOffer);
  message.requestUser = "7002";
  message.headers.push_back({"Call-Info", "<sip:192.0.2.81>;answer-after=2"});
  gateway->invited(std::make_unique<sip::test::FakeDialog>(wire), message);
  const auto incoming = std::get<api::IncomingCall>(*page.janus->expect("incomingcall").event);
  EXPECT_EQ(incoming.autoAnswer, Millis(2000));
  scheduler.advance(Millis(2001));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

}  // namespace
}  // namespace genesys::plugin
