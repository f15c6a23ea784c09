#include "media/voice_quality.hpp"

#include <gtest/gtest.h>

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

// Published pairs of R and MOS: G.107 table B.1 and figure B.2, and G.113's G.711 with appendix I.
TEST(VoiceQualityTest, RatingsAndMosAsPublished) {
  EXPECT_NEAR(mosOf(93.2), 4.41, 0.01);
  EXPECT_NEAR(mosOf(90), 4.34, 0.01);
  EXPECT_NEAR(mosOf(80), 4.03, 0.01);
  EXPECT_NEAR(mosOf(70), 3.60, 0.01);
  EXPECT_NEAR(mosOf(60), 3.10, 0.01);
  EXPECT_NEAR(mosOf(50), 2.58, 0.01);
  EXPECT_EQ(mosOf(-3), 1);
  EXPECT_EQ(mosOf(101), 4.5);
}

TEST(VoiceQualityTest, LossAndDelayCost) {
  EXPECT_DOUBLE_EQ(ratingOf(kConcealed, 0, 50ms), 93.2);
  // Ie,eff = 95 * 5 / (5 + 25.1) = 15.8
  EXPECT_NEAR(ratingOf(kConcealed, 5, 50ms), 77.4, 0.05);
  // Ie,eff = 95 * 5 / (5 + 4.3) = 51.1
  EXPECT_NEAR(ratingOf(kBare, 5, 50ms), 42.1, 0.05);
  // Idd of G.107's formula (7-29): 100 ms is free, 400 ms costs about 24.
  EXPECT_DOUBLE_EQ(ratingOf(kConcealed, 0, 100ms), 93.2);
  EXPECT_NEAR(93.2 - ratingOf(kConcealed, 0, 400ms), 24, 1.5);
  EXPECT_GE(ratingOf(kBare, 100, 1000ms), 0);
}

TEST(QualityMeterTest, IntervalsWorstAndMean) {
  QualityMeter meter(kConcealed);
  MonoTime now{1h};
  EXPECT_FALSE(meter.update({1, 0, 0, 0ms, 0ms}, now));
  EXPECT_FALSE(meter.update({250, 0, 0, 0ms, 0ms}, now + 4900ms));
  EXPECT_FALSE(meter.figures());
  EXPECT_TRUE(meter.update({251, 0, 0, 0ms, 0ms}, now + 5s));
  EXPECT_NEAR(meter.figures()->last, 4.41, 0.01);
  // 10 % of the next interval are lost, 5 % come too late.
  EXPECT_TRUE(meter.update({476, 25, 12, 0ms, 0ms}, now + 10s));
  EXPECT_LT(meter.figures()->last, 3.2);
  EXPECT_TRUE(meter.update({726, 25, 12, 0ms, 0ms}, now + 15s));
  EXPECT_NEAR(meter.figures()->last, 4.41, 0.01);
  EXPECT_LT(meter.figures()->worst, 3.2);
  EXPECT_NEAR(meter.figures()->mean, (4.41 * 2 + meter.figures()->worst) / 3, 0.01);
}

TEST(QualityMeterTest, ASilentIntervalSaysNothing) {
  QualityMeter meter(kConcealed);
  MonoTime now{1h};
  meter.update({10, 0, 0, 0ms, 0ms}, now);
  EXPECT_FALSE(meter.update({10, 0, 0, 0ms, 0ms}, now + 6s));
  EXPECT_FALSE(meter.figures());
}

TEST(QualityMeterTest, JitterNeedsABufferThatDelays) {
  QualityMeter calm(kConcealed);
  QualityMeter jittery(kConcealed);
  MonoTime now{1h};
  for (QualityMeter* meter : {&calm, &jittery}) meter->update({0, 0, 0, 0ms, 0ms}, now);
  calm.update({250, 0, 0, 5ms, 60ms}, now + 5s);
  jittery.update({250, 0, 0, 90ms, 60ms}, now + 5s);
  EXPECT_GT(calm.figures()->last, jittery.figures()->last + 0.2);
}

}  // namespace
}  // namespace genesys::media
