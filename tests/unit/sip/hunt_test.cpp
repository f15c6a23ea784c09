// The fork within the gateway: one dialog of the caller, real calls at its ends.
#include "sip/hunt.hpp"

#include <gmock/gmock.h>

#include "sip/dn.hpp"
#include "sip/fakes.hpp"
#include "support/virtual_scheduler.hpp"

namespace genesys::sip {
namespace {

using test::kOffer;
using test::request;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A DN with an agent who does what the test says.
class Phone : public DnObserver {
 public:
  Phone(Scheduler& scheduler, UserAgent& agent, Random& random, const std::string& number)
      : dn(scheduler, agent, random, settings(number), *this) {}

  void onRegistration(const RegistrationState&) override {}
  bool reachable() const override { return signedIn; }
  Result<std::unique_ptr<CallAudio>> openAudio(const std::string&) override {
    return std::unique_ptr<CallAudio>(std::make_unique<test::FakeAudio>(audio));
  }
  void onCallNews(Call&, const CallNews& one) override {
    if (one.kind == CallNews::Kind::HungUp) hungUp = one;
  }
  void onTalk(Call&) override {}
  void onHold(Call&) override {}
  void onCallRequest(Call&, const CallRequestNews&) override {}
  int onRefer(Call&, const ReferTarget&, const SipMessage&) override { return 603; }
  void onReferral(Call&, const Referral&, bool) override {}
  void onReferralFailed(const Referral&, const DialRefusal&) override {}
  Result<std::string, DialRefusal> onDial(const std::string& target) override { return target; }
  void onReplacement(Call&, Call&) override {}
  void onAutoAnswer(Call&) override {}
  void onChanged(Call&) override {}
  void onHoldFailed(Call&, const HoldMachine::Failed&) override {}
  void onReleased(Call&) override {}

  bool rings() { return !dn.calls().empty() && !dn.calls()[0]->answered(); }
  Call& call() { return *dn.calls().at(0); }

  bool signedIn = true;
  CallNews hungUp{};
  std::shared_ptr<test::AudioLog> audio = std::make_shared<test::AudioLog>();
  Dn dn;

 private:
  static DnSettings settings(const std::string& number) {
    DnSettings settings;
    settings.credentials.dn = number;
    settings.calls.mediaAddress = "192.0.2.1";
    settings.calls.codecs = {&media::pcmu()};
    return settings;
  }
};

class HuntTest : public testing::Test {
 protected:
  HuntTest() {
    for (const char* number : {"7001", "7002", "7003"})
      phones.push_back(std::make_unique<Phone>(scheduler, agent, random, number));
  }
  void call(bool inTurn = false) {
    std::vector<Hunt::Member> members;
    for (const auto& phone : phones)
      members.push_back({phone->dn.number(), [&phone](auto leg, const SipMessage& invite) {
                           phone->dn.invited(std::move(leg), invite);
                         }});
    hunt = std::make_unique<Hunt>(scheduler, Hunt::Order{inTurn, Millis(15000)}, std::move(members),
                                  std::make_unique<test::FakeDialog>(caller), invite,
                                  [this] { over = true; });
    hunt->start();
  }
  std::vector<bool> ringing() {
    std::vector<bool> all;
    for (const auto& phone : phones) all.push_back(phone->rings());
    return all;
  }

