#include "media/silence_gate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "media/comfort_noise.hpp"
#include "media/g711.hpp"
#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using Verdict = SilenceGate::Verdict;
constexpr size_t kFrame = 160;
constexpr Millis kLength{20};

class SilenceGateTest : public testing::Test {
 protected:
  Verdict noise(int dbov) {
    std::vector<int16_t> pcm(kFrame);
    room.fill(pcm, dbov);
    return gate.judge(pcm, kLength);
  }
  /// Of `frames` of noise, how many are encoded.
  int encoded(int frames, int dbov) {
    int count = 0;
    for (int i = 0; i < frames; ++i) {
      const Verdict verdict = noise(dbov);
      count += verdict == Verdict::Voice || verdict == Verdict::Update;
    }
    return count;
  }
  Verdict tone(double amplitude, size_t start) {
    return gate.judge(test::tone(440, 8000, kFrame, amplitude, start), kLength);
  }

  ComfortNoise room{3};
  SilenceGate gate;
};

TEST_F(SilenceGateTest, DigitalSilenceClosesAfterTheHangover) {
  const std::vector<int16_t> silence(kFrame);
  std::string verdicts;
  for (int i = 0; i < 60; ++i) verdicts += "VCPU"[static_cast<int>(gate.judge(silence, kLength))];
  EXPECT_EQ(verdicts, std::string(15, 'V') + "C" + std::string(19, 'P') + "UC" +
                          std::string(18, 'P') + "UC" + std::string(3, 'P'));
}

// The same times, whatever packet time the browser asks for.
TEST_F(SilenceGateTest, TimesDoNotDependOnTheFrame) {
  for (const int64_t ms : {10, 20, 40, 60}) {
    SilenceGate other;
    const Millis length(ms);
    const std::vector<int16_t> silence(static_cast<size_t>(8 * ms));
    int64_t voice = 0;
    int64_t samples = 0;
    for (Millis at{0}; at < Millis(6000); at += length) {
      const Verdict verdict = other.judge(silence, length);
      if (verdict == Verdict::Voice) voice += ms;
      samples += verdict == Verdict::Update;
    }
    EXPECT_NEAR(static_cast<double>(voice), 300, static_cast<double>(ms)) << ms;
    EXPECT_NEAR(static_cast<double>(samples), 14, 2) << ms;
  }
}

TEST_F(SilenceGateTest, TheNoiseOfAQuietRoomIsNoVoice) {
  for (const int dbov : {-70, -65, -60, -56}) {
    encoded(500, dbov);
    EXPECT_LE(encoded(1000, dbov), 1000 / 20 + 20) << dbov;
  }
}

TEST_F(SilenceGateTest, ATonesAndALoudRoomAreVoiceForEver) {
  for (size_t i = 0; i < 3000; ++i)
    ASSERT_EQ(tone(amplitudeOf(-40), i * kFrame), Verdict::Voice) << i;
  EXPECT_EQ(encoded(3000, -40), 3000);
}

TEST_F(SilenceGateTest, VoiceOpensWithItsFirstFrame) {
  encoded(1000, -60);
  EXPECT_EQ(tone(amplitudeOf(-45), 0), Verdict::Voice);
  encoded(1000, -60);
  // A plosive's 5 ms at the end of a frame.
  std::vector<int16_t> pcm(kFrame);
  room.fill(pcm, -60);
  std::ranges::copy(test::tone(1000, 8000, 40, 600), pcm.begin() + 120);
  EXPECT_EQ(gate.judge(pcm, kLength), Verdict::Voice);
}

TEST_F(SilenceGateTest, KnownNoiseBeginsWithASampleOfItself) {
  EXPECT_EQ(tone(5000, 0), Verdict::Voice);
  EXPECT_EQ(gate.noise(kLength), Verdict::Update);
  EXPECT_EQ(gate.noise(kLength), Verdict::Close);
  EXPECT_EQ(gate.noise(kLength), Verdict::Pause);
  EXPECT_EQ(tone(5000, 0), Verdict::Voice);
}

#ifdef GENESYS_TALK
// Of what people say, next to nothing is left out, and of their pauses most.
TEST_F(SilenceGateTest, SpeechKeepsItsEnergy) {
  std::ifstream file(GENESYS_TALK, std::ios::binary);
  std::vector<int16_t> pcm(kFrame);
  std::vector<int16_t> line(kFrame);
  std::vector<uint8_t> law(kFrame);
  double all = 0;
  double left = 0;
  int frames = 0;
  int pauses = 0;
  while (file.read(reinterpret_cast<char*>(pcm.data()), 2 * kFrame)) {
    room.fill(line, -62);
    for (size_t i = 0; i < kFrame; ++i) pcm[i] = static_cast<int16_t>(pcm[i] / 2 + line[i]);
    encodeG711(aLaw(), pcm, law);
    decodeG711(aLaw(), law, pcm);
    double energy = 0;
    for (const int16_t sample : pcm) energy += double{1} * sample * sample;
    all += energy;
    ++frames;
    const Verdict verdict = gate.judge(pcm, kLength);
    if (verdict == Verdict::Voice || verdict == Verdict::Update) continue;
    left += energy;
    ++pauses;
  }
  ASSERT_GT(frames, 10000);
  EXPECT_LT(left / all, 1e-5);
  EXPECT_GT(static_cast<double>(pauses) / frames, 0.015);
}
#endif

}  // namespace
}  // namespace genesys::media
