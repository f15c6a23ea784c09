#include "sip/registration.hpp"

#include <gmock/gmock.h>

#include "sip/fakes.hpp"
#include "support/virtual_scheduler.hpp"

namespace genesys::sip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RegistrationTest : public testing::Test {
 protected:
  static RegistrationMachine::Answer answer(int status, Seconds granted = Seconds(0)) {
    RegistrationMachine::Answer answer;
    answer.status = status;
    answer.phrase = "Phrase";
    answer.granted = granted;
    return answer;
  }

  genesys::test::VirtualScheduler scheduler;
  test::FakeUserAgent agent;
  Random random{1};
  std::vector<RegistrationState> states;
  Registration registration{scheduler,
                            agent,
                            random,
                            {"7001", "", "", "secret", ""},
                            {Seconds(1800), Millis(1000), Millis(60000), true},
                            Millis(4000),
                            [this](const RegistrationState& state) { states.push_back(state); }};
};

TEST_F(RegistrationTest, RefreshesWithoutEnd) {
  registration.start();
  for (size_t round = 1; round <= 5; ++round) {
    agent.port->answer(answer(200, Seconds(1800)));
    for (int s = 0; s < 1800 && agent.registers.size() == round; ++s) scheduler.advance(Seconds(1));
    EXPECT_TRUE(registration.state().inService());
  }
  EXPECT_EQ(agent.registers.size(), 6U);
}

TEST_F(RegistrationTest, SilenceIsAFailureAfterTheTransactionTimeout) {
  registration.start();
  scheduler.advance(Millis(3999));
  EXPECT_EQ(registration.state().phase, RegistrationState::Phase::Registering);
  scheduler.advance(Millis(1));
  EXPECT_EQ(registration.state().phase, RegistrationState::Phase::Failed);
  EXPECT_THAT(registration.state().reason, HasSubstr("no answer"));
  scheduler.advance(Millis(1000));
  EXPECT_THAT(agent.registers, ElementsAre("REGISTER 1800", "ABANDON", "REGISTER 1800"));
}

TEST_F(RegistrationTest, SilenceIsExplainedByAConnectionThatCannotBe) {
  agent.fault = "TLS with 192.0.2.1:5061: the certificate is not for sip.example.com";
  registration.start();
  scheduler.advance(Millis(4000));
  EXPECT_EQ(registration.state().code, 0);
  EXPECT_EQ(registration.state().reason, agent.fault);
}

TEST_F(RegistrationTest, ARefusedPasswordStartsAfreshAtTheNextTry) {
  registration.start();
  agent.port->answer(answer(401));
  auto again = answer(401);
  again.credentialsSent = true;
  agent.port->answer(again);
  EXPECT_THAT(agent.registers, ElementsAre("REGISTER 1800", "AUTHENTICATE", "ABANDON"));
  scheduler.advance(Millis(1000));
  EXPECT_EQ(agent.registers.back(), "REGISTER 1800");
}

TEST_F(RegistrationTest, StopsItsTimers) {
  registration.start();
  agent.port->answer(answer(200, Seconds(60)));
  registration.stop();
  agent.port->answer(answer(200, Seconds(30)));  // to the query: still ours
  agent.port->answer(answer(200));
  EXPECT_THAT(agent.registers, ElementsAre("REGISTER 1800", "QUERY", "REGISTER 0"));
  EXPECT_EQ(scheduler.pendingTimers(), 0U);
  EXPECT_EQ(states.back().phase, RegistrationState::Phase::Off);
}

}  // namespace
}  // namespace genesys::sip
