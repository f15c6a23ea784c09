#include "media/recording/call_recording.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"
#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

constexpr double kAgent = 700;  // Hz
constexpr double kFar = 440;

class Tape : public RecordingSink {
 public:
  bool write(std::unique_ptr<RecordedChunk> chunk) override {
    if (chunks == most) return false;
    ++chunks;
    EXPECT_GE(chunk->at, agent.size()) << "in order";
    agent.resize(chunk->at);
    farEnd.resize(chunk->at);
    agent.insert(agent.end(), chunk->agent.begin(), chunk->agent.begin() + chunk->samples);
    farEnd.insert(farEnd.end(), chunk->farEnd.begin(), chunk->farEnd.begin() + chunk->samples);
    return true;
  }
  void finish() override { ++finished; }

  std::vector<int16_t> agent, farEnd;
  size_t chunks = 0;
  size_t most = SIZE_MAX;
  int finished = 0;
};

class CallRecordingTest : public testing::Test {
 protected:
  void pass(Millis time) {
    const MonoTime end = now + time;
    while (recording.due() <= end) {
      now = std::max(now, recording.due());
      recording.run(now);
    }
    now = end;
  }
  std::vector<int16_t> frame(double hertz, size_t& said) {
    auto pcm = test::tone(hertz, 8000, 160, 8000, said);
    said += 160;
    return pcm;
  }
  /// Both speak at once; every packet ends at the time it comes.
  void talk(Millis time, bool agent = true, bool farEnd = true) {
    for (Millis passed{0}; passed < time; passed += 20ms) {
      pass(20ms);
      if (agent) recording.agent({frame(kAgent, agentSaid), 8000}, now);
      if (farEnd) recording.farEnd({frame(kFar, farSaid), 8000}, now);
    }
  }
  void finish() { recording.finish(now); }
  static std::span<const int16_t> part(const std::vector<int16_t>& side, Millis from, Millis time) {
    return std::span(side).subspan(static_cast<size_t>(from.count()) * 8,
                                   static_cast<size_t>(time.count()) * 8);
  }
  static void expectTone(const std::vector<int16_t>& side, double hertz, Millis from, Millis time) {
    EXPECT_GT(test::shareAt(hertz, 8000, part(side, from, time)), 0.99)
        << hertz << " Hz at " << from.count() << " ms";
  }
  static void expectSilence(const std::vector<int16_t>& side, Millis from, Millis time) {
    EXPECT_EQ(levelDbov(part(side, from, time)), kSilenceDbov) << from.count() << " ms";
  }

  MonoTime now = test::startOfTime();
  std::shared_ptr<Tape> tape = std::make_shared<Tape>();
  CallRecording recording{tape, now};
  size_t agentSaid = 0;
  size_t farSaid = 0;
};

TEST_F(CallRecordingTest, BothSidesFromTheFirstToTheLastSample) {
  talk(1000ms);
  finish();
  EXPECT_EQ(tape->agent.size(), 8000U);
  EXPECT_EQ(tape->farEnd.size(), 8000U);
  expectTone(tape->agent, kAgent, 0ms, 1000ms);
  expectTone(tape->farEnd, kFar, 0ms, 1000ms);
  EXPECT_EQ(tape->finished, 1);
}

TEST_F(CallRecordingTest, HandsOnWhileItRuns) {
  talk(1000ms);
  EXPECT_EQ(tape->agent.size(), 6400U);  // less the delay and the chunk under way
  EXPECT_EQ(recording.due(), test::startOfTime() + 800ms + 100ms + CallRecording::kDelay);
}

TEST_F(CallRecordingTest, HoldIsSilenceAndBothStaySideBySide) {
  talk(500ms);
  talk(700ms, false, false);  // inactive: nothing is sent, nothing comes
  talk(300ms, true, false);   // we send already
  recording.farEndMoved();    // another SSRC
  talk(500ms);
  finish();
  ASSERT_EQ(tape->agent.size(), 16000U);
  expectTone(tape->agent, kAgent, 0ms, 500ms);
  expectSilence(tape->agent, 500ms, 700ms);
  expectTone(tape->agent, kAgent, 1200ms, 800ms);
  expectTone(tape->farEnd, kFar, 0ms, 500ms);
  expectSilence(tape->farEnd, 500ms, 1000ms);
  expectTone(tape->farEnd, kFar, 1500ms, 500ms);
}

