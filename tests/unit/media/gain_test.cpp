#include "media/gain.hpp"

#include <gtest/gtest.h>

#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

/// What comes out of 20 ms stretches of a tone.
std::vector<int16_t> applied(Gain& gain, double amplitude, size_t stretches = 50, size_t from = 0) {
  std::vector<int16_t> out;
  for (size_t i = from; i < from + stretches; ++i) {
    const auto pcm = test::tone(500, 8000, 160, amplitude, i * 160);
    const auto part = gain.apply(pcm);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

std::span<const int16_t> tail(const std::vector<int16_t>& pcm) {
  return std::span(pcm).last(pcm.size() / 2);
}

TEST(Gain, NoneIsTheSamePcm) {
  Gain gain;
  gain.set(0);
  const auto pcm = test::tone(500, 8000, 160);
  EXPECT_TRUE(gain.neutral());
  EXPECT_EQ(gain.apply(pcm).data(), pcm.data());
}

TEST(Gain, LevelChangesByJustThatMuch) {
  for (const int decibels : {-20, -6, 6, 12, 20}) {
    Gain gain;
    gain.set(decibels);
    const auto before = test::tone(500, 8000, 8000, 1000);
    const auto after = applied(gain, 1000);
    EXPECT_NEAR(levelDbov(tail(after)), levelDbov(before) + decibels, 1) << decibels;
    EXPECT_GT(test::shareAt(500, 8000, tail(after)), 0.9999) << decibels;
  }
}

TEST(Gain, APeakIsNotClipped) {
  Gain gain;
  gain.set(20);
  const auto out = applied(gain, 12000);
  EXPECT_NEAR(*std::ranges::max_element(out), 32767, 700);
  EXPECT_GT(test::shareAt(500, 8000, tail(out)), 0.999) << "a sine still";
}

// From soft to loud within one stretch: the gain is down before the ear hears clipping.
TEST(Gain, ALoudVoiceAfterASoftOneIsLimitedAtOnce) {
  Gain gain;
  gain.set(20);
  applied(gain, 500);
  const auto out = applied(gain, 20000, 10, 50);
  EXPECT_GT(test::shareAt(500, 8000, std::span(out).subspan(64, 800)), 0.999);
  // And back up again within 150 ms.
  const auto soft = applied(gain, 500, 30, 60);
  EXPECT_NEAR(levelDbov(std::span(soft).subspan(1200)), levelDbov(test::tone(500, 8000, 160, 5000)),
              1);
}

TEST(Gain, GoesBackToNothing) {
  Gain gain;
  gain.set(6);
  applied(gain, 1000);
  gain.set(0);
  applied(gain, 1000);
  EXPECT_TRUE(gain.neutral());
}

TEST(Gain, ALongSilenceHarmsNothing) {
  Gain gain;
  gain.set(12);
  applied(gain, 0);
  EXPECT_NEAR(levelDbov(tail(applied(gain, 1000))),
              levelDbov(test::tone(500, 8000, 160, 1000)) + 12, 1);
}

}  // namespace
}  // namespace genesys::media
