#include "sip/call_machine.hpp"

#include <gmock/gmock.h>

namespace genesys::sip {
namespace {

using Machine = CallMachine;
using State = Machine::State;
using Kind = CallNews::Kind;

class CallMachineTest : public testing::Test {
 protected:
  Machine::Actions on(const Machine::Event& event) { return last = machine.on(event); }
  template <class Action>
  const Action* find() const {
    for (const auto& action : last)
      if (const auto* hit = std::get_if<Action>(&action)) return hit;
    return nullptr;
  }
  std::vector<Kind> told() const {
    std::vector<Kind> kinds;
    for (const auto& action : last)
      if (const auto* tell = std::get_if<Machine::Tell>(&action)) kinds.push_back(tell->news.kind);
    return kinds;
  }
  const CallNews& hungUp() const {
    for (const auto& action : last)
      if (const auto* tell = std::get_if<Machine::Tell>(&action);
          tell != nullptr && tell->news.kind == Kind::HungUp)
        return tell->news;
    ADD_FAILURE() << "no HungUp";
    static const CallNews none{};
    return none;
  }
  static Machine::InviteAnswer answer(int status, bool sdp = false, std::string reason = "") {
    return {status, "Phrase", std::move(reason), sdp, false};
  }
  void ring() { on(Machine::Offered{}); }
  void talkIncoming() {
    ring();
    on(Machine::Accept{true});
    on(Machine::Acked{});
  }
  void talkOutgoing() {
    on(Machine::Dialled{});
    on(answer(200, true));
  }

  Machine machine{Machine::Options{}};
  Machine::Actions last;
};

TEST_F(CallMachineTest, RingsAtOnce) {
  ring();
  ASSERT_TRUE(find<Machine::Respond>());
  EXPECT_EQ(find<Machine::Respond>()->status, 180);
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Incoming));
}

TEST_F(CallMachineTest, AnswersAtOnceOnAStandingPeerConnection) {
  ring();
  on(Machine::Accept{true});
  ASSERT_TRUE(find<Machine::Respond>());
  EXPECT_EQ(find<Machine::Respond>()->status, 200);
  EXPECT_TRUE(find<Machine::Respond>()->sdp);
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Accepting, Kind::Accepted));
  on(Machine::Acked{});
  EXPECT_EQ(machine.state(), State::Established);
}

TEST_F(CallMachineTest, WaitsForTheBrowserBeforeItAnswers) {
  ring();
  on(Machine::Accept{false});
  EXPECT_FALSE(find<Machine::Respond>());
  on(Machine::BrowserReady{});
  ASSERT_TRUE(find<Machine::Respond>());
  EXPECT_EQ(find<Machine::Respond>()->status, 200);
}

TEST_F(CallMachineTest, GivesUpWhenTheBrowserNeverComes) {
  ring();
  on(Machine::Accept{false});
  on(Machine::TimedOut{});
  EXPECT_EQ(find<Machine::Respond>()->status, 480);
  EXPECT_TRUE(find<Machine::Release>());
}

TEST_F(CallMachineTest, DeclinesWithTheAgentsCode) {
  ring();
  on(Machine::Decline{603});
  EXPECT_EQ(find<Machine::Respond>()->status, 603);
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Declining, Kind::HungUp));
  EXPECT_EQ(machine.state(), State::Ended);
}

TEST_F(CallMachineTest, HangingUpARingingCallIsBusy) {
  ring();
  on(Machine::HangUp{});
  EXPECT_EQ(find<Machine::Respond>()->status, 486);
}

TEST_F(CallMachineTest, NobodyAnswers) {
  ring();
  on(Machine::TimedOut{});
  EXPECT_EQ(find<Machine::Respond>()->status, 480);
  EXPECT_EQ(hungUp().code, 480);
}

TEST_F(CallMachineTest, TheCallerHangsUpFirst) {
  ring();
  on(Machine::Cancelled{"SIP;cause=200;text=\"Call completed elsewhere\""});
  EXPECT_FALSE(find<Machine::Respond>());  // the stack has sent the 487
  EXPECT_EQ(hungUp().code, 487);
  EXPECT_EQ(hungUp().reasonHeader, "SIP;cause=200;text=\"Call completed elsewhere\"");
}

TEST_F(CallMachineTest, ACancelThatCrossesThe200ChangesNothing) {
  ring();
  on(Machine::Accept{true});
  EXPECT_TRUE(on(Machine::Cancelled{""}).empty());
  EXPECT_EQ(machine.state(), State::Answered);
}

TEST_F(CallMachineTest, NoAckEndsTheCall) {
  ring();
  on(Machine::Accept{true});
  on(Machine::Terminated{408, "ACK Timeout"});
  EXPECT_EQ(hungUp().code, 408);
  EXPECT_TRUE(find<Machine::Release>());
}

TEST_F(CallMachineTest, DialsAndHearsOfEachStepOnce) {
  on(Machine::Dialled{});
  EXPECT_TRUE(find<Machine::SendInvite>());
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Calling));
  on(answer(100));
  EXPECT_TRUE(told().empty());
  on(answer(180));
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Ringing));
  on(answer(180));
  EXPECT_TRUE(told().empty());
  on(answer(183, true));
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Progress));
  on(answer(200, true));
  EXPECT_THAT(told(), testing::ElementsAre(Kind::Accepted));
  EXPECT_TRUE(find<Machine::StopTimer>());
}

