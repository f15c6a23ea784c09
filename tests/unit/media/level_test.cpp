#include "media/level.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tone.hpp"

namespace genesys::media {
namespace {

TEST(Level, KnowsFullScaleAndSilence) {
  EXPECT_EQ(levelDbov(std::vector<int16_t>(160, -32768)), 0);
  EXPECT_EQ(levelDbov(std::vector<int16_t>(160, 0)), -127);
  EXPECT_EQ(levelDbov({}), -127);
  EXPECT_EQ(levelDbov(std::vector<int16_t>(160, 1)), -90);
}

TEST(Level, ASineIs3DbBelowItsPeak) {
  EXPECT_EQ(levelDbov(test::tone(1000, 8000, 800, 32767)), -3);
  EXPECT_EQ(levelDbov(test::tone(1000, 8000, 800, 3276.7)), -23);
}

TEST(Level, AmplitudeIsTheInverse) {
  for (const int dbov : {0, -20, -65})
    EXPECT_EQ(levelDbov(std::vector<int16_t>(
                  10, static_cast<int16_t>(std::min(32767.0, amplitudeOf(dbov))))),
              dbov);
}

TEST(LevelMeter, SpeaksEvery100Milliseconds) {
  LevelMeter meter;
  const auto loud = test::tone(500, 8000, 160, 16384);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(meter.add(loud, 8000));
  EXPECT_TRUE(meter.add(loud, 8000));
  EXPECT_EQ(meter.dbov(), -9);
  // Nothing of the past is left.
  const std::vector<int16_t> quiet(800);
  EXPECT_TRUE(meter.add(quiet, 8000));
  EXPECT_EQ(meter.dbov(), -127);
}

}  // namespace
}  // namespace genesys::media
