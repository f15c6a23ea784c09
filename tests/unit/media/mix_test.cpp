#include "media/mix.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

/// A leg's sending half that keeps what it hears.
class Ear : public VoiceSink {
 public:
  uint32_t sampleRate() const override { return Mix::kSampleRate; }
  void voice(const Pcm& pcm, MonoTime) override {
    heard.insert(heard.end(), pcm.samples.begin(), pcm.samples.end());
  }
  void lost(SendClock::Duration, MonoTime) override {}
  void pause(MonoTime) override { ++pauses; }
  void noise(int, MonoTime) override {}
  SendClock::Duration owed(MonoTime) const override { return {}; }

  /// The share of the last 200 ms that lies at `hertz`.
  double share(double hertz) const {
    const std::span<const int16_t> all(heard);
    return test::shareAt(hertz, Mix::kSampleRate, all.last(std::min<size_t>(all.size(), 1600)));
  }
  std::vector<int16_t> heard;
  int pauses = 0;
};

class MixTest : public testing::Test {
 protected:
  static constexpr std::array<double, 3> kHertz{400, 700, 1100};

  void SetUp() override {
    for (size_t i = 0; i < ears.size(); ++i) mouths[i] = &mix->add(ears[i], now);
  }
  void speak(size_t who, size_t samples, double amplitude = 6000) {
    const auto pcm = test::tone(kHertz[who], Mix::kSampleRate, samples, amplitude, spoken[who]);
    spoken[who] += samples;
    mouths[who]->voice({pcm, Mix::kSampleRate}, now);
  }
  /// `frames` of 20 ms in which each of `talkers` speaks, in packets of `packet` samples.
  void run(size_t frames, std::vector<size_t> talkers, size_t packet = 160) {
    for (size_t i = 0; i < frames; ++i) {
      for (const size_t who : talkers)
        while (spoken[who] - offset[who] < (i + 1) * Mix::kFrameSamples) speak(who, packet);
      now += Mix::kFrame;
      mix->run(now);
    }
    for (size_t who = 0; who < spoken.size(); ++who) offset[who] = spoken[who];
  }

  MonoTime now = test::startOfTime();
  std::shared_ptr<Mix> mix = std::make_shared<Mix>();
  std::array<Ear, 3> ears;
  std::array<VoiceSink*, 3> mouths{};
  std::array<size_t, 3> spoken{};
  std::array<size_t, 3> offset{};
};

TEST_F(MixTest, EachHearsTheOthersAndNotItself) {
  run(30, {0, 1, 2});
  for (size_t who = 0; who < 3; ++who)
    for (size_t other = 0; other < 3; ++other) {
      if (who == other)
        EXPECT_LT(ears[who].share(kHertz[other]), 0.01) << who << " hears itself";
      else
        EXPECT_NEAR(ears[who].share(kHertz[other]), 0.5, 0.05) << who << " hears " << other;
    }
}

TEST_F(MixTest, LevelsAreKept) {
  run(30, {0});
  EXPECT_NEAR(*std::max_element(ears[1].heard.begin(), ears[1].heard.end()), 6000, 50);
  for (const int16_t sample : ears[0].heard) ASSERT_EQ(sample, 0);
}

TEST_F(MixTest, LoudVoicesSaturateInsteadOfWrapping) {
  for (int i = 0; i < 10; ++i) {
    speak(0, 160, 32000);
    std::vector<int16_t> same =
        test::tone(kHertz[0], Mix::kSampleRate, 160, 32000, spoken[0] - 160);
    mouths[1]->voice({same, Mix::kSampleRate}, now);
    mix->run(now += Mix::kFrame);
  }
  for (size_t i = 1; i < ears[2].heard.size(); ++i)
    ASSERT_LT(std::abs(ears[2].heard[i] - ears[2].heard[i - 1]), 25000) << "at " << i;
  EXPECT_EQ(*std::max_element(ears[2].heard.begin(), ears[2].heard.end()), 32767);
}

TEST_F(MixTest, PacketsOfAnyLengthDo) {
  run(30, {0}, 80);
  run(30, {1}, 480);
  EXPECT_GT(ears[2].share(kHertz[1]), 0.9);
}

TEST_F(MixTest, WhoLeavesIsNotHeardAndHearsNothing) {
  run(30, {0, 1, 2});
  mix->remove(ears[1], now);
  EXPECT_EQ(ears[1].pauses, 1);
  const size_t before = ears[1].heard.size();
  run(30, {0, 2});
  EXPECT_EQ(ears[1].heard.size(), before);
  EXPECT_GT(ears[0].share(kHertz[2]), 0.99);
}

TEST_F(MixTest, ASenderThatRunsFastAddsNoDelay) {
  for (int i = 0; i < 500; ++i) {
    speak(0, 176);  // a tenth too much
    mix->run(now += Mix::kFrame);
  }
  run(7, {});  // what waited is at most 120 ms
  const std::span<const int16_t> tail = std::span<const int16_t>(ears[1].heard).last(160);
  for (const int16_t sample : tail) ASSERT_EQ(sample, 0);
}

TEST_F(MixTest, GoesOnAfterAStandstillWithoutABurst) {
  run(10, {0});
  const size_t before = ears[1].heard.size();
  mix->run(now += 10s);
  EXPECT_EQ(ears[1].heard.size(), before + Mix::kFrameSamples);
  EXPECT_EQ(mix->due(), now + Mix::kFrame);
}

}  // namespace
}  // namespace genesys::media