TEST_F(CallRecordingTest, JitterOfTheNetworkIsNotHeard) {
  for (int i = 0; i < 100; ++i) {
    pass(20ms);
    // Each second packet comes together with the one after it.
    if (i % 2 == 0) continue;
    recording.farEnd({frame(kFar, farSaid), 8000}, now);
    recording.farEnd({frame(kFar, farSaid), 8000}, now);
  }
  finish();
  expectTone(tape->farEnd, kFar, 40ms, 1900ms);
}

TEST_F(CallRecordingTest, ABurstThatWasLateIsPutBackInItsPlace) {
  talk(500ms);
  talk(160ms, true, false);
  for (int i = 0; i < 8; ++i) recording.farEnd({frame(kFar, farSaid), 8000}, now);
  talk(340ms);
  finish();
  expectTone(tape->farEnd, kFar, 0ms, 1000ms);
}

TEST_F(CallRecordingTest, LossIsSilenceOfItsLength) {
  talk(500ms);
  talk(40ms, true, false);
  pass(20ms);
  recording.farEndLost(40ms, now);
  recording.farEnd({frame(kFar, farSaid), 8000}, now);
  recording.agent({frame(kAgent, agentSaid), 8000}, now);
  talk(440ms);
  finish();
  ASSERT_EQ(tape->farEnd.size(), 8000U);
  expectTone(tape->farEnd, kFar, 0ms, 500ms);
  expectSilence(tape->farEnd, 500ms, 40ms);
  expectTone(tape->farEnd, kFar, 540ms, 460ms);
  expectTone(tape->agent, kAgent, 0ms, 1000ms);
}

TEST_F(CallRecordingTest, AClockThatRunsFastOrSlowNeverDriftsAway) {
  for (const Millis interval : {19ms, 21ms}) {
    const MonoTime begun = now;
    for (int i = 0; i < 3000; ++i) {
      pass(interval);
      recording.farEnd({frame(kFar, farSaid), 8000}, now);
    }
    pass(400ms);
    EXPECT_NEAR(static_cast<double>(tape->farEnd.size()) / 8,
                static_cast<double>((now - test::startOfTime()) / 1ms), 400);
    EXPECT_GT(levelDbov(std::span(tape->farEnd).last(4000)), -30) << (now - begun) / 1ms;
  }
}

TEST_F(CallRecordingTest, APauseTakesTimeOut) {
  talk(300ms);
  recording.pause(now);
  EXPECT_EQ(tape->agent.size(), 2400U);
  EXPECT_EQ(recording.due(), MonoTime::max());
  talk(5000ms);
  recording.resume(now);
  talk(300ms);
  finish();
  ASSERT_EQ(tape->agent.size(), 4800U);
  expectTone(tape->agent, kAgent, 300ms, 300ms);
  expectTone(tape->farEnd, kFar, 300ms, 300ms);
}

TEST_F(CallRecordingTest, AStandstillOfTheMachineIsLeftOut) {
  talk(500ms);
  now += 60s;
  recording.run(now);
  EXPECT_LT(tape->chunks, 10U);
  talk(500ms);
  finish();
  EXPECT_EQ(tape->agent.size(), 8000U * 61);
  expectTone(tape->agent, kAgent, 60500ms, 500ms);
}

TEST_F(CallRecordingTest, EndsWhenNobodyWantsMore) {
  tape->most = 3;
  talk(2000ms);
  EXPECT_EQ(tape->chunks, 3U);
  EXPECT_EQ(recording.due(), MonoTime::max());
  finish();
  EXPECT_EQ(tape->finished, 0) << "it knows";
}

TEST_F(CallRecordingTest, TheSendersOwnClockIsFollowedWithoutASeam) {
  MonoTime end = now;
  for (int i = 0; i < 200; ++i) {
    end += 20ms + 20us;  // the grid follows the browser's clock by 1 ms a second
    now = end;
    recording.agent({frame(kAgent, agentSaid), 8000}, end);
  }
  finish();
  expectTone(tape->agent, kAgent, 20ms, 3900ms);
}

}  // namespace
}  // namespace genesys::media
