// Hold, retrieve, desktop requests and calls that the desktop makes, with the whole call.
#include "sip/call_fixture.hpp"

namespace genesys::sip {
namespace {

using test::kOffer;
using test::request;
using test::response;
using testing::ElementsAre;
using testing::HasSubstr;

const char* const kBlackHole =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\n"
    "t=0 0\r\nm=audio 10000 RTP/AVP 101 8 0 4 18 3\r\n";

class CallHoldTest : public test::CallFixture {
 protected:
  SipMessage withUuid(const std::string& uuid, std::string body = "") {
    SipMessage message = request(std::move(body));
    message.headers.push_back({"X-Genesys-CallUUID", uuid});
    return message;
  }
  void holdHere() {
    call->hold(sdp::Direction::SendOnly);
    ASSERT_EQ(wire->sent.back().what, "INVITE");
    wire->receive(InviteAnswered{response(200, answer("recvonly"))});
  }
};

TEST_F(CallHoldTest, HoldIsAReinviteWithSendonly) {
  talk();
  holdHere();
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendonly"));
  EXPECT_EQ(call->holdState(), (HoldState{true, false}));
  EXPECT_EQ(audio->applied.back().direction, sdp::Direction::SendOnly);
  call->unhold();
  EXPECT_THAT(wire->sent.back().body.sdp, testing::Not(HasSubstr("a=sendonly")));
  wire->receive(InviteAnswered{response(200, kOffer)});
  EXPECT_EQ(call->holdState(), HoldState{});
  EXPECT_EQ(audio->applied.back().direction, sdp::Direction::SendRecv);
}

// What is sent meanwhile is the session's refresh, which holds as before.
TEST_F(CallHoldTest, AHoldOf25MinutesEndsNothing) {
  talk();
  holdHere();
  const size_t sent = wire->sent.size();
  scheduler.advance(Seconds(25 * 60));
  ASSERT_EQ(wire->sent.size(), sent + 1);
  EXPECT_EQ(wire->sent.back().what, "INVITE");
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendonly"));
  wire->receive(InviteAnswered{response(200, answer("recvonly"))});
  EXPECT_EQ(call->holdState(), (HoldState{true, false}));
  call->unhold();
  wire->receive(InviteAnswered{response(200, kOffer)});
  EXPECT_EQ(call->holdState(), HoldState{});
  EXPECT_EQ(call->state(), CallMachine::State::Established);
}

TEST_F(CallHoldTest, AHoldOfTheFarEndFor25MinutesEndsNothing) {
  talk();
  wire->receive(InviteReceived{request(kBlackHole)});
  wire->receive(AckReceived{request()});
  scheduler.advance(Seconds(25 * 60));
  ASSERT_EQ(wire->sent.back().what, "INVITE");
  EXPECT_THAT(wire->sent.back().body.sdp, testing::Not(HasSubstr("a=sendonly")));
  wire->receive(InviteAnswered{response(200, kBlackHole)});
  EXPECT_EQ(call->holdState(), (HoldState{false, true}));
  wire->receive(InviteReceived{request(kOffer)});
  EXPECT_EQ(call->holdState(), HoldState{});
  EXPECT_EQ(call->state(), CallMachine::State::Established);
}

TEST_F(CallHoldTest, EveryFormOfTheFarEndsHoldIsSeenAndMirrored) {
  talk();
  for (const auto& [theirs, ours] :
       {std::pair("sendonly", "a=recvonly"), std::pair("recvonly", "a=sendonly"),
        std::pair("inactive", "a=inactive")}) {
    wire->receive(InviteReceived{request(answer(theirs))});
    EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr(ours));
    EXPECT_EQ(call->holdState(), (HoldState{false, true})) << theirs;
    wire->receive(AckReceived{request()});
    wire->receive(InviteReceived{request(kOffer)});
    EXPECT_EQ(call->holdState(), HoldState{}) << theirs;
    wire->receive(AckReceived{request()});
  }
  wire->receive(InviteReceived{request(kBlackHole)});
  EXPECT_EQ(call->holdState(), (HoldState{false, true}));
}

TEST_F(CallHoldTest, ARetrieveWithoutSdpGetsAFullOffer) {
  talk();
  wire->receive(InviteReceived{request(kBlackHole)});
  wire->receive(AckReceived{request()});
  wire->receive(InviteReceived{request()});
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendrecv"));
  wire->receive(AckReceived{request(kOffer)});
  EXPECT_EQ(call->holdState(), HoldState{});
}

TEST_F(CallHoldTest, AnOfferOfOursSaysThatWeHold) {
  talk();
  holdHere();
  wire->receive(InviteReceived{withUuid("", "")});
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendonly"));
  wire->receive(AckReceived{request(answer("recvonly"))});
  EXPECT_TRUE(call->holdState().local);
}

TEST_F(CallHoldTest, GlareIsTriedAgain) {
  talk();
  call->hold(sdp::Direction::SendOnly);
  wire->receive(InviteAnswered{response(491)});
  EXPECT_FALSE(call->holdState().local);
  const size_t sent = wire->sent.size();
  scheduler.advance(Millis(2001));
  ASSERT_EQ(wire->sent.size(), sent + 1);
  EXPECT_EQ(wire->sent.back().what, "INVITE");
  wire->receive(InviteAnswered{response(200, answer("recvonly"))});
  EXPECT_TRUE(call->holdState().local);
}

TEST_F(CallHoldTest, OurReinviteWaitsWhileTheirsIsOpen) {
  talk();
  wire->receive(InviteReceived{request()});  // our 200 carries the offer, the ACK is not here yet
  call->hold(sdp::Direction::SendOnly);
  EXPECT_EQ(wire->sent.back().what, "200");
  wire->receive(AckReceived{request(kOffer)});
  scheduler.advance(Millis(2001));
  EXPECT_EQ(wire->sent.back().what, "INVITE");
}

TEST_F(CallHoldTest, ARefusedHoldIsToldAndTheCallGoesOn) {
  talk();
  call->hold(sdp::Direction::Inactive);
  wire->receive(InviteAnswered{response(488)});
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].code, 488);
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  EXPECT_EQ(audio->applied.back().direction, sdp::Direction::SendRecv);
}

