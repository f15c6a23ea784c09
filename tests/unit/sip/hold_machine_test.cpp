#include "sip/hold_machine.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

using Machine = HoldMachine;
using sdp::Direction;

class HoldMachineTest : public testing::Test {
 protected:
  const Machine::Actions& on(const Machine::Event& event) {
    return actions = machine.on(event, random);
  }
  template <class Action>
  const Action* only() const {
    return actions.size() == 1 ? std::get_if<Action>(&actions[0]) : nullptr;
  }
  void ready() { EXPECT_TRUE(on(Machine::Ready{}).empty()); }
  void hold() {
    on(Machine::Want{Direction::SendOnly});
    on(Machine::Answered{200, "OK", true});
    ASSERT_TRUE(machine.held());
  }

  Random random{7};
  Machine machine{false};
  Machine::Actions actions;
};

TEST_F(HoldMachineTest, HoldsAndRetrieves) {
  ready();
  on(Machine::Want{Direction::SendOnly});
  ASSERT_TRUE(only<Machine::SendOffer>());
  EXPECT_EQ(only<Machine::SendOffer>()->direction, Direction::SendOnly);
  EXPECT_FALSE(machine.held());  // not before the far end has agreed
  on(Machine::Answered{200, "OK", true});
  EXPECT_TRUE(only<Machine::Changed>());
  EXPECT_TRUE(machine.held());
  on(Machine::Want{Direction::SendRecv});
  on(Machine::Answered{200, "OK", true});
  EXPECT_FALSE(machine.held());
}

TEST_F(HoldMachineTest, WaitsForTheCallToBeEstablished) {
  EXPECT_TRUE(on(Machine::Want{Direction::SendOnly}).empty());
  on(Machine::Ready{});
  EXPECT_TRUE(only<Machine::SendOffer>());
}

TEST_F(HoldMachineTest, OneReinviteAtATimeAndTheLastWishCounts) {
  ready();
  on(Machine::Want{Direction::SendOnly});
  EXPECT_TRUE(on(Machine::Want{Direction::SendRecv}).empty());
  on(Machine::Answered{200, "OK", true});  // of the hold
  ASSERT_EQ(actions.size(), 2U);
  EXPECT_EQ(std::get<Machine::SendOffer>(actions[1]).direction, Direction::SendRecv);
}

TEST_F(HoldMachineTest, TriesAgainAfterAGlareWithinTheRfcsTimes) {
  ready();
  on(Machine::Want{Direction::SendOnly});
  on(Machine::Answered{491, "Request Pending", false});
  ASSERT_TRUE(only<Machine::StartRetry>());
  EXPECT_LE(only<Machine::StartRetry>()->delay, Millis(2000));
  on(Machine::RetryNow{});
  EXPECT_TRUE(only<Machine::SendOffer>());

  Machine owner(true);
  owner.on(Machine::Ready{}, random);
  owner.on(Machine::Want{Direction::SendOnly}, random);
  actions = owner.on(Machine::Answered{491, "Request Pending", false}, random);
  ASSERT_TRUE(only<Machine::StartRetry>());
  EXPECT_GE(only<Machine::StartRetry>()->delay, Millis(2100));
  EXPECT_LE(only<Machine::StartRetry>()->delay, Millis(4000));
}

TEST_F(HoldMachineTest, GivesUpAnEndlessGlare) {
  ready();
  on(Machine::Want{Direction::SendOnly});
  unsigned tries = 1;
  while (on(Machine::Answered{491, "Request Pending", false}), only<Machine::StartRetry>()) {
    on(Machine::RetryNow{});
    ASSERT_LE(++tries, Machine::kMostAttempts);
  }
  ASSERT_TRUE(only<Machine::Failed>());
  EXPECT_TRUE(only<Machine::Failed>()->hold);
  EXPECT_EQ(machine.wanted(), Direction::SendRecv);
}

TEST_F(HoldMachineTest, ARefusalLeavesWhatWas) {
  ready();
  hold();
  on(Machine::Want{Direction::SendRecv});
  on(Machine::Answered{488, "Not Acceptable Here", false});
  ASSERT_TRUE(only<Machine::Failed>());
  EXPECT_FALSE(only<Machine::Failed>()->hold);
  EXPECT_EQ(only<Machine::Failed>()->code, 488);
  EXPECT_TRUE(machine.held());
  EXPECT_EQ(machine.wanted(), Direction::SendOnly);
}

TEST_F(HoldMachineTest, AFarEndWithoutTheDialogEndsTheCall) {
  ready();
  on(Machine::Want{Direction::SendOnly});
  on(Machine::Answered{481, "Call Does Not Exist", false});
  ASSERT_TRUE(only<Machine::EndCall>());
  EXPECT_EQ(only<Machine::EndCall>()->code, 481);
}

TEST_F(HoldMachineTest, TheFarEndsReinviteCarriesOurWish) {
  ready();
  on(Machine::Want{Direction::SendOnly});
  on(Machine::Answered{491, "Request Pending", false});
  on(Machine::Described{Direction::SendOnly});  // our answer to theirs said sendonly
  EXPECT_TRUE(only<Machine::Changed>());
  EXPECT_TRUE(machine.held());
  EXPECT_TRUE(on(Machine::RetryNow{}).empty());
}

TEST_F(HoldMachineTest, ACompletedTransferRetrieves) {
  ready();
  hold();
  EXPECT_TRUE(on(Machine::Resumed{}).empty());
  EXPECT_EQ(machine.wanted(), Direction::SendRecv);
  on(Machine::Described{Direction::SendRecv});
  EXPECT_FALSE(machine.held());
}

TEST_F(HoldMachineTest, ARefreshIsAReinviteThatNobodyIsToldOf) {
  ready();
  hold();
  on(Machine::Refresh{});
  ASSERT_TRUE(only<Machine::SendOffer>());
  EXPECT_EQ(only<Machine::SendOffer>()->direction, Direction::SendOnly);
  EXPECT_TRUE(on(Machine::Answered{200, "OK", true}).empty());
  EXPECT_TRUE(machine.held());
}

TEST_F(HoldMachineTest, ARefreshIsTriedAgainAfterAGlareAndJoinsWhatIsUnderWay) {
  ready();
  on(Machine::Refresh{});
  on(Machine::Answered{491, "Request Pending", false});
  ASSERT_TRUE(only<Machine::StartRetry>());
  on(Machine::RetryNow{});
  ASSERT_TRUE(only<Machine::SendOffer>());
  on(Machine::Want{Direction::SendOnly});
  on(Machine::Answered{200, "OK", true});
  ASSERT_TRUE(only<Machine::SendOffer>());  // the hold follows
  EXPECT_TRUE(on(Machine::Refresh{}).empty());
  on(Machine::Answered{200, "OK", true});
  EXPECT_TRUE(only<Machine::Changed>());  // and no further re-INVITE
}

}  // namespace
}  // namespace genesys::sip
