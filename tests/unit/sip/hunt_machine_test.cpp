#include "sip/hunt_machine.hpp"

#include <gmock/gmock.h>

#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

using Machine = HuntMachine;
using testing::ElementsAre;
using testing::IsEmpty;

std::string nameOf(const Machine::Action& action) {
  return std::visit(
      Overloaded{
          [](const Machine::Ring& a) { return "ring " + std::to_string(a.member); },
          [](const Machine::TellRinging&) { return std::string("180"); },
          [](const Machine::StopRinging& a) {
            const char* why[] = {"answered", "turn over", "caller gone", "given up"};
            return "stop " + std::to_string(a.member) + ": " + why[static_cast<int>(a.why)];
          },
          [](const Machine::Connect& a) { return "connect " + std::to_string(a.member); },
          [](const Machine::Refuse& a) { return "refuse " + std::to_string(a.status); },
          [](const Machine::StartTimer& a) { return "timer " + std::to_string(a.delay.count()); },
          [](const Machine::StopTimer&) { return std::string("no timer"); }},
      action);
}

std::vector<std::string> names(const Machine::Actions& actions) {
  std::vector<std::string> names;
  for (const auto& action : actions) names.push_back(nameOf(action));
  return names;
}

class HuntMachineTest : public testing::Test {
 protected:
  std::vector<std::string> on(const Machine::Event& event) { return names(machine.on(event)); }
  void inTurn() { machine = Machine({3, true, Millis(15000)}); }
  Machine machine{{3, false, Millis(0)}};
};

TEST_F(HuntMachineTest, TogetherTheFirstAnswerWins) {
  EXPECT_THAT(on(Machine::Start{}), ElementsAre("ring 0", "ring 1", "ring 2"));
  EXPECT_THAT(on(Machine::Rang{1}), ElementsAre("180"));
  EXPECT_THAT(on(Machine::Rang{0}), IsEmpty()) << "the caller has been told";
  EXPECT_THAT(on(Machine::Answered{1}),
              ElementsAre("connect 1", "no timer", "stop 0: answered", "stop 2: answered"));
  EXPECT_TRUE(machine.over());
  EXPECT_THAT(on(Machine::Answered{0}), IsEmpty());
  EXPECT_THAT(on(Machine::CallerGone{}), IsEmpty()) << "the call is member 1's now";
}

TEST_F(HuntMachineTest, TogetherARefusalLeavesTheOthersRinging) {
  on(Machine::Start{});
  EXPECT_THAT(on(Machine::Refused{0, 486}), IsEmpty());
  EXPECT_THAT(on(Machine::Refused{0, 486}), IsEmpty());
  EXPECT_THAT(on(Machine::Refused{2, 480}), IsEmpty());
  EXPECT_THAT(on(Machine::Answered{1}), ElementsAre("connect 1", "no timer"));
}

TEST_F(HuntMachineTest, NobodyThereIs480AndSomebodyWhoDoesNotWantIsTold) {
  const auto statusAfter = [](std::vector<int> statuses) {
    Machine hunt({statuses.size(), false, Millis(0)});
    hunt.on(Machine::Start{});
    std::vector<std::string> last;
    for (size_t i = 0; i < statuses.size(); ++i)
      last = names(hunt.on(Machine::Refused{i, statuses[i]}));
    return last.empty() ? "" : last.back();
  };
  EXPECT_EQ(statusAfter({480, 480, 480}), "refuse 480");
  EXPECT_EQ(statusAfter({480, 486, 480}), "refuse 486");
  EXPECT_EQ(statusAfter({603, 480, 503}), "refuse 603");
  EXPECT_EQ(statusAfter({480, 503, 480}), "refuse 503");
  EXPECT_EQ(statusAfter({503, 486, 503}), "refuse 486");
}

TEST_F(HuntMachineTest, InTurnOneRingsAtATime) {
  inTurn();
  EXPECT_THAT(on(Machine::Start{}), ElementsAre("timer 15000", "ring 0"));
  EXPECT_THAT(on(Machine::Rang{0}), ElementsAre("180"));
  EXPECT_THAT(on(Machine::TurnOver{}), ElementsAre("stop 0: turn over", "timer 15000", "ring 1"));
  EXPECT_THAT(on(Machine::Answered{0}), IsEmpty()) << "too late";
  EXPECT_THAT(on(Machine::Rang{1}), ElementsAre("180")) << "a new 180 each turn";
  EXPECT_THAT(on(Machine::Refused{1, 486}), ElementsAre("timer 15000", "ring 2"));
  EXPECT_THAT(on(Machine::Answered{2}), ElementsAre("connect 2", "no timer"));
}

TEST_F(HuntMachineTest, InTurnTheLastOnesTurnEndsIt) {
  inTurn();
  on(Machine::Start{});
  on(Machine::Refused{0, 480});
  on(Machine::TurnOver{});
  EXPECT_THAT(on(Machine::TurnOver{}), ElementsAre("stop 2: turn over", "no timer", "refuse 480"));
  EXPECT_TRUE(machine.over());
}

TEST_F(HuntMachineTest, TheCallerHangsUp) {
  on(Machine::Start{});
  on(Machine::Refused{1, 480});
  EXPECT_THAT(on(Machine::CallerGone{}),
              ElementsAre("no timer", "stop 0: caller gone", "stop 2: caller gone"));
  EXPECT_THAT(on(Machine::Refused{0, 487}), IsEmpty());
}

TEST_F(HuntMachineTest, TheGatewayEndsIt) {
  inTurn();
  on(Machine::Start{});
  EXPECT_THAT(on(Machine::GiveUp{503}), ElementsAre("no timer", "stop 0: given up", "refuse 503"));
  EXPECT_THAT(on(Machine::TurnOver{}), IsEmpty());
}

}  // namespace
}  // namespace genesys::sip
