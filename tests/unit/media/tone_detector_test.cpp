#include "media/tone_detector.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "media/g711.hpp"
#include "tone_pairs.hpp"

namespace genesys::media {
namespace {

using test::PairTone;

constexpr size_t kShifts = 13;  // of 8 samples each: every place in a hop and its neighbours

std::string digitsOf(const std::vector<ToneDetector::Key>& keys) {
  std::string digits;
  for (const auto& key : keys) digits += key.digit;
  return digits;
}

/// In packets of 20 ms, as they come from a far end through G.711.
std::vector<ToneDetector::Key> detect(std::span<const int16_t> pcm, const G711Law& law = muLaw()) {
  ToneDetector detector(8000);
  std::vector<ToneDetector::Key> keys;
  std::array<uint8_t, 160> payload;
  std::array<int16_t, 160> decoded;
  for (size_t at = 0; at + 160 <= pcm.size(); at += 160) {
    encodeG711(law, pcm.subspan(at, 160), payload);
    decodeG711(law, payload, decoded);
    detector.add(decoded, keys);
  }
  return keys;
}

/// How many of the presses of all 16 digits, at every shift, are found, each once.
size_t found(const PairTone& pair) {
  size_t good = 0;
  for (size_t key = 0; key < 16; ++key)
    for (size_t shift = 0; shift < kShifts; ++shift) {
      const auto keys = detect(test::pairTone(key / 4, key % 4, pair, shift * 8));
      good += digitsOf(keys) == std::string(1, digitOfTones(key / 4, key % 4));
      EXPECT_LE(keys.size(), 1U);
    }
  return good;
}
constexpr size_t kAll = 16 * kShifts;

TEST(ToneDetector, TakesWhatQ24HasToBeTaken) {
  EXPECT_EQ(found({.ms = 40}), kAll);
  EXPECT_EQ(found({.ms = 500}), kAll);
  EXPECT_EQ(found({.lowDbm0 = 0, .highDbm0 = 0, .ms = 45}), kAll) << "loud";
  EXPECT_EQ(found({.lowDbm0 = -29, .highDbm0 = -29, .ms = 45}), kAll) << "quiet";
  EXPECT_EQ(found({.lowDbm0 = -16, .highDbm0 = -10, .ms = 45}), kAll) << "twist";
  EXPECT_EQ(found({.lowDbm0 = -8, .highDbm0 = -16, .ms = 45}), kAll) << "reverse twist";
  EXPECT_EQ(found({.lowOff = 1.018, .highOff = 0.982, .ms = 45}), kAll) << "frequencies";
  EXPECT_EQ(found({.lowOff = 0.982, .highOff = 1.018, .ms = 45}), kAll) << "frequencies";
  EXPECT_EQ(found({.ms = 45, .snr = 15}), kAll) << "noise";
}

TEST(ToneDetector, TakesNothingThatQ24MustNotBeTaken) {
  EXPECT_EQ(found({.ms = 22}), 0U);
  EXPECT_EQ(found({.lowDbm0 = -40, .highDbm0 = -40, .ms = 200}), 0U);
  EXPECT_EQ(found({.lowDbm0 = -20, .highDbm0 = -8, .ms = 200}), 0U) << "twist";
  EXPECT_EQ(found({.lowDbm0 = -8, .highDbm0 = -22, .ms = 200}), 0U) << "reverse twist";
  for (const double off : {0.965, 1.035}) {
    EXPECT_EQ(found({.lowOff = off, .ms = 200}), 0U) << off;
    EXPECT_EQ(found({.highOff = off, .ms = 200}), 0U) << off;
  }
  EXPECT_EQ(found({.lowDbm0 = -90, .ms = 200}), 0U) << "one tone alone";
}

TEST(ToneDetector, TellsHowLongAKeyWasDown) {
  for (const int ms : {50, 160, 1000}) {
    const auto keys = detect(test::pairTone(1, 1, {.ms = ms}, 0), aLaw());
    ASSERT_EQ(digitsOf(keys), "5");
    EXPECT_NEAR(static_cast<double>(keys[0].duration.count()), ms, 10);
  }
}

std::vector<int16_t> keysInARow(int tone, int pause) {
  std::vector<int16_t> pcm(800);
  for (int i = 0; i < 6; ++i) {
    const auto press = test::pairTone(2, 2, {.ms = tone}, 0);
    pcm.insert(pcm.end(), press.begin() + 800, press.end() - 800);
    pcm.resize(pcm.size() + static_cast<size_t>(pause) * 8);
  }
  pcm.resize(pcm.size() + 800);
  return pcm;
}

TEST(ToneDetector, APauseMakesTwoOfOneABreakDoesNot) {
  EXPECT_EQ(digitsOf(detect(keysInARow(50, 40))), "999999");
  EXPECT_EQ(digitsOf(detect(keysInARow(50, 10))), "9");
}

TEST(ToneDetector, ALostPacketIsNoRelease) {
  ToneDetector detector(8000);
  std::vector<ToneDetector::Key> keys;
  const auto pcm = test::pairTone(0, 3, {.ms = 200}, 0);
  for (size_t at = 0; at + 160 <= pcm.size(); at += 160) {
    if (at == 1600)
      detector.lost(160);
    else
      detector.add(std::span(pcm).subspan(at, 160), keys);
  }
  ASSERT_EQ(digitsOf(keys), "A");
  EXPECT_NEAR(static_cast<double>(keys[0].duration.count()), 200, 15);
}

TEST(ToneDetector, TheEndOfTheAudioReleases) {
  ToneDetector detector(8000);
  std::vector<ToneDetector::Key> keys;
  const auto pcm = test::pairTone(3, 1, {.ms = 100}, 0);
  detector.add(std::span(pcm).first(800 + 640), keys);
  EXPECT_TRUE(keys.empty());
  const auto key = detector.finish();
  ASSERT_TRUE(key);
  EXPECT_EQ(key->digit, '0');
  EXPECT_FALSE(detector.finish());
}

TEST(ToneDetector, WideBandVoiceHoldsKeysToo) {
  ToneDetector detector(16000);
  std::vector<ToneDetector::Key> keys;
  std::vector<int16_t> pcm(1600);
  ToneDigits digits;
  for (const char digit : std::string("4*7")) ASSERT_TRUE(digits.queue(digit, Millis(60)));
  for (int i = 0; i < 5; ++i) {
    std::ranges::fill(pcm, int16_t{0});
    digits.replace(pcm, 16000);
    detector.add(pcm, keys);
  }
  EXPECT_EQ(digitsOf(keys), "4*7");
}

TEST(ToneDetector, NoiseIsNoKey) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 3000);
  std::vector<int16_t> pcm(8000 * 60);
  for (int16_t& sample : pcm) sample = static_cast<int16_t>(std::lround(noise(random)));
  EXPECT_EQ(digitsOf(detect(pcm)), "");
}

// Talk-off: twelve minutes of prose in ten voices and five languages (talk.txt).
TEST(ToneDetector, SpeechIsNoKey) {
#ifndef GENESYS_TALK
  GTEST_SKIP() << "espeak-ng or sox was not there when this was built";
#else
  std::ifstream file(GENESYS_TALK, std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(file)), {});
  std::vector<int16_t> pcm(octets.size() / 2);
  std::memcpy(pcm.data(), octets.data(), pcm.size() * 2);
  ASSERT_GT(pcm.size(), 8000U * 600);
  EXPECT_EQ(digitsOf(detect(pcm)), "");
  // The same speech does not hide keys that come after it.
  const auto press = test::pairTone(1, 2, {.ms = 60}, 0);
  pcm.resize(8000 * 30);
  pcm.insert(pcm.end(), press.begin(), press.end());
  EXPECT_EQ(digitsOf(detect(pcm)), "6");
#endif
}

}  // namespace
}  // namespace genesys::media
