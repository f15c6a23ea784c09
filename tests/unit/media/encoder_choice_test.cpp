#include "media/encoder_choice.hpp"

#include <gtest/gtest.h>

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using Path = EncoderChoice::Path;

class EncoderChoiceTest : public testing::Test {
 protected:
  /// Reports of so many per cent of loss, 5 s apart, as a browser sends them.
  Path after(int reports, double percent) {
    for (int i = 0; i < reports; ++i) {
      now += 5s;
      choice.reported(static_cast<uint8_t>(percent * 2.56 + 0.5), now);
    }
    return choice.path();
  }

  MonoTime now{std::chrono::hours(1)};
  EncoderChoice choice;
};

TEST_F(EncoderChoiceTest, BeginsWithTheCheapest) {
  EXPECT_EQ(choice.path(), Path::Clean);
  EXPECT_TRUE(choice.setting(8000).lowDelay);
  EXPECT_GT(choice.setting(16000).bitRate, choice.setting(8000).bitRate);
  EXPECT_FALSE(choice.setting(16000).inBandFec);
}

TEST_F(EncoderChoiceTest, OneLostPacketOfAReportIsNoReason) {
  EXPECT_EQ(after(100, 0.4), Path::Clean);
}

TEST_F(EncoderChoiceTest, LossIsBelievedAtOnce) {
  EXPECT_EQ(after(1, 2), Path::Lossy);
  EXPECT_TRUE(choice.setting(8000).inBandFec);
  EXPECT_FALSE(choice.setting(8000).lowDelay);
  EXPECT_EQ(after(1, 12), Path::Poor);
  EXPECT_GT(choice.setting(8000).expectedLoss, 10);
}

TEST_F(EncoderChoiceTest, APoorPathMayComeAtOnceAndGoesStepByStep) {
  EXPECT_EQ(after(1, 30), Path::Poor);
  EXPECT_EQ(after(2, 0), Path::Poor);
  EXPECT_EQ(after(1, 0), Path::Lossy);
  EXPECT_EQ(after(2, 0), Path::Lossy);
  EXPECT_EQ(after(1, 0), Path::Clean);
}

TEST_F(EncoderChoiceTest, ALapseBeginsTheTrustAnew) {
  after(1, 3);
  after(2, 0);
  EXPECT_EQ(after(1, 0.8), Path::Lossy);  // would not enter, but is not better either
  EXPECT_EQ(after(2, 0), Path::Lossy);
  EXPECT_EQ(after(1, 0), Path::Clean);
}

TEST_F(EncoderChoiceTest, APathAtTheBorderDoesNotFlap) {
  int changes = 0;
  Path last = choice.path();
  for (int i = 0; i < 100; ++i) {
    const Path path = after(1, i % 2 == 0 ? 1.2 : 0.4);
    changes += path != last;
    last = path;
  }
  EXPECT_EQ(changes, 1);
}

}  // namespace
}  // namespace genesys::media