  genesys::test::VirtualScheduler scheduler;
  test::FakeUserAgent agent;
  Random random{1};
  SipMessage invite = request(kOffer);
  std::shared_ptr<test::Wire> caller = std::make_shared<test::Wire>();
  std::vector<std::unique_ptr<Phone>> phones;
  bool over = false;
  std::unique_ptr<Hunt> hunt;
};

TEST_F(HuntTest, TheFirstWhoAnswersHasTheCall) {
  call();
  EXPECT_THAT(ringing(), ElementsAre(true, true, true));
  EXPECT_THAT(caller->names(), ElementsAre("180")) << "one 180 of three";
  phones[1]->call().accept(true);
  EXPECT_THAT(caller->names(), ElementsAre("180", "200"));
  EXPECT_THAT(caller->sent.back().body.sdp, HasSubstr("m=audio 30000"));
  EXPECT_TRUE(over);
  EXPECT_THAT(ringing(), ElementsAre(false, false, false));
  for (const size_t other : {0U, 2U}) {
    EXPECT_TRUE(phones[other]->dn.calls().empty());
    EXPECT_EQ(phones[other]->hungUp.reason, "answered by 7002");
    EXPECT_THAT(phones[other]->hungUp.reasonHeader, HasSubstr("cause=200"));
    EXPECT_FALSE(phones[other]->audio->open);
  }
  EXPECT_TRUE(phones[1]->audio->open);
}

TEST_F(HuntTest, AnAnsweredCallIsLikeAnyOther) {
  call();
  phones[2]->call().accept(true);
  hunt.reset();
  scheduler.advance(Millis(10));
  caller->receive(AckReceived{request()});
  EXPECT_EQ(phones[2]->call().state(), CallMachine::State::Established);
  caller->receive(InviteReceived{request(kOffer)});
  EXPECT_EQ(caller->names().back(), "200");
  phones[2]->call().hold(sdp::Direction::SendOnly);
  EXPECT_EQ(caller->names().back(), "INVITE");
  phones[2]->call().hangUp();
  EXPECT_EQ(caller->names().back(), "BYE");
  caller->receive(ByeAnswered{200});
  EXPECT_TRUE(phones[2]->dn.calls().empty());
  scheduler.advance(Millis(10));
  EXPECT_EQ(caller->owner, nullptr);
}

TEST_F(HuntTest, AnAnswerMayWaitForAudioAndLose) {
  call();
  phones[0]->call().accept(false);
  phones[1]->call().accept(true);
  EXPECT_EQ(phones[0]->hungUp.reason, "answered by 7002");
  EXPECT_THAT(caller->names(), ElementsAre("180", "200"));
}

TEST_F(HuntTest, WhoeverDeclinesLeavesTheOthersRinging) {
  call();
  phones[0]->call().decline(603);
  phones[1]->call().decline(486);
  EXPECT_THAT(ringing(), ElementsAre(false, false, true));
  EXPECT_THAT(caller->names(), ElementsAre("180"));
  scheduler.advance(Seconds(60));
  EXPECT_THAT(caller->names(), ElementsAre("180", "486")) << "the third did not pick up";
  EXPECT_TRUE(over);
}

TEST_F(HuntTest, NobodyIsSignedIn) {
  for (const auto& phone : phones) phone->signedIn = false;
  call();
  EXPECT_THAT(caller->names(), ElementsAre("480"));
  EXPECT_TRUE(over);
}

TEST_F(HuntTest, TheCallerHangsUp) {
  call();
  SipMessage cancel = request();
  cancel.reason = "SIP;cause=200;text=\"Call completed elsewhere\"";
  caller->receive(CancelReceived{cancel});
  EXPECT_THAT(ringing(), ElementsAre(false, false, false));
  EXPECT_EQ(phones[0]->hungUp.code, 487);
  EXPECT_EQ(phones[0]->hungUp.reason, "Call completed elsewhere");
  EXPECT_THAT(caller->names(), ElementsAre("180")) << "the stack has sent the 487";
  caller->receive(DialogTerminated{487, "Request Terminated"});
  hunt.reset();
  EXPECT_EQ(caller->owner, nullptr);
}

TEST_F(HuntTest, InTurnEachHasItsTime) {
  phones[1]->signedIn = false;
  call(true);
  EXPECT_THAT(ringing(), ElementsAre(true, false, false));
  scheduler.advance(Seconds(15));
  EXPECT_THAT(ringing(), ElementsAre(false, false, true)) << "7002 has nobody";
  EXPECT_EQ(phones[0]->hungUp.reason, "the next DN rings");
  EXPECT_THAT(caller->names(), ElementsAre("180", "180"));
  phones[2]->call().accept(true);
  EXPECT_EQ(caller->names().back(), "200");
  scheduler.advance(Seconds(15));
  EXPECT_TRUE(phones[2]->call().answered());
}

TEST_F(HuntTest, InTurnNobodyAnswers) {
  call(true);
  scheduler.advance(Seconds(45));
  EXPECT_THAT(caller->names(), ElementsAre("180", "180", "180", "480"));
  EXPECT_TRUE(over);
  EXPECT_THAT(ringing(), ElementsAre(false, false, false));
}

TEST_F(HuntTest, InTurnTheLastOneIsReachedThroughManyWhoAreNot) {
  phones[0]->signedIn = phones[1]->signedIn = false;
  call(true);
  EXPECT_THAT(ringing(), ElementsAre(false, false, true));
  phones[2]->call().decline(486);
  EXPECT_THAT(caller->names(), ElementsAre("180", "486"));
  EXPECT_EQ(scheduler.pendingTimers(), 1U) << "released calls only";
}

TEST_F(HuntTest, EarlyMediaOfOneAmongSeveralIsRingingToTheCaller) {
  call();
  phones[0]->call().sendProgress({});
  EXPECT_THAT(caller->names(), ElementsAre("180"));
  phones[0]->call().accept(true);
  EXPECT_THAT(caller->sent.back().body.sdp, HasSubstr("m=audio"));
}

// The 180 would have to carry an offer, and whose?
TEST_F(HuntTest, NoReliableRingingWithoutAnOffer) {
  invite = request();
  invite.requires100rel = true;
  call();
  EXPECT_THAT(ringing(), ElementsAre(true, true, true));
  EXPECT_THAT(caller->names(), IsEmpty());
  phones[1]->call().accept(true);
  EXPECT_THAT(caller->names(), ElementsAre("200"));
  EXPECT_THAT(caller->sent.back().body.sdp, HasSubstr("m=audio 30000"));
}

TEST_F(HuntTest, RequestsBeforeTheAnswerAreAnswered) {
  call();
  caller->receive(UpdateReceived{request(kOffer)});
  EXPECT_EQ(caller->names().back(), "UPDATE 500");
  caller->receive(ReferReceived{request()});
  EXPECT_EQ(caller->names().back(), "REFER 603");
}

TEST_F(HuntTest, TheGatewayGivesUp) {
  call(true);
  hunt->giveUp(503);
  EXPECT_THAT(caller->names(), ElementsAre("180", "503"));
  EXPECT_EQ(phones[0]->hungUp.reason, "the gateway gave up");
  EXPECT_THAT(ringing(), ElementsAre(false, false, false));
}

TEST_F(HuntTest, ACallMayOutliveTheHuntThatRangIt) {
  call();
  hunt.reset();
  phones[0]->call().accept(true);  // leads nowhere
  EXPECT_THAT(caller->names(), ElementsAre("180"));
  EXPECT_EQ(caller->owner, nullptr);
}

}  // namespace
}  // namespace genesys::sip
