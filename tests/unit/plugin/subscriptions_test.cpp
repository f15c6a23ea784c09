// SUBSCRIBE for a page, `progress`, and a sign-out as clients of Janus's SIP plugin expect it, with
// the whole control side in memory.
#include <gmock/gmock.h>

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class SubscriptionsTest : public test::GatewayFixture {
 protected:
  SubscriptionsTest() { config.agent.subscribeEvents = {"message-summary", "presence"}; }
  static api::Subscribe about(const char* event, const char* user = "") {
    api::Subscribe request;
    request.event = event;
    request.target = user;
    return request;
  }
  static sip::SipMessage notify(const char* state) {
    sip::SipMessage message = sip::test::request("Messages-Waiting: yes", "text/plain");
    message.event = "message-summary";
    message.headers = {{"Subscription-State", state}};
    return message;
  }
};

TEST_F(SubscriptionsTest, NewsReachThePage) {
  const Page page = signIn();
  ask(page, about("message-summary"));
  EXPECT_EQ(page.janus->expect("subscribing").transaction, "t");
  EXPECT_THAT(agent->subscriptions, ElementsAre("message-summary of 7002, 1800 s"));
  agent->subscriptionNews(sip::Subscription::Answered{200, "OK"});
  const auto done =
      std::get<api::SubscribeSucceeded>(*page.janus->expect("subscribe_succeeded").event);
  EXPECT_EQ(done.target, "7002");
  agent->subscriptionNews(sip::Subscription::Answered{200, "OK"});  // a refresh is no news
  agent->subscriptionNews(sip::Subscription::Notified{notify("active;expires=60")});
  const auto told = std::get<api::Notify>(*page.janus->expect("notify").event);
  EXPECT_EQ(told.substate, "active");
  EXPECT_EQ(told.target, "7002");
  EXPECT_EQ(told.text.content, "Messages-Waiting: yes");
  ask(page, about("message-summary"));
  EXPECT_EQ(page.janus->expect("subscribing").transaction, "t");
  EXPECT_EQ(agent->subscriptions.back(), "refresh 1800");
  ask(page, api::Unsubscribe{"message-summary", ""});
  page.janus->expect("unsubscribing");
  EXPECT_EQ(agent->subscriptions.back(), "ended");
  ask(page, api::Unsubscribe{"message-summary", ""});
  page.janus->expect("error wrong_state");
}

TEST_F(SubscriptionsTest, ARefusedOrTerminatedOneIsGone) {
  const Page page = signIn();
  ask(page, about("presence", "7001"));
  agent->subscriptionNews(sip::Subscription::Answered{489, "Bad Event"});
  EXPECT_EQ(std::get<api::SubscribeFailed>(*page.janus->expect("subscribe_failed").event).code,
            489);
  scheduler.advance(Millis(0));
  EXPECT_EQ(agent->subscriptions.back(), "ended");
  ask(page, about("message-summary"));
  agent->subscriptionNews(sip::Subscription::Notified{notify("terminated;reason=noresource")});
  page.janus->expect("notify");
  scheduler.advance(Millis(0));
  ask(page, api::Unsubscribe{"message-summary", ""});
  page.janus->expect("error wrong_state");
}

TEST_F(SubscriptionsTest, OnlyConfiguredPackagesAndNotForEver) {
  const Page page = signIn();
  ask(page, about("winfo"));
  page.janus->expect("error invalid_field");
  for (int i = 0; i < 16; ++i) ask(page, about("presence", std::to_string(7100 + i).c_str()));
  ask(page, about("presence", "7200"));
  EXPECT_EQ(std::get<api::SubscribeFailed>(*page.janus->expect("subscribe_failed").event).code,
            503);
  ask(page, api::Unregister{});
  EXPECT_THAT(agent->subscriptions, Contains("ended").Times(16));
}

using ProgressTest = test::GatewayFixture;

TEST_F(ProgressTest, TheAgentIsHeardBeforeTheAnswer) {
  const Page page = signInWithAudio();
  const auto wire = invite();
  page.janus->expect("incomingcall");
  ask(page, api::SendProgress{std::nullopt, {{"X-Demo-A", "1"}}});
  EXPECT_EQ(page.janus->expect("progress").transaction, "t");
  EXPECT_THAT(wire->names(), ElementsAre("180", "183"));
  EXPECT_THAT(wire->sent.back().body.sdp, HasSubstr("m=audio 30000"));
  EXPECT_EQ(media.legs[0]->joined, media.browsers[0]);
  const std::string early = wire->sent.back().body.sdp;
  ask(page, api::SendProgress{});
  page.janus->expect("error wrong_state");
  ask(page, api::Accept{});
  page.janus->expect("accepted");
  EXPECT_EQ(wire->sent.back().what, "200");
  EXPECT_EQ(wire->sent.back().body.sdp, early) << "RFC 3261 section 13.2.1";
}

TEST_F(ProgressTest, CanBeDeclinedAfterIt) {
  const Page page = signInWithAudio();
  const auto wire = invite();
  ask(page, api::SendProgress{});
  ask(page, api::Decline{});
  page.janus->expect("hangup");
  EXPECT_THAT(wire->names(), ElementsAre("180", "183", "486"));
  EXPECT_EQ(media.legs[0]->joined, nullptr);
}

TEST_F(ProgressTest, NotWithoutAnOfferAndNotWithForeignHeaders) {
  const Page page = signInWithAudio();
  const auto wire = invite();
  ask(page, api::SendProgress{std::nullopt, {{"From", "x"}}});
  page.janus->expect("error header_not_allowed");
  ask(page, api::Decline{});
  page.janus->expect("hangup");
  sip::SipMessage offerless = sip::test::request();
  offerless.requestUser = "7002";
  gateway->invited(std::make_unique<sip::test::FakeDialog>(std::make_shared<sip::test::Wire>()),
                   offerless);
  ask(page, api::SendProgress{});
  page.janus->expect("error wrong_state");
}

}  // namespace
}  // namespace genesys::plugin
