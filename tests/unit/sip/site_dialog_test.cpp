#include "sip/site_dialog.hpp"

#include <gmock/gmock.h>

#include "sip/fakes.hpp"

namespace genesys::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SiteDialogTest : public testing::Test, public DialogOwner {
 protected:
  SiteDialogTest() {
    dialog.setOwner(this);
    dialog.invite({"offer", {{"X-A", "1"}}});
  }
  void onDialogEvent(const DialogEvent& event) override {
    if (const auto* answered = std::get_if<InviteAnswered>(&event))
      told.push_back(answered->message.status);
  }
  static InviteAnswered answered(int status) {
    SipMessage message;
    message.status = status;
    return {message};
  }

  std::vector<int> told;
  std::shared_ptr<test::Wire> first = std::make_shared<test::Wire>();
  std::shared_ptr<test::Wire> second = std::make_shared<test::Wire>();
  SiteDialog dialog{std::make_unique<test::FakeDialog>(first),
                    [this] { return std::make_unique<test::FakeDialog>(second); }};
};

TEST_F(SiteDialogTest, APeerSiteTakesTheCallOfOneThatShutsDown) {
  for (const int status : {100, 603}) first->receive(answered(status));
  EXPECT_THAT(told, ElementsAre(100));
  ASSERT_THAT(second->names(), ElementsAre("INVITE"));
  EXPECT_EQ(second->sent[0].body.sdp, "offer");
  EXPECT_EQ(second->sent[0].body.headers.at(0).value, "1");
  second->receive(answered(200));
  EXPECT_THAT(told, ElementsAre(100, 200));
  dialog.bye("");
  EXPECT_THAT(second->names(), ElementsAre("INVITE", "BYE"));
  EXPECT_EQ(first->owner, nullptr);
}

TEST_F(SiteDialogTest, ItIsTriedOnce) {
  first->receive(answered(302));
  second->receive(answered(603));
  EXPECT_THAT(told, ElementsAre(603));
}

TEST_F(SiteDialogTest, WhatTheCalledPartySaysStands) {
  first->receive(answered(180));
  first->receive(answered(603));  // somebody has declined
  EXPECT_THAT(told, ElementsAre(180, 603));
  EXPECT_THAT(second->names(), IsEmpty());
}

TEST_F(SiteDialogTest, OtherRefusalsStand) {
  first->receive(answered(404));
  EXPECT_THAT(told, ElementsAre(404));
  EXPECT_THAT(second->names(), IsEmpty());
}

TEST_F(SiteDialogTest, ACancelledCallIsNotMadeAgain) {
  dialog.cancel();
  first->receive(answered(603));
  EXPECT_THAT(told, ElementsAre(603));
  EXPECT_THAT(second->names(), IsEmpty());
}

}  // namespace
}  // namespace genesys::sip
