#include "sip/call.hpp"

#include "sip/call_fixture.hpp"

namespace genesys::sip {
namespace {

using test::kOffer;
using test::request;
using test::response;
using testing::ElementsAre;
using testing::HasSubstr;

using CallTest = test::CallFixture;

TEST_F(CallTest, AnswersTheCallersOffer) {
  talk();
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
  EXPECT_THAT(wire->sent[1].body.sdp, HasSubstr("m=audio 30000 RTP/AVP 8"));
  ASSERT_EQ(audio->applied.size(), 1U);
  EXPECT_EQ(audio->applied[0].remoteAddress, "192.0.2.9");
  EXPECT_EQ(audio->applied[0].remotePort, 40000);
  EXPECT_EQ(call->codec(), &media::pcma());  // the far end's order counts
}

TEST_F(CallTest, RefusesWhatItCannotServe) {
  call->startIncoming(
      request("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\n"
              "t=0 0\r\nm=video 5000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"));
  call->accept(true);
  ASSERT_FALSE(wire->sent.empty());
  EXPECT_EQ(wire->sent.back().what, "488");
}

TEST_F(CallTest, RefusesGarbageAndForeignBodies) {
  call->startIncoming(request("no sdp at all"));
  EXPECT_THAT(wire->names(), ElementsAre("400"));
  EXPECT_TRUE(released);
}

TEST_F(CallTest, SaysThatABodyIsNoSdp) {
  call->startIncoming(request("hello", "text/plain"));
  EXPECT_THAT(wire->names(), ElementsAre("415"));
}

TEST_F(CallTest, OffersEverythingToAnOfferlessInvite) {
  call->startIncoming(request());
  call->accept(true);
  EXPECT_THAT(wire->sent[1].body.sdp, HasSubstr("m=audio 30000 RTP/AVP 0 8 101"));
  EXPECT_TRUE(audio->applied.empty());
  wire->receive(AckReceived{request(kOffer)});
  ASSERT_EQ(audio->applied.size(), 1U);
  EXPECT_EQ(call->state(), CallMachine::State::Established);
}

// 3PCC flow 1: the ACK brings a black hole, a BYE follows (dialect, sections 2 and 3.3).
TEST_F(CallTest, TakesABlackHoleInTheAck) {
  call->startIncoming(request());
  call->accept(true);
  wire->receive(
      AckReceived{request("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\n"
                          "t=0 0\r\nm=audio 10000 RTP/AVP 101 8 0 4 18 3\r\n")});
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  ASSERT_EQ(audio->applied.size(), 1U);
  EXPECT_TRUE(audio->applied[0].remoteAddress.empty());
}

TEST_F(CallTest, AReinviteMovesTheMediaWithoutNews) {
  talk();
  const size_t before = news.size();
  std::string moved = kOffer;
  moved.replace(moved.find("40000"), 5, "41000");
  moved.replace(moved.find("o=- 1 1"), 7, "o=- 1 2");
  wire->receive(InviteReceived{request(moved)});
  EXPECT_EQ(wire->sent.back().what, "200");
  EXPECT_EQ(audio->applied.back().remotePort, 41000);
  EXPECT_EQ(news.size(), before);
}

TEST_F(CallTest, AnOfferlessReinviteGetsAFullOfferOnTheSamePort) {
  talk();
  const auto before = origin();
  wire->receive(InviteReceived{request()});
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("m=audio 30000 RTP/AVP 0 8 101"));
  EXPECT_EQ(origin(), std::pair(before.first, before.second + 1));
  wire->receive(AckReceived{request(kOffer)});
  EXPECT_EQ(audio->applied.size(), 2U);
}

TEST_F(CallTest, ABadReinviteHurtsNothing) {
  talk();
  wire->receive(InviteReceived{request("m=audio oops")});
  EXPECT_EQ(wire->sent.back().what, "400");
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  EXPECT_EQ(audio->applied.size(), 1U);
  wire->receive(InviteReceived{request(kOffer)});
  EXPECT_EQ(wire->sent.back().what, "200");
}

TEST_F(CallTest, AnUpdateWithoutSdpIsAnswered) {
  talk();
  wire->receive(UpdateReceived{request()});
  EXPECT_EQ(wire->sent.back().what, "UPDATE 200");
}

TEST_F(CallTest, TheDesktopAnswersByNotifyTalk) {
  call->startIncoming(request(kOffer));
  SipMessage talk = request();
  talk.event = "talk";
  wire->receive(NotifyReceived{talk});
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

TEST_F(CallTest, DialsAndHearsEarlyMedia) {
  call->startOutgoing({{"X-Demo", "1"}});
  EXPECT_THAT(wire->sent[0].body.sdp, HasSubstr("m=audio 30000 RTP/AVP 0 8 101"));
  EXPECT_EQ(wire->sent[0].body.headers.at(0).name, "X-Demo");
  wire->receive(InviteAnswered{response(183, kOffer)});
  EXPECT_TRUE(call->hasAudio());
  wire->receive(InviteAnswered{response(200, kOffer)});
  EXPECT_EQ(call->state(), CallMachine::State::Established);
  EXPECT_THAT(news, ElementsAre(CallNews::Kind::Calling, CallNews::Kind::Progress,
                                CallNews::Kind::Accepted));
}

TEST_F(CallTest, AnAnswerWithoutAudioIsHungUp) {
  call->startOutgoing({});
  wire->receive(InviteAnswered{response(200)});
  EXPECT_EQ(wire->names().back(), "BYE");
  EXPECT_FALSE(audio->open);
}

TEST_F(CallTest, ClosesItsPortsWhenItEnds) {
  talk();
  wire->receive(ByeReceived{request()});
  EXPECT_FALSE(audio->open);
  EXPECT_TRUE(released);
}

TEST_F(CallTest, LearnsTheCallsUuidFromEveryMessage) {
  SipMessage invite = request(kOffer);
  invite.headers.push_back({"X-Genesys-CallUUID", "AAAA"});
  call->startIncoming(invite);
  EXPECT_EQ(call->facts().uuid, "AAAA");
  SipMessage notify = request();
  notify.headers.push_back({"x-genesys-calluuid", "BBBB"});
  wire->receive(NotifyReceived{notify});
  EXPECT_EQ(call->facts().uuid, "BBBB");
}

TEST_F(CallTest, ACancelMaySayWhy) {
  const auto reasonOf = [this](const char* header) {
    make({});
    call->startIncoming(request(kOffer));
    SipMessage cancel = request();
    cancel.reason = header;
    wire->receive(CancelReceived{cancel});
    EXPECT_EQ(last.code, 487);
    EXPECT_EQ(last.reasonHeader, header);
    return last.reason;
  };
  EXPECT_EQ(reasonOf(""), "the caller hung up");
  EXPECT_EQ(reasonOf("SIP;cause=487;text=\"Request Terminated\""), "the caller hung up");
  EXPECT_EQ(reasonOf("Q.850;cause=16;text=\"Terminated\""), "the caller hung up");
  EXPECT_EQ(reasonOf("SIP;cause=200"), "answered elsewhere");
  EXPECT_EQ(reasonOf("SIP;cause=200;text=\"answered by 7002\""), "answered by 7002");
}

TEST_F(CallTest, RingsOutInVirtualTime) {
  call->startIncoming(request(kOffer));
  scheduler.advance(Millis(60000));
  EXPECT_THAT(wire->names(), ElementsAre("180", "480"));
  EXPECT_TRUE(released);
}

}  // namespace
}  // namespace genesys::sip