TEST_F(CallMachineTest, AFailureCarriesTheFarEndsReason) {
  on(Machine::Dialled{});
  on(answer(403, false, "Q.850;cause=21"));
  EXPECT_EQ(hungUp().code, 403);
  EXPECT_EQ(hungUp().reason, "403 Phrase");
  EXPECT_EQ(hungUp().reasonHeader, "Q.850;cause=21");
  EXPECT_TRUE(find<Machine::Release>());
}

TEST_F(CallMachineTest, CancelsAndTellsAtOnce) {
  on(Machine::Dialled{});
  on(answer(180));
  on(Machine::HangUp{});
  EXPECT_TRUE(find<Machine::SendCancel>());
  EXPECT_THAT(told(), testing::ElementsAre(Kind::HangingUp, Kind::HungUp));
  EXPECT_FALSE(machine.live());
  on(answer(487));
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(find<Machine::Release>());
}

TEST_F(CallMachineTest, A200ThatCrossesOurCancelIsHungUp) {
  on(Machine::Dialled{});
  on(Machine::HangUp{});
  on(answer(200, true));
  EXPECT_TRUE(find<Machine::SendBye>());
  EXPECT_TRUE(told().empty());
  on(Machine::ByeAnswer{});
  EXPECT_EQ(machine.state(), State::Ended);
}

TEST_F(CallMachineTest, A200WithoutUsableAudioIsHungUp) {
  on(Machine::Dialled{});
  Machine::InviteAnswer unusable = answer(200);
  unusable.unusable = true;
  on(unusable);
  ASSERT_TRUE(find<Machine::SendBye>());
  EXPECT_THAT(find<Machine::SendBye>()->reason, testing::HasSubstr("cause=488"));
  EXPECT_EQ(hungUp().code, 488);
}

TEST_F(CallMachineTest, SilenceOfTheServerIsTold) {
  on(Machine::Dialled{});
  on(Machine::TimedOut{});
  EXPECT_TRUE(find<Machine::SendCancel>());
  EXPECT_EQ(hungUp().code, 408);
}

TEST_F(CallMachineTest, EitherSideMayHangUp) {
  talkIncoming();
  on(Machine::Bye{"SIP;cause=403;text=\"Forbidden\""});
  EXPECT_EQ(hungUp().reasonHeader, "SIP;cause=403;text=\"Forbidden\"");
  EXPECT_FALSE(find<Machine::SendBye>());
  EXPECT_TRUE(find<Machine::Release>());
}

TEST_F(CallMachineTest, HangingUpTellsAtOnceAndWaitsForTheByesAnswer) {
  talkOutgoing();
  on(Machine::HangUp{});
  EXPECT_THAT(told(), testing::ElementsAre(Kind::HangingUp, Kind::HungUp));
  EXPECT_TRUE(find<Machine::CloseAudio>());
  EXPECT_FALSE(find<Machine::Release>());
  on(Machine::ByeAnswer{});
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(find<Machine::Release>());
}

TEST_F(CallMachineTest, ALostByeIsNotWaitedForForEver) {
  talkOutgoing();
  on(Machine::HangUp{});
  ASSERT_TRUE(find<Machine::StartTimer>());
  EXPECT_LE(find<Machine::StartTimer>()->delay, Seconds(33));
  on(Machine::TimedOut{});
  EXPECT_TRUE(find<Machine::Release>());
}

// Every event in every state that it can meet: exactly one HungUp, exactly one Release, and nothing
// after it.
TEST(CallMachineExhaustive, EndsOnceWhateverComes) {
  const std::vector<Machine::Event> events = {Machine::Accept{true},
                                              Machine::Accept{false},
                                              Machine::BrowserReady{},
                                              Machine::Decline{486},
                                              Machine::HangUp{},
                                              Machine::GiveUp{480, "gone"},
                                              Machine::Acked{},
                                              Machine::Cancelled{""},
                                              Machine::Bye{""},
                                              Machine::ByeAnswer{},
                                              Machine::Terminated{0, ""},
                                              Machine::Terminated{503, "x"},
                                              Machine::TimedOut{},
                                              Machine::InviteAnswer{180, "", "", false, false},
                                              Machine::InviteAnswer{200, "", "", true, false},
                                              Machine::InviteAnswer{486, "", "", false, false}};
  uint64_t sequences = 0;
  for (const bool outgoing : {false, true})
    for (const auto& a : events)
      for (const auto& b : events)
        for (const auto& c : events)
          for (const auto& d : events) {
            Machine machine{Machine::Options{}};
            int hungUps = 0;
            int releases = 0;
            const auto feed = [&](const Machine::Event& event) {
              for (const auto& action : machine.on(event)) {
                const auto* tell = std::get_if<Machine::Tell>(&action);
                ASSERT_EQ(releases, 0) << "something happens after the release";
                hungUps += tell != nullptr && tell->news.kind == Kind::HungUp;
                releases += std::holds_alternative<Machine::Release>(action);
              }
            };
            feed(outgoing ? Machine::Event(Machine::Dialled{})
                          : Machine::Event(Machine::Offered{}));
            for (const auto* event : {&a, &b, &c, &d}) feed(*event);
            feed(Machine::Bye{""});  // whatever it was doing, it ends now
            feed(Machine::Terminated{481, "gone"});
            ASSERT_EQ(hungUps, 1);
            ASSERT_EQ(releases, 1);
            ++sequences;
          }
  EXPECT_EQ(sequences, 2U * 16 * 16 * 16 * 16);
}

}  // namespace
}  // namespace genesys::sip
