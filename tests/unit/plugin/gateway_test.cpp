#include "plugin/gateway.hpp"

#include "plugin/gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using test::GatewayFixture;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

using SignInTest = GatewayFixture;

TEST_F(SignInTest, RegistersTheDnAndTellsThePage) {
  const Page page = open();
  ask(page, credentials("7002"));
  EXPECT_EQ(page.janus->expect("registering").transaction, "t");
  EXPECT_THAT(agent->registers, ElementsAre("REGISTER 1800"));
}

TEST_F(SignInTest, TellsAnUnknownDnNoMoreThanAWrongPassword) {
  const Page page = open();
  ask(page, credentials("7999", "password of 7999"));
  page.janus->expect("error bad_credential");
  ask(page, credentials("7002", "something else"));
  page.janus->expect("error bad_credential");
  EXPECT_THAT(agent->registers, IsEmpty());
}

TEST_F(SignInTest, WantsASignInBeforeAnythingElse) {
  const Page page = open();
  ask(page, api::Call{"5551234", {}, false}, offer());
  page.janus->expect("error wrong_state");
  ask(page, api::Update{}, offer());
  page.janus->expect("error wrong_state");
}

TEST_F(SignInTest, TheSameSubjectTakesOverAndTheOldPageIsTold) {
  const Page first = signIn();
  const Page second = open();
  ask(second, credentials("7002"));
  first.janus->expect("taken_over");
  second.janus->expect("registered");
  ask(first, api::Query{});
  first.janus->expect("error wrong_state");
}

TEST_F(SignInTest, GivesTheBindingBackAtSignOut) {
  const Page page = signIn();
  ask(page, api::Unregister{});
  EXPECT_EQ(page.janus->expect("unregistering").transaction, "t");
  page.janus->expect("unregistered");
  EXPECT_THAT(agent->registers, Contains("QUERY"));
}

TEST_F(SignInTest, ALostPageKeepsTheDnRegisteredForTheWindow) {
  const Page page = signIn();
  gateway->removeSession(page.id);
  scheduler.advance(Seconds(29));
  EXPECT_THAT(agent->registers, Not(Contains("QUERY")));
  scheduler.advance(Seconds(1));
  EXPECT_THAT(agent->registers, Contains("QUERY"));
}

TEST_F(SignInTest, SaysWhyTheDnIsNotInService) {
  const Page page = open();
  ask(page, credentials("7002"));
  page.janus->expect("registering");
  sip::RegistrationMachine::Answer unknown;
  unknown.status = 404;
  unknown.phrase = "Not Found";
  agent->port->answer(unknown);
  const auto failed = page.janus->expect("registration_failed");
  EXPECT_THAT(std::get<api::RegistrationFailed>(*failed.event).reason,
              testing::HasSubstr("does not know this DN"));
  ask(page, api::Call{"5551234", {}, false}, offer());
  page.janus->expect("error not_in_service");
}

using CallTest = GatewayFixture;

TEST_F(CallTest, RingsAndIsAnsweredOnTheStandingPeerConnection) {
  const Page page = signInWithAudio();
  const auto wire = invite();
  const auto incoming = page.janus->expect("incomingcall");
  EXPECT_FALSE(incoming.jsep);
  ask(page, api::Accept{});
  EXPECT_EQ(page.janus->expect("accepting").transaction, "t");
  page.janus->expect("accepted");
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  EXPECT_EQ(media.legs[0]->params.remoteRtp->port, 40000);
}

TEST_F(CallTest, NobodySignedInIsTemporarilyUnavailable) {
  EXPECT_THAT(invite()->names(), ElementsAre("480"));
  EXPECT_THAT(invite("4711")->names(), ElementsAre("404"));
}

TEST_F(CallTest, OffersAPeerConnectionPerCall) {
  const Page page = signIn();
  const auto wire = invite();
  const auto incoming = page.janus->expect("incomingcall");
  ASSERT_TRUE(incoming.jsep);
  EXPECT_EQ(incoming.jsep->type, api::Jsep::Type::Offer);
  ask(page, api::Accept{}, api::Jsep{api::Jsep::Type::Answer, test::kBrowserOffer});
  page.janus->expect("accepting");
  EXPECT_THAT(wire->names(), ElementsAre("180"));  // not before the browser can speak
  gateway->peerConnectionUp(page.id);
  page.janus->expect("accepted");
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
  wire->receive(sip::ByeReceived{sip::test::request()});
  page.janus->expect("close_pc");  // it goes with its call
}

