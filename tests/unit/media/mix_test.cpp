#include "media/mix.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"
#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kRate = 8000;  // Hz, of the legs unless said otherwise
constexpr size_t kFrameSamples = 160;

/// A leg's sending half that keeps what it hears.
class Ear : public VoiceSink {
 public:
  uint32_t sampleRate() const override { return rate; }
  void voice(const Pcm& pcm, MonoTime) override {
    EXPECT_TRUE(rate == 0 || pcm.sampleRate == rate);
    heardRate = pcm.sampleRate;
    heard.insert(heard.end(), pcm.samples.begin(), pcm.samples.end());
  }
  void lost(SendClock::Duration, MonoTime) override {}
  void pause(MonoTime) override { ++pauses; }
  void noise(int, MonoTime) override {}
  SendClock::Duration owed(MonoTime) const override { return {}; }

  /// The share of the last 200 ms that lies at `hertz`.
  double share(double hertz) const {
    const std::span<const int16_t> all(heard);
    return test::shareAt(hertz, heardRate, all.last(std::min<size_t>(all.size(), heardRate / 5)));
  }
  uint32_t rate = kRate;  ///< 0: either
  uint32_t heardRate = kRate;
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
    const auto pcm = test::tone(kHertz[who], kRate, samples, amplitude, spoken[who]);
    spoken[who] += samples;
    mouths[who]->voice({pcm, kRate}, now);
  }
  /// `frames` of 20 ms in which each of `talkers` speaks, in packets of `packet` samples.
  void run(size_t frames, std::vector<size_t> talkers, size_t packet = 160) {
    for (size_t i = 0; i < frames; ++i) {
      for (const size_t who : talkers)
        while (spoken[who] - offset[who] < (i + 1) * kFrameSamples) speak(who, packet);
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
    std::vector<int16_t> same = test::tone(kHertz[0], kRate, 160, 32000, spoken[0] - 160);
    mouths[1]->voice({same, kRate}, now);
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
  EXPECT_EQ(ears[1].heard.size(), before + kFrameSamples);
  EXPECT_EQ(mix->due(), now + Mix::kFrame);
}

// A far end with a wide band, one without, and the browser, which takes either.
class TwoBands : public testing::Test {
 protected:
  void SetUp() override {
    ears[0].rate = 16000;
    ears[2].rate = 0;
    for (size_t i = 0; i < ears.size(); ++i) mouths[i] = &mix.add(ears[i], now);
    mix.run(now += Mix::kFrame);
  }
  /// `who` speaks a tone for 600 ms; the browser at whatever rate it is asked for.
  void speak(size_t who, double hertz) {
    for (size_t i = 0; i < 30; ++i) {
      const uint32_t rate = ears[who].rate != 0 ? ears[who].rate : mouths[who]->sampleRate();
      const auto pcm = test::tone(hertz, rate, rate / 50, 6000, i * rate / 50);
      mouths[who]->voice({pcm, rate}, now);
      mix.run(now += Mix::kFrame);
    }
  }
  MonoTime now = test::startOfTime();
  Mix mix;
  std::array<Ear, 3> ears;
  std::array<VoiceSink*, 3> mouths{};
};

TEST_F(TwoBands, TheMixHasTheWiderOne) {
  EXPECT_EQ(mix.sampleRate(), 16000U);
  EXPECT_EQ(mouths[2]->sampleRate(), 16000U) << "the browser is decoded to it";
  speak(2, 6000);
  EXPECT_GT(ears[0].share(6000), 0.99);
  EXPECT_LT(levelDbov(std::span(ears[1].heard).last(1600)), -60) << "not folded into its band";
  speak(0, 6000);
  EXPECT_EQ(ears[2].heardRate, 16000U);
  EXPECT_GT(ears[2].share(6000), 0.99);
}

TEST_F(TwoBands, EverybodyHearsVoiceAtItsLevel) {
  for (size_t who = 0; who < 3; ++who) {
    speak(who, 1000);
    for (size_t other = 0; other < 3; ++other) {
      if (other == who) continue;
      EXPECT_GT(ears[other].share(1000), 0.99) << who << " to " << other;
      EXPECT_NEAR(levelDbov(std::span(ears[other].heard).last(1600)), -18, 1);
    }
  }
}

TEST_F(TwoBands, TheBandFollowsTheLegs) {
  ears[0].rate = 8000;  // another codec, by re-INVITE
  speak(2, 700);
  EXPECT_EQ(mix.sampleRate(), 8000U);
  EXPECT_GT(ears[0].share(700), 0.99);
  EXPECT_GT(ears[1].share(700), 0.99);
  ears[1].rate = 16000;
  speak(0, 900);
  EXPECT_GT(ears[1].share(900), 0.99);
  EXPECT_EQ(mix.sampleRate(), 16000U);
  mix.remove(ears[1], now);
  speak(0, 900);
  EXPECT_EQ(mix.sampleRate(), 8000U);
}

}  // namespace
}  // namespace genesys::media