TEST_F(CallHoldTest, AReinviteThatFindsNoDialogEndsTheCall) {
  talk();
  call->hold(sdp::Direction::SendOnly);
  wire->receive(InviteAnswered{response(481)});
  EXPECT_EQ(wire->names().back(), "BYE");
  EXPECT_EQ(last.code, 481);
}

// "The UUID changes while the phone holds the call: a transfer is complete" (dialect, section 2).
TEST_F(CallHoldTest, AnotherUuidInAHeldCallRetrieves) {
  call->startIncoming(withUuid("AAAA", kOffer));
  call->accept(true);
  wire->receive(AckReceived{request()});
  holdHere();
  wire->receive(InviteReceived{withUuid("AAAA", answer("sendrecv"))});
  EXPECT_TRUE(call->holdState().local) << "the same UUID moves the media only";
  wire->receive(AckReceived{request()});
  wire->receive(InviteReceived{withUuid("BBBB", answer("sendrecv"))});
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendrecv"));
  EXPECT_EQ(call->holdState(), HoldState{});
  EXPECT_EQ(call->facts().uuid, "BBBB");
}

TEST_F(CallHoldTest, TheDesktopAsksToHold) {
  talk();
  SipMessage notify = request();
  notify.event = "hold";
  wire->receive(NotifyReceived{notify});
  EXPECT_EQ(holdsAsked, 1);
}

TEST_F(CallHoldTest, AnswersByItselfWhenTheInviteSaysSo) {
  SipMessage invite = request(kOffer);
  invite.headers.push_back({"Call-Info", "<sip:192.0.2.81>;answer-after=1"});
  call->startIncoming(invite);
  EXPECT_EQ(call->facts().autoAnswer, Millis(1000));
  scheduler.advance(Millis(999));
  EXPECT_THAT(wire->names(), ElementsAre("180"));
  scheduler.advance(Millis(2));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

// 3PCC: answered at once, but the agent is told when somebody is there (dialect, section 3.3).
TEST_F(CallHoldTest, ADesktopsCallIsAcceptedWhenTheFarEndIsThere) {
  using Kind = CallNews::Kind;
  call->startIncoming(request());
  call->accept(true);
  wire->receive(AckReceived{request(kBlackHole)});
  EXPECT_THAT(news, ElementsAre(Kind::Incoming, Kind::Accepting));
  wire->receive(InviteReceived{request(kOffer)});
  EXPECT_THAT(news, ElementsAre(Kind::Incoming, Kind::Accepting, Kind::Accepted));
}

TEST_F(CallHoldTest, ADesktopsCallThatFailsSaysWhy) {
  using Kind = CallNews::Kind;
  call->startIncoming(request());
  call->accept(true);
  wire->receive(AckReceived{request(kBlackHole)});
  SipMessage bye = request();
  bye.reason = "SIP;cause=403;text=\"Forbidden\"";
  wire->receive(ByeReceived{bye});
  EXPECT_THAT(news, ElementsAre(Kind::Incoming, Kind::Accepting, Kind::HungUp));
  EXPECT_EQ(last.code, 403);
  EXPECT_EQ(last.reason, "403 Forbidden from 5551234");
}

TEST_F(CallHoldTest, AnOrdinaryCallsReasonIsHandedOnAsItCame) {
  talk();
  SipMessage bye = request();
  bye.reason = "SIP;cause=486;text=\"Busy Here\"";
  wire->receive(ByeReceived{bye});
  EXPECT_EQ(last.code, 200);
  EXPECT_EQ(last.reasonHeader, bye.reason);
}

TEST_F(CallHoldTest, FiveHundredMovesOfTheMediaInOneDialog) {
  talk();
  for (int i = 0; i < 500; ++i) {
    std::string moved = kOffer;
    moved.replace(moved.find("40000"), 5, std::to_string(40000 + 2 * i));
    wire->receive(InviteReceived{request(moved)});
    wire->receive(AckReceived{request()});
    ASSERT_EQ(audio->applied.back().remotePort, 40000 + 2 * i);
  }
  EXPECT_EQ(call->state(), CallMachine::State::Established);
}

}  // namespace
}  // namespace genesys::sip
