#include "media/comfort_noise.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "media/g711.hpp"
#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

TEST(ComfortNoise, HasTheLevelThatWasAskedFor) {
  ComfortNoise noise(7);
  for (const int dbov : {-40, -50, -65}) {
    std::vector<int16_t> pcm(8000);
    for (size_t at = 0; at < pcm.size(); at += 160)
      noise.fill(std::span(pcm).subspan(at, 160), dbov);
    EXPECT_NEAR(levelDbov(pcm), dbov, 1);
  }
}

TEST(ComfortNoise, IsWhite) {
  ComfortNoise noise(8);
  std::vector<int16_t> pcm(8000);
  noise.fill(pcm, -50);
  for (const double hertz : {300.0, 1000.0, 2000.0, 3400.0})
    EXPECT_LT(test::shareAt(hertz, 8000, pcm), 0.01) << hertz;
}

// The quiet line must be neither silent nor loud after the coarse steps of G.711.
TEST(ComfortNoise, SurvivesG711) {
  ComfortNoise noise(9);
  for (const G711Law* law : {&muLaw(), &aLaw()}) {
    std::vector<int16_t> pcm(8000);
    std::vector<uint8_t> octets(pcm.size());
    noise.fill(pcm, kQuietLineDbov);
    encodeG711(*law, pcm, octets);
    decodeG711(*law, octets, pcm);
    EXPECT_NEAR(levelDbov(pcm), kQuietLineDbov, 3);
  }
}

TEST(ComfortNoise, ReadsTheLevelOfAPayload) {
  const std::array<uint8_t, 3> payload{70, 1, 2};
  EXPECT_EQ(comfortNoiseLevel(payload), -70);
  EXPECT_EQ(comfortNoiseLevel({}), kQuietLineDbov);
  const std::array<uint8_t, 1> loud{0};
  EXPECT_EQ(comfortNoiseLevel(loud), kLoudestNoiseDbov);
  const std::array<uint8_t, 1> reservedBit{0x80 | 60};
  EXPECT_EQ(comfortNoiseLevel(reservedBit), -60);
}

}  // namespace
}  // namespace genesys::media
