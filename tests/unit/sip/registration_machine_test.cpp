#include "sip/registration_machine.hpp"

#include <gmock/gmock.h>

namespace genesys::sip {
namespace {

using Machine = RegistrationMachine;
using Phase = RegistrationState::Phase;

class RegistrationMachineTest : public testing::Test {
 protected:
  static Machine::Answer answer(int status, Seconds granted = Seconds(0)) {
    Machine::Answer answer;
    answer.status = status;
    answer.phrase = "Phrase";
    answer.granted = granted;
    return answer;
  }
  template <class Action>
  static const Action* find(const Machine::Actions& actions) {
    for (const auto& action : actions)
      if (const auto* hit = std::get_if<Action>(&action)) return hit;
    return nullptr;
  }
  Machine::Actions on(const Machine::Event& event) { return machine.on(event, random); }
  void registerOk() {
    on(Machine::Start{});
    on(answer(200, Seconds(1800)));
    ASSERT_EQ(machine.state().phase, Phase::Registered);
  }

  Machine machine{Machine::Options{Seconds(1800), Millis(1000), Millis(60000), true}};
  Random random{1};
};

TEST_F(RegistrationMachineTest, RegistersAndRefreshesWellBeforeExpiry) {
  auto actions = on(Machine::Start{});
  ASSERT_TRUE(find<Machine::SendRegister>(actions));
  EXPECT_EQ(find<Machine::SendRegister>(actions)->expires, Seconds(1800));
  actions = on(answer(200, Seconds(1800)));
  ASSERT_TRUE(find<Machine::StartTimer>(actions));
  EXPECT_GE(find<Machine::StartTimer>(actions)->delay, Seconds(900));
  EXPECT_LE(find<Machine::StartTimer>(actions)->delay, Seconds(1350));
  EXPECT_TRUE(machine.state().inService());
  EXPECT_TRUE(find<Machine::SendRegister>(on(Machine::TimerFired{})));
}

TEST_F(RegistrationMachineTest, SpreadsRefreshes) {
  std::set<Millis::rep> delays;
  for (int i = 0; i < 20; ++i) {
    Machine one{Machine::Options{}};
    one.on(Machine::Start{}, random);
    delays.insert(
        find<Machine::StartTimer>(one.on(answer(200, Seconds(1800)), random))->delay.count());
  }
  EXPECT_GT(delays.size(), 15U);
}

TEST_F(RegistrationMachineTest, ARefreshThatSucceedsIsNoNews) {
  registerOk();
  EXPECT_FALSE(find<Machine::Report>(on(Machine::TimerFired{})));
  EXPECT_FALSE(find<Machine::Report>(on(answer(200, Seconds(1800)))));
}

// SIP Server's 404 echoes Contact and Expires: a phone that reads those first believes itself
// registered (dialect, section 1).
TEST_F(RegistrationMachineTest, A404WithExpiryIsAFailure) {
  on(Machine::Start{});
  const auto actions = on(answer(404, Seconds(1800)));
  EXPECT_EQ(machine.state().phase, Phase::Failed);
  EXPECT_EQ(machine.state().code, 404);
  EXPECT_THAT(machine.state().reason, testing::HasSubstr("does not know this DN"));
  EXPECT_TRUE(find<Machine::StartTimer>(actions));
}

TEST_F(RegistrationMachineTest, BacksOffFromOneSecondToSixty) {
  on(Machine::Start{});
  std::vector<int64_t> pauses;
  for (int i = 0; i < 9; ++i) {
    const auto actions = on(Machine::NoAnswer{});
    pauses.push_back(find<Machine::StartTimer>(actions)->delay.count());
    EXPECT_TRUE(find<Machine::SendRegister>(on(Machine::TimerFired{})));
  }
  for (int i = 0; i < 9; ++i) {
    const int64_t top = std::min<int64_t>(1000LL << i, 60000);
    EXPECT_LE(pauses[i], top);
    EXPECT_GE(pauses[i], top * 3 / 4);
  }
}

TEST_F(RegistrationMachineTest, ASuccessResetsTheBackOff) {
  on(Machine::Start{});
  for (int i = 0; i < 5; ++i) {
    on(Machine::NoAnswer{});
    on(Machine::TimerFired{});
  }
  on(answer(200, Seconds(60)));
  on(Machine::TimerFired{});
  EXPECT_LE(find<Machine::StartTimer>(on(Machine::NoAnswer{}))->delay, Millis(1000));
}

TEST_F(RegistrationMachineTest, HonoursRetryAfter) {
  on(Machine::Start{});
  auto refusal = answer(503);
  refusal.retryAfter = Seconds(20);
  EXPECT_EQ(find<Machine::StartTimer>(on(refusal))->delay, Seconds(20));
}

TEST_F(RegistrationMachineTest, AsksForLongerAfter423) {
  on(Machine::Start{});
  auto refusal = answer(423);
  refusal.minExpires = Seconds(3600);
  const auto actions = on(refusal);
  ASSERT_TRUE(find<Machine::SendRegister>(actions));
  EXPECT_EQ(find<Machine::SendRegister>(actions)->expires, Seconds(3600));
}

TEST_F(RegistrationMachineTest, A423ThatAsksForLessIsAFailure) {
  on(Machine::Start{});
  auto refusal = answer(423);
  refusal.minExpires = Seconds(60);
  EXPECT_FALSE(find<Machine::SendRegister>(on(refusal)));
  EXPECT_EQ(machine.state().phase, Phase::Failed);
}

TEST_F(RegistrationMachineTest, AnswersAChallengeOnce) {
  on(Machine::Start{});
  EXPECT_TRUE(find<Machine::Authenticate>(on(answer(401))));
  auto second = answer(401);
  second.credentialsSent = true;
  EXPECT_FALSE(find<Machine::Authenticate>(on(second)));
  EXPECT_EQ(machine.state().phase, Phase::Failed);
  EXPECT_THAT(machine.state().reason, testing::HasSubstr("refuses the password"));
}

TEST_F(RegistrationMachineTest, TriesAgainWhenOnlyTheNonceWasStale) {
  on(Machine::Start{});
  on(answer(407));
  auto stale = answer(407);
  stale.credentialsSent = true;
  stale.stale = true;
  EXPECT_TRUE(find<Machine::Authenticate>(on(stale)));
}

TEST_F(RegistrationMachineTest, NeverLoopsOnChallenges) {
  on(Machine::Start{});
  int attempts = 0;
  auto stale = answer(401);
  stale.stale = true;
  while (attempts < 100 && find<Machine::Authenticate>(on(stale))) ++attempts;
  EXPECT_LE(attempts, 3);
  EXPECT_EQ(machine.state().phase, Phase::Failed);
}

TEST_F(RegistrationMachineTest, SaysThatNoPasswordIsConfigured) {
  Machine bare{Machine::Options{}};
  bare.on(Machine::Start{}, random);
  bare.on(answer(401), random);
  EXPECT_THAT(bare.state().reason, testing::HasSubstr("none is configured"));
}

// Who has lost a DN must not remove the new owner's binding (dialect, section 1).
TEST_F(RegistrationMachineTest, GivesBackOnlyWhatIsStillOurs) {
  registerOk();
  EXPECT_TRUE(find<Machine::SendQuery>(on(Machine::Stop{})));
  const auto actions = on(answer(200, Seconds(900)));
  ASSERT_TRUE(find<Machine::SendRegister>(actions));
  EXPECT_EQ(find<Machine::SendRegister>(actions)->expires, Seconds(0));
  on(answer(200));
  EXPECT_EQ(machine.state().phase, Phase::Off);
}

TEST_F(RegistrationMachineTest, LeavesAnothersBindingAlone) {
  registerOk();
  on(Machine::Stop{});
  EXPECT_FALSE(find<Machine::SendRegister>(on(answer(200, Seconds(0)))));
  EXPECT_EQ(machine.state().phase, Phase::Off);
}

TEST_F(RegistrationMachineTest, StoppedWhileRegisteringItGivesBackWhatComes) {
  on(Machine::Start{});
  EXPECT_FALSE(find<Machine::SendQuery>(on(Machine::Stop{})));
  EXPECT_TRUE(find<Machine::SendQuery>(on(answer(200, Seconds(1800)))));
}

TEST_F(RegistrationMachineTest, AFarewellIsForgottenWithItsServer) {
  registerOk();
  on(Machine::Stop{});
  on(Machine::ServerChanged{});
  EXPECT_EQ(machine.state().phase, Phase::Off);
  EXPECT_FALSE(machine.busy());
}

TEST_F(RegistrationMachineTest, StartedDuringTheFarewellItRegistersAgain) {
  registerOk();
  on(Machine::Stop{});
  EXPECT_TRUE(on(Machine::Start{}).empty());
  const auto actions = on(answer(200, Seconds(900)));
  ASSERT_TRUE(find<Machine::SendRegister>(actions));
  EXPECT_EQ(find<Machine::SendRegister>(actions)->expires, Seconds(1800));
}

// Another endpoint may have taken the DN since, and nobody was told.
TEST_F(RegistrationMachineTest, WantedAgainItRegistersAgain) {
  registerOk();
  const auto actions = on(Machine::Start{});
  ASSERT_TRUE(find<Machine::SendRegister>(actions));
  EXPECT_EQ(find<Machine::SendRegister>(actions)->expires, Seconds(1800));
  EXPECT_FALSE(find<Machine::Report>(actions));
  EXPECT_TRUE(machine.state().inService());
  EXPECT_TRUE(on(Machine::Start{}).empty());  // it is under way
  EXPECT_TRUE(find<Machine::StartTimer>(on(answer(200, Seconds(1800)))));
}

TEST_F(RegistrationMachineTest, AFailedRefreshTakesTheDnOutOfService) {
  registerOk();
  on(Machine::TimerFired{});
  const auto actions = on(Machine::NoAnswer{});
  ASSERT_TRUE(find<Machine::Report>(actions));
  EXPECT_FALSE(find<Machine::Report>(actions)->state.inService());
  EXPECT_EQ(machine.state().code, 0);
}

TEST_F(RegistrationMachineTest, IgnoresAnswersNobodyWaitsFor) {
  EXPECT_TRUE(on(answer(200, Seconds(60))).empty());
  EXPECT_TRUE(on(Machine::TimerFired{}).empty());
  EXPECT_TRUE(on(Machine::Stop{}).empty());
}

}  // namespace
}  // namespace genesys::sip
