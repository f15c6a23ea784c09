#include "sip/dn.hpp"

#include <gmock/gmock.h>

#include "sip/fakes.hpp"
#include "support/virtual_scheduler.hpp"

namespace genesys::sip {
namespace {

using test::kOffer;
using test::request;
using testing::ElementsAre;

class DnTest : public testing::Test, public DnObserver {
 protected:
  void onRegistration(const RegistrationState&) override {}
  bool reachable() const override { return agentThere; }
  Result<std::unique_ptr<CallAudio>> openAudio(const std::string&) override {
    if (noPorts) return Failure{std::string("no port left in 30000-30001")};
    return std::unique_ptr<CallAudio>(std::make_unique<test::FakeAudio>(audio));
  }
  void onCallNews(Call&, const CallNews& one) override { news.push_back(one.kind); }
  void onTalk(Call&) override {}
  void onHold(Call&) override {}
  void onCallRequest(Call&, const CallRequestNews&) override {}
  int onRefer(Call&, const ReferTarget&, const SipMessage&) override { return 603; }
  void onReferral(Call&, const Referral& referral, bool) override { referrals.push_back(referral); }
  void onReferralFailed(const Referral& referral, const DialRefusal& refusal) override {
    failed.push_back(referral.target.user + ": " + refusal.reason);
  }
  Result<std::string, DialRefusal> onDial(const std::string& target) override {
    if (target.starts_with("0900")) return Failure{DialRefusal{DialRefusal::Kind::Denied, "no"}};
    return target.starts_with("0") ? "9" + target : target;
  }
  std::vector<std::string> failed;
  void onReplacement(Call& call, Call& old) override {
    call.accept(true);
    old.giveUp(200, "replaced");
  }
  std::vector<Referral> referrals;
  void onAutoAnswer(Call&) override {}
  void onChanged(Call&) override {}
  void onHoldFailed(Call&, const HoldMachine::Failed&) override {}
  void onReleased(Call&) override { ++released; }

  std::shared_ptr<test::Wire> invite() {
    auto wire = std::make_shared<test::Wire>();
    dn.invited(std::make_unique<test::FakeDialog>(wire), request(kOffer));
    return wire;
  }
  std::shared_ptr<test::Wire> established() {
    auto wire = invite();
    dn.calls().front()->accept(true);
    wire->receive(AckReceived{request()});
    return wire;
  }
  void refer(const std::shared_ptr<test::Wire>& wire, const std::string& to) {
    SipMessage message = request();
    message.referTo = to;
    wire->receive(ReferReceived{message});
    scheduler.advance(Millis(1));
  }
  static DnSettings settings() {
    DnSettings settings;
    settings.credentials.dn = "7001";
    settings.calls.mediaAddress = "192.0.2.1";
    settings.calls.codecs = {&media::pcmu()};
    settings.maxCalls = 2;
    return settings;
  }

  bool agentThere = true;
  bool noPorts = false;
  int released = 0;
  std::vector<CallNews::Kind> news;
  std::shared_ptr<test::AudioLog> audio = std::make_shared<test::AudioLog>();
  genesys::test::VirtualScheduler scheduler;
  test::FakeUserAgent agent;
  Random random{1};
  Dn dn{scheduler, agent, random, settings(), *this};
};

TEST_F(DnTest, RingsAndForgetsACallThatEnded) {
  const auto wire = invite();
  ASSERT_EQ(dn.calls().size(), 1U);
  EXPECT_EQ(dn.find(dn.calls()[0]->facts().id), dn.calls()[0]);
  wire->receive(CancelReceived{request()});
  EXPECT_TRUE(dn.calls().empty());
  EXPECT_EQ(released, 1);
  scheduler.advance(Millis(10));
  EXPECT_EQ(wire->owner, nullptr) << "the call is gone with its dialog";
}

TEST_F(DnTest, ACallThatRingsByBothSitesRingsOnce) {
  const auto first = invite();
  SipMessage again = request(kOffer);
  again.site = 1;
  const auto second = std::make_shared<test::Wire>();
  dn.invited(std::make_unique<test::FakeDialog>(second), again);
  EXPECT_THAT(second->names(), ElementsAre("486"));
  again.fromUri = "sip:5559999@second";  // somebody else
  const auto other = std::make_shared<test::Wire>();
  dn.invited(std::make_unique<test::FakeDialog>(other), again);
  EXPECT_EQ(other->names().front(), "180");
  EXPECT_EQ(dn.calls().size(), 2U);
}

TEST_F(DnTest, TurnsCallersAwayWhenNobodyIsSignedIn) {
  agentThere = false;
  EXPECT_THAT(invite()->names(), ElementsAre("480"));
  EXPECT_TRUE(news.empty());
}

TEST_F(DnTest, IsBusyWhenItsCallsAreFull) {
  invite();
  invite();
  EXPECT_THAT(invite()->names(), ElementsAre("486"));
}

TEST_F(DnTest, ExhaustedPortsRefuseTheNewCallOnly) {
  invite();
  noPorts = true;
  EXPECT_THAT(invite()->names(), ElementsAre("503"));
  EXPECT_EQ(dn.calls().size(), 1U);
  EXPECT_FALSE(dn.dial("123", {}));
}

TEST_F(DnTest, DialsThroughTheUserAgent) {
  const auto call = dn.dial("5551234", {});
  ASSERT_TRUE(call);
  EXPECT_EQ(call.value()->facts().peerUri, "sip:5551234@server");
  EXPECT_THAT(agent.wire->names(), ElementsAre("INVITE"));
}

TEST_F(DnTest, TheObserverSaysWhatIsDialled) {
  EXPECT_EQ(dn.dial("05551234", {}).value()->facts().peerUri, "sip:905551234@server");
  const auto denied = dn.dial("0900123", {});
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().kind, DialRefusal::Kind::Denied);
  EXPECT_THAT(agent.wire->names(), ElementsAre("INVITE"));
  ASSERT_TRUE(dn.dial("1", {}));
  EXPECT_EQ(dn.dial("2", {}).error().kind, DialRefusal::Kind::TooManyCalls);
}

TEST_F(DnTest, AReferralGoesTheSameWay) {
  const auto wire = established();
  refer(wire, "<sip:0900123@server>");
  EXPECT_THAT(failed, ElementsAre("0900123: no"));
  EXPECT_EQ(wire->names().back(), "NOTIFY 403");
  refer(wire, "<sip:05551234@server>");
  EXPECT_EQ(wire->names().back(), "NOTIFY 100");
  EXPECT_EQ(dn.calls().back()->facts().peerUri, "sip:905551234@server");
}

// Nobody new is called: SIP Server names a dialog that it has.
TEST_F(DnTest, AReferralThatReplacesIsNotRouted) {
  const auto wire = established();
  refer(wire, "<sip:0900123@server?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>");
  EXPECT_TRUE(failed.empty());
  EXPECT_EQ(dn.calls().back()->facts().peerUri, "sip:0900123@server");
}

TEST_F(DnTest, ALostCancelHoldsNothingForEver) {
  ASSERT_TRUE(dn.dial("5551234", {}));
  dn.calls()[0]->hangUp();
  EXPECT_TRUE(dn.calls().empty());
  EXPECT_EQ(released, 0);
  scheduler.advance(Seconds(34));
  EXPECT_EQ(released, 1);
  EXPECT_EQ(scheduler.pendingTimers(), 0U);
}

}  // namespace
}  // namespace genesys::sip