TEST_F(CallTest, AcceptMayBringAnOfferInstead) {
  const Page page = open();
  api::Register request = credentials("7002");
  request.incomingOffer = false;
  ask(page, request);
  page.janus->expect("registering");
  invite();
  EXPECT_FALSE(page.janus->expect("incomingcall").jsep);
  ask(page, api::Accept{});
  page.janus->expect("error missing_jsep");
  ask(page, api::Accept{}, offer());
  EXPECT_TRUE(page.janus->expect("accepting").jsep);
}

TEST_F(CallTest, AnAnswerOwedComesWithTheFirstNewsOfAudio) {
  const Page page = signIn();
  ask(page, api::Call{"5551234", {}, false}, offer());
  EXPECT_FALSE(page.janus->expect("calling").jsep);
  agent->wire->receive(sip::InviteAnswered{sip::test::response(180)});
  EXPECT_FALSE(page.janus->expect("ringing").jsep);
  agent->wire->receive(sip::InviteAnswered{sip::test::response(183, sip::test::kOffer)});
  EXPECT_TRUE(page.janus->expect("progress").jsep);
  agent->wire->receive(sip::InviteAnswered{sip::test::response(200, sip::test::kOffer)});
  EXPECT_FALSE(page.janus->expect("accepted").jsep);
}

TEST_F(CallTest, AnEarlyAnswerComesWithCalling) {
  const Page page = signIn();
  ask(page, api::Call{"5551234", {}, true}, offer());
  EXPECT_TRUE(page.janus->expect("calling").jsep);
}

TEST_F(CallTest, OnlyListedHeadersGoOut) {
  const Page page = signInWithAudio();
  ask(page, api::Call{"5551234", {{"Contact", "<sip:evil>"}}, false});
  page.janus->expect("error header_not_allowed");
  ask(page, api::Call{"5551234", {{"X-Demo-Id", "7"}}, false});
  page.janus->expect("calling");
  EXPECT_EQ(agent->wire->sent.at(0).body.headers.at(0).name, "X-Demo-Id");
}

TEST_F(CallTest, TheDesktopMayAnswer) {
  const Page page = signInWithAudio();
  const auto wire = invite();
  sip::SipMessage talk = sip::test::request();
  talk.event = "talk";
  wire->receive(sip::NotifyReceived{talk});
  page.janus->expect("accepted");
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
}

TEST_F(CallTest, DigitsTravelBothWays) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, api::SendDigit{std::nullopt, '5', Millis(160)});
  page.janus->expect("dtmfsent");
  EXPECT_EQ(media.legs[0]->digits, "5");
  media.observers[0](media::DigitReceived{'9', Millis(100)});
  scheduler.runPosted();
  EXPECT_EQ(std::get<api::DigitReceived>(*page.janus->expect("dtmf").event).digit, '9');
}

TEST_F(CallTest, OneWayAudioIsNamedOnceTheCallIsAnswered) {
  const Page page = signInWithAudio();
  talk(page);
  EXPECT_TRUE(media.legs[0]->expecting);
  media.observers[0](media::AudioMissing{.from = {"192.0.2.9", 40000}});
  scheduler.runPosted();
  const auto missing = std::get<api::AudioNews>(*page.janus->expect("audio").event);
  EXPECT_FALSE(missing.received);
  EXPECT_EQ(missing.reason, "nothing received from 192.0.2.9:40000 since the media moved");
  media.observers[0](media::AudioReturned{});
  scheduler.runPosted();
  EXPECT_TRUE(std::get<api::AudioNews>(*page.janus->expect("audio").event).received);
}

TEST_F(CallTest, DigitsInBandNameNoTelephoneEvent) {
  config.dns["7002"].digits = settings::DigitMode::InBand;
  reopen();
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  EXPECT_THAT(wire->sent.back().body.sdp, testing::Not(testing::HasSubstr("telephone-event")));
  EXPECT_TRUE(media.legs[0]->params.digitsAsTones);
  ask(page, api::SendDigit{std::nullopt, '5', Millis(160)});
  page.janus->expect("dtmfsent");
  EXPECT_EQ(media.legs[0]->digits, "5");
}

TEST_F(CallTest, SignOutWaitsForTheCall) {
  const Page page = signInWithAudio();
  talk(page);
  ask(page, api::Unregister{});
  page.janus->expect("error call_in_progress");
}

