#include "media/rate_conversion.hpp"

#include <gtest/gtest.h>

#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

/// `seconds` of a tone, converted in stretches of `step` samples.
std::vector<int16_t> converted(double hertz, uint32_t from, uint32_t to, size_t step = 160) {
  RateConversion conversion;
  const auto pcm = test::tone(hertz, from, from, 8000);
  std::vector<int16_t> out;
  for (size_t i = 0; i < pcm.size(); i += step) {
    const auto stretch = std::span(pcm).subspan(i, std::min(step, pcm.size() - i));
    const auto part = conversion.convert({stretch, from}, to);
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

std::span<const int16_t> tail(const std::vector<int16_t>& pcm) {
  return std::span(pcm).last(pcm.size() / 2);
}

TEST(RateConversion, TheSameRateIsTheSamePcm) {
  RateConversion conversion;
  const auto pcm = test::tone(440, 8000, 160);
  EXPECT_EQ(conversion.convert({pcm, 8000}, 8000).data(), pcm.data());
}

TEST(RateConversion, VoiceKeepsItsLevelBothWays) {
  for (const double hertz : {200.0, 1000.0, 2500.0, RateConversion::kPassHz})
    for (const auto& [from, to] : {std::pair(8000U, 16000U), std::pair(16000U, 8000U)}) {
      const auto pcm = converted(hertz, from, to);
      ASSERT_EQ(pcm.size(), to);
      EXPECT_GT(test::shareAt(hertz, to, tail(pcm)), 0.999) << hertz << " Hz to " << to;
      EXPECT_NEAR(levelDbov(tail(pcm)), -15, 1) << hertz << " Hz to " << to;
    }
}

TEST(RateConversion, WhatDoesNotFitIsTakenOutAndNotFoldedIn) {
  for (const double hertz : {RateConversion::kStopHz, 5500.0, 7500.0})
    EXPECT_LT(levelDbov(tail(converted(hertz, 16000, 8000))), -15 - 58) << hertz;
}

TEST(RateConversion, NoImageAboveTheBand) {
  const auto pcm = converted(3000, 8000, 16000);
  EXPECT_LT(test::shareAt(5000, 16000, tail(pcm)), 1e-6);
}

TEST(RateConversion, StretchesOfAnyLengthMakeOne) {
  for (const auto& [from, to] : {std::pair(8000U, 16000U), std::pair(16000U, 8000U)})
    EXPECT_EQ(converted(700, from, to, 33), converted(700, from, to, 16000)) << from;
}

TEST(RateConversion, FullScaleSaturates) {
  RateConversion conversion;
  std::vector<int16_t> square(800);
  for (size_t i = 0; i < square.size(); ++i) square[i] = i / 20 % 2 == 0 ? 32767 : -32768;
  for (const int16_t sample : conversion.convert({square, 8000}, 16000))
    ASSERT_TRUE(sample >= -32768);
  const auto out = conversion.convert({square, 8000}, 16000);
  for (size_t i = 1; i < out.size(); ++i)
    ASSERT_LT(std::abs(out[i] - out[i - 1]), 60000) << "it would wrap at " << i;
}

TEST(RateConversion, DelaysLessThanTwoMilliseconds) {
  for (const auto& [from, to] : {std::pair(8000U, 16000U), std::pair(16000U, 8000U)}) {
    RateConversion conversion;
    std::vector<int16_t> click(from / 100);
    click[0] = 20000;
    const auto out = conversion.convert({click, from}, to);
    const auto peak = std::max_element(out.begin(), out.end()) - out.begin();
    EXPECT_LT(static_cast<double>(peak) / to, 0.002);
  }
}

}  // namespace
}  // namespace genesys::media
