#include "sip/site_registrations.hpp"

#include <gmock/gmock.h>

#include "sip/fakes.hpp"
#include "support/virtual_scheduler.hpp"

namespace genesys::sip {
namespace {

using Phase = RegistrationState::Phase;
using testing::ElementsAre;
using testing::IsEmpty;

class SiteRegistrationsTest : public testing::Test {
 protected:
  static RegistrationMachine::Answer answer(int status) {
    RegistrationMachine::Answer answer;
    answer.status = status;
    answer.phrase = "Phrase";
    answer.granted = Seconds(status == 200 ? 1800 : 0);
    return answer;
  }

  genesys::test::VirtualScheduler scheduler;
  test::FakeUserAgent agent;
  Random random{1};
  std::vector<Phase> told;
  SiteRegistrations sites{scheduler,
                          agent,
                          random,
                          {"7001", "", "", "", "", 0},
                          2,
                          {},
                          Millis(4000),
                          [this](const RegistrationState& state) { told.push_back(state.phase); }};
};

TEST_F(SiteRegistrationsTest, RegistersWithBothAndServesByTheFirst) {
  sites.start();
  EXPECT_THAT(agent.registers, ElementsAre("REGISTER 1800"));
  EXPECT_THAT(agent.secondRegisters, ElementsAre("REGISTER 1800"));
  agent.secondPort->answer(answer(200));
  EXPECT_EQ(sites.serving(), 1U);
  agent.port->answer(answer(200));
  EXPECT_EQ(sites.serving(), 0U);
  EXPECT_EQ(sites.peerOf(0), 1U);
  EXPECT_THAT(told, ElementsAre(Phase::Registering, Phase::Registered)) << "once for the DN";
}

TEST_F(SiteRegistrationsTest, InServiceAsLongAsOneSiteServes) {
  sites.start();
  agent.port->answer(answer(200));
  agent.secondPort->answer(answer(200));
  told.clear();
  sites.at(0).serverChanged();
  agent.port->answer(answer(603));  // it shuts down
  EXPECT_TRUE(sites.state().inService());
  EXPECT_EQ(sites.serving(), 1U);
  EXPECT_EQ(sites.peerOf(1), std::nullopt);
  EXPECT_THAT(told, IsEmpty());
  sites.at(1).serverChanged();
  scheduler.advance(Millis(4000));
  EXPECT_FALSE(sites.state().inService());
  EXPECT_THAT(told, testing::Contains(Phase::Failed));
}

TEST_F(SiteRegistrationsTest, AFailureIsToldWhenNoSiteIsLeft) {
  sites.start();
  agent.port->answer(answer(404));
  EXPECT_EQ(sites.state().phase, Phase::Registering);
  agent.secondPort->answer(answer(404));
  EXPECT_EQ(sites.state().phase, Phase::Failed);
  EXPECT_EQ(told.back(), Phase::Failed);
}

TEST_F(SiteRegistrationsTest, OffWhenBothAreOff) {
  sites.start();
  agent.port->answer(answer(200));
  agent.secondPort->answer(answer(200));
  sites.stop();
  agent.port->answer(answer(404));
  EXPECT_EQ(sites.state().phase, Phase::Unregistering);
  agent.secondPort->answer(answer(404));
  EXPECT_EQ(sites.state().phase, Phase::Off);
}

}  // namespace
}  // namespace genesys::sip