TEST_F(CallTest, SeveralCallsMustBeNamed) {
  const Page page = signInWithAudio();
  invite();
  invite();
  ask(page, api::Accept{});
  page.janus->expect("error missing_field");
  ask(page, api::Accept{"no such id", {}});
  page.janus->expect("error no_such_call");
}

TEST_F(CallTest, TheCallAnsweredLastIsHeard) {
  const Page page = signInWithAudio();
  talk(page);
  const auto second = talk(page);
  EXPECT_EQ(media.legs[0]->joined, nullptr);
  EXPECT_EQ(media.legs[1]->joined, media.browsers[0]);
  second->receive(sip::ByeReceived{sip::test::request()});
  EXPECT_EQ(media.legs[0]->joined, nullptr) << "on hold until it is retrieved";
}

using ResumeTest = GatewayFixture;

TEST_F(ResumeTest, TheCallOutlivesThePageAndComesBack) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  gateway->removeSession(page.id);
  EXPECT_EQ(media.legs[0]->joined, nullptr);  // comfort noise
  scheduler.advance(Seconds(20));
  EXPECT_THAT(wire->names(), Not(Contains("BYE")));

  const Page again = open();
  ask(again, credentials("7002"));
  const auto session = std::get<api::Registered>(*again.janus->expect("registered").event).session;
  ASSERT_EQ(session.calls.size(), 1U);
  EXPECT_EQ(session.calls[0].state, "established");
  bringAudioUp(again);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[1]);
  scheduler.advance(Seconds(60));
  EXPECT_THAT(wire->names(), Not(Contains("BYE")));
}

TEST_F(ResumeTest, AfterTheWindowTheCallEndsCleanly) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  gateway->removeSession(page.id);
  scheduler.advance(Millis(29999));
  EXPECT_THAT(wire->names(), Not(Contains("BYE")));
  scheduler.advance(Millis(1));
  EXPECT_THAT(wire->names(), Contains("BYE"));
  EXPECT_TRUE(media.legs[0]->closed);
}

TEST_F(ResumeTest, ALostPeerConnectionHasTheSameWindow) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  gateway->peerConnectionDown(page.id);
  EXPECT_EQ(media.legs[0]->joined, nullptr);
  scheduler.advance(Seconds(25));
  bringAudioUp(page);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[1]);
  gateway->peerConnectionDown(page.id);
  scheduler.advance(Seconds(30));
  EXPECT_THAT(wire->names(), Contains("BYE"));
  page.janus->expect("hangup");
}

TEST_F(ResumeTest, ReturningLateStillGivesTimeForTheAudio) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  gateway->removeSession(page.id);
  scheduler.advance(Seconds(29));
  const Page again = open();
  ask(again, credentials("7002"));
  again.janus->expect("registered");
  scheduler.advance(Seconds(5));
  EXPECT_THAT(wire->names(), Not(Contains("BYE")));
}

TEST_F(ResumeTest, ARingingCallWaitsForThePage) {
  const Page page = signInWithAudio();
  gateway->removeSession(page.id);
  const auto wire = invite();
  EXPECT_THAT(wire->names(), ElementsAre("180"));
  const Page again = open();
  ask(again, credentials("7002"));
  const auto session = std::get<api::Registered>(*again.janus->expect("registered").event).session;
  ASSERT_EQ(session.calls.size(), 1U);
  EXPECT_EQ(session.calls[0].state, "ringing");
  bringAudioUp(again);
  ask(again, api::Accept{session.calls[0].callId, {}});
  again.janus->expect("accepted");
}

TEST_F(ResumeTest, TakingOverMovesTheAudio) {
  const Page first = signInWithAudio();
  talk(first);
  const Page second = open();
  ask(second, credentials("7002"), offer());
  first.janus->expect("taken_over");
  first.janus->expect("close_pc");
  second.janus->expect("registered");
  gateway->peerConnectionUp(second.id);
  EXPECT_EQ(media.legs[0]->joined, media.browsers[1]);
  gateway->removeSession(first.id);  // late: means nothing any more
  EXPECT_EQ(media.legs[0]->joined, media.browsers[1]);
}

TEST_F(ResumeTest, ShutsDownCleanly) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  bool done = false;
  gateway->shutDown(Millis(3000), [&] { done = true; });
  EXPECT_THAT(wire->names(), Contains("BYE"));
  EXPECT_FALSE(done);
  scheduler.advance(Millis(5000));
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace genesys::plugin
