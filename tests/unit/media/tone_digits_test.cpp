#include "media/tone_digits.hpp"

#include <gtest/gtest.h>

#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

// Voice that must not be heard while a digit sounds.
std::vector<int16_t> voice(size_t samples) {
  return test::tone(400, 8000, samples, 6000);
}

/// `seconds` of voice with the digits in its place, in frames of 20 ms.
std::vector<int16_t> replaced(ToneDigits& digits, double seconds) {
  auto pcm = voice(static_cast<size_t>(seconds * 8000));
  for (size_t at = 0; at + 160 <= pcm.size(); at += 160)
    digits.replace(std::span(pcm).subspan(at, 160), 8000);
  return pcm;
}

TEST(ToneDigits, EveryDigitIsItsPairOfTonesAtTheirLevels) {
  const std::string pad = "123A456B789C*0#D";
  for (size_t key = 0; key < pad.size(); ++key) {
    ToneDigits digits;
    ASSERT_TRUE(digits.queue(pad[key], Millis(200)));
    const auto pcm = replaced(digits, 0.2);
    const std::span tone = std::span(pcm).subspan(80, 1440);
    const double low = test::shareAt(kLowTones[key / 4], 8000, tone);
    const double high = test::shareAt(kHighTones[key % 4], 8000, tone);
    EXPECT_GT(low + high, 0.98) << pad[key];
    EXPECT_NEAR(10 * std::log10(high / low), 2, 0.3) << pad[key];
    // -10 and -8 dBm0 together are -5.9 dBm0; 0 dBm0 is 6.18 dB below full scale.
    EXPECT_NEAR(levelDbov(tone), -5.9 - 6.18, 1) << pad[key];
  }
}

TEST(ToneDigits, AfterItAPauseThenTheVoiceAgain) {
  ToneDigits digits;
  ASSERT_TRUE(digits.queue('5', Millis(100)));
  const auto pcm = replaced(digits, 0.4);
  EXPECT_GT(test::shareAt(770, 8000, std::span(pcm).first(800)), 0.3);
  EXPECT_EQ(levelDbov(std::span(pcm).subspan(800, 480)), kSilenceDbov);
  const auto untouched = voice(pcm.size());
  EXPECT_TRUE(std::equal(pcm.begin() + 1280, pcm.end(), untouched.begin() + 1280));
  EXPECT_FALSE(digits.sounding());
}

TEST(ToneDigits, NoToneIsShorterThanReceiversNeed) {
  ToneDigits digits;
  ASSERT_TRUE(digits.queue('1', Millis(40)));
  const auto pcm = replaced(digits, 0.2);
  EXPECT_GT(levelDbov(std::span(pcm).subspan(320, 60)), -30);  // 40 to 47 ms
  EXPECT_EQ(levelDbov(std::span(pcm).subspan(400, 480)), kSilenceDbov);
}

TEST(ToneDigits, WaitInARow) {
  ToneDigits digits;
  for (int i = 0; i < 32; ++i) EXPECT_TRUE(digits.queue('7', Millis(60)));
  EXPECT_FALSE(digits.queue('7', Millis(60))) << "32 wait";
  replaced(digits, 0.13);  // 60 ms and the pause of 60 ms
  EXPECT_TRUE(digits.queue('7', Millis(60)));
  digits.clear();
  EXPECT_FALSE(digits.sounding());
  const auto pcm = replaced(digits, 0.1);
  EXPECT_EQ(pcm, voice(pcm.size()));
}

TEST(ToneDigits, RefusesWhatIsNoDigit) {
  ToneDigits digits;
  EXPECT_FALSE(digits.queue('x', Millis(100)));
  EXPECT_FALSE(digits.queue('1', Millis(39)));
  EXPECT_FALSE(digits.queue('1', Millis(8001)));
  EXPECT_TRUE(digits.queue('d', Millis(100)));
}

}  // namespace
}  // namespace genesys::media
