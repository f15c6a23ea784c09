// Session refreshes (RFC 4028), UPDATE (RFC 3311) and reliable provisional responses (RFC 3262).
#include "sip/call.hpp"

#include "sip/call_fixture.hpp"

namespace genesys::sip {
namespace {

using test::kOffer;
using test::request;
using test::response;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CallSessionTest : public test::CallFixture {
 protected:
  static SipMessage asksUsToRefresh(std::string body = "") {
    SipMessage message = request(std::move(body));
    message.allows = true;
    message.sessionTimer = {true, Seconds(100), Seconds(0), SessionTimerHeaders::Refresher::Uas};
    return message;
  }
  void talkWithTimer() {
    call->startIncoming(asksUsToRefresh(kOffer));
    call->accept(true);
    wire->receive(AckReceived{request()});
  }
  void dial() {
    CallFacts facts;
    facts.outgoing = true;
    make(std::move(facts));
    call->startOutgoing({});
  }
  static SipMessage reliable(int status, std::string body = "") {
    SipMessage message = response(status, std::move(body));
    message.requires100rel = true;
    return message;
  }
};

TEST_F(CallSessionTest, RefreshesByAReinviteThatChangesNothing) {
  talkWithTimer();
  scheduler.advance(Millis(39'999));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
  scheduler.advance(Millis(1));
  ASSERT_EQ(wire->sent.back().what, "INVITE");
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendrecv"));
  SipMessage accepted = response(200, kOffer);
  accepted.sessionTimer = {true, Seconds(100), Seconds(0), SessionTimerHeaders::Refresher::Uac};
  wire->receive(InviteAnswered{accepted});
  scheduler.advance(Millis(40'000));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200", "INVITE", "INVITE"));
  EXPECT_THAT(failures, IsEmpty());
}

TEST_F(CallSessionTest, ARefreshOfAHeldCallKeepsItHeld) {
  talkWithTimer();
  call->hold(sdp::Direction::SendOnly);
  SipMessage accepted = response(200, answer("recvonly"));
  accepted.sessionTimer = {true, Seconds(100), Seconds(0), SessionTimerHeaders::Refresher::Uac};
  wire->receive(InviteAnswered{accepted});
  scheduler.advance(Millis(40'000));
  ASSERT_THAT(wire->names(), ElementsAre("180", "200", "INVITE", "INVITE"));
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("a=sendonly"));
}

TEST_F(CallSessionTest, ARefusedRefreshIsNoNewsAndALostDialogIs) {
  talkWithTimer();
  scheduler.advance(Millis(40'000));
  wire->receive(InviteAnswered{response(500)});
  EXPECT_THAT(failures, IsEmpty());
  EXPECT_TRUE(call->live());
  wire->receive(UpdateReceived{asksUsToRefresh()});
  scheduler.advance(Millis(40'000));
  wire->receive(InviteAnswered{response(481)});
  EXPECT_FALSE(call->live());
  EXPECT_EQ(last.code, 481);
}

TEST_F(CallSessionTest, AnUpdateStartsTheIntervalAnew) {
  talkWithTimer();
  scheduler.advance(Millis(30'000));
  wire->receive(UpdateReceived{asksUsToRefresh()});
  EXPECT_EQ(wire->sent.back().what, "UPDATE 200");
  EXPECT_TRUE(wire->sent.back().body.sdp.empty());
  scheduler.advance(Millis(39'999));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200", "UPDATE 200"));
}

TEST_F(CallSessionTest, AnUpdateThatCrossesOurOfferIsRefusedAndHurtsNothing) {
  talk();
  call->hold(sdp::Direction::SendOnly);
  wire->receive(UpdateReceived{request(kOffer)});
  EXPECT_EQ(wire->sent.back().what, "UPDATE 491");
  wire->receive(InviteAnswered{response(200, answer("recvonly"))});
  EXPECT_TRUE(call->holdState().local);
}

TEST_F(CallSessionTest, AnUpdateBeforeTheAnswerHasToWait) {
  call->startIncoming(request(kOffer));
  wire->receive(UpdateReceived{request(kOffer)});
  EXPECT_EQ(wire->sent.back().what, "UPDATE 500");
  ASSERT_EQ(wire->sent.back().body.headers.size(), 1U);
  EXPECT_EQ(wire->sent.back().body.headers[0].name, "Retry-After");
  call->accept(true);
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("m=audio 30000"));
}

TEST_F(CallSessionTest, AReliable18xIsTheAnswer) {
  dial();
  wire->receive(InviteAnswered{reliable(183, kOffer)});
  EXPECT_THAT(news, ElementsAre(CallNews::Kind::Calling, CallNews::Kind::Progress));
  SipMessage moved = request(answer("sendrecv"));
  wire->receive(UpdateReceived{moved});  // early media moves before anybody answers
  EXPECT_EQ(wire->sent.back().what, "UPDATE 200");
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("m=audio 30000"));
  wire->receive(InviteAnswered{response(200)});  // says nothing of the media any more
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  EXPECT_EQ(last.kind, CallNews::Kind::Accepted);
}

TEST_F(CallSessionTest, SdpAfterAReliableAnswerSaysNothing) {
  dial();
  wire->receive(InviteAnswered{reliable(183, kOffer)});
  const size_t applied = audio->applied.size();
  wire->receive(InviteAnswered{response(200, "garbage")});
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  EXPECT_EQ(audio->applied.size(), applied);
}

TEST_F(CallSessionTest, AnOfferlessInviteThatWantsReliableRingingGetsTheOfferThere) {
  SipMessage invite = request();
  invite.requires100rel = true;
  call->startIncoming(invite);
  ASSERT_THAT(wire->names(), ElementsAre("180"));
  EXPECT_THAT(wire->sent[0].body.sdp, HasSubstr("m=audio 30000 RTP/AVP 0 8 101"));
  wire->receive(PrackReceived{request(kOffer)});
  EXPECT_EQ(audio->applied.size(), 1U);
  call->accept(true);
  EXPECT_EQ(wire->sent.back().what, "200");
  EXPECT_TRUE(wire->sent.back().body.sdp.empty());
  wire->receive(AckReceived{request()});
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  EXPECT_EQ(last.kind, CallNews::Kind::Accepted);
}

TEST_F(CallSessionTest, AnOfferThatPrackDoesNotAnswerIsMadeAgain) {
  SipMessage invite = request();
  invite.requires100rel = true;
  call->startIncoming(invite);
  wire->receive(PrackReceived{request()});
  call->accept(true);
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("m=audio 30000 RTP/AVP 0 8 101"));
}

TEST_F(CallSessionTest, ReliableRingingForAnOfferSaysNothingOfTheMedia) {
  SipMessage invite = request(kOffer);
  invite.requires100rel = true;
  call->startIncoming(invite);
  EXPECT_TRUE(wire->sent.back().body.sdp.empty());
  wire->receive(PrackReceived{request()});
  call->accept(true);
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("m=audio 30000 RTP/AVP 8"));
}

}  // namespace
}  // namespace genesys::sip
