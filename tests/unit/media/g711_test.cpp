#include "media/g711.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace genesys::media {
namespace {

int16_t decodeOne(const G711Law& law, uint8_t octet) {
  int16_t sample = 0;
  decodeG711(law, {&octet, 1}, {&sample, 1});
  return sample;
}

uint8_t encodeOne(const G711Law& law, int sample) {
  const auto pcm = static_cast<int16_t>(sample);
  uint8_t octet = 0;
  encodeG711(law, {&pcm, 1}, {&octet, 1});
  return octet;
}

// Ends of the segments in G.711 tables 1 and 2, on the 16-bit scale.
TEST(G711, DecodesTheValuesOfTheStandard) {
  EXPECT_EQ(decodeOne(muLaw(), 0x80), 32124);  // 8031
  EXPECT_EQ(decodeOne(muLaw(), 0x00), -32124);
  EXPECT_EQ(decodeOne(muLaw(), 0x8f), 16764);  // 4191
  EXPECT_EQ(decodeOne(muLaw(), 0x9f), 8316);   // 2079
  EXPECT_EQ(decodeOne(muLaw(), 0xaf), 4092);   // 1023
  EXPECT_EQ(decodeOne(muLaw(), 0xbf), 1980);   // 495
  EXPECT_EQ(decodeOne(muLaw(), 0xcf), 924);    // 231
  EXPECT_EQ(decodeOne(muLaw(), 0xdf), 396);    // 99
  EXPECT_EQ(decodeOne(muLaw(), 0xef), 132);    // 33
  EXPECT_EQ(decodeOne(muLaw(), 0xfe), 8);      // 2
  EXPECT_EQ(decodeOne(muLaw(), 0xff), 0);
  EXPECT_EQ(decodeOne(muLaw(), 0x7f), 0);
  EXPECT_EQ(decodeOne(muLaw(), 0x7e), -8);

  EXPECT_EQ(decodeOne(aLaw(), 0x80 ^ 0x55 ^ 0x7f), 32256);  // 4032 x 8
  EXPECT_EQ(decodeOne(aLaw(), 0x00 ^ 0x55 ^ 0x7f), -32256);
  EXPECT_EQ(decodeOne(aLaw(), 0xf0 ^ 0x55), 16896);  // 2112
  EXPECT_EQ(decodeOne(aLaw(), 0xa0 ^ 0x55), 528);    // 66
  EXPECT_EQ(decodeOne(aLaw(), 0x90 ^ 0x55), 264);    // 33
  EXPECT_EQ(decodeOne(aLaw(), 0xd5), 8);             // 1
  EXPECT_EQ(decodeOne(aLaw(), 0x55), -8);
}

TEST(G711, EncodesTheCharacterSignalsOfTheStandard) {
  EXPECT_EQ(encodeOne(muLaw(), 0), 0xff);
  EXPECT_EQ(encodeOne(muLaw(), 32767), 0x80);
  EXPECT_EQ(encodeOne(muLaw(), -32768), 0x00);
  EXPECT_EQ(encodeOne(aLaw(), 0), 0xd5);
  EXPECT_EQ(encodeOne(aLaw(), -1), 0x55);
  EXPECT_EQ(encodeOne(aLaw(), 32767), 0xaa);
  EXPECT_EQ(encodeOne(aLaw(), -32768), 0x2a);
}

class G711Laws : public testing::TestWithParam<bool> {
 protected:
  const G711Law& law() const { return GetParam() ? aLaw() : muLaw(); }
};

TEST_P(G711Laws, GivesBackEveryOctet) {
  for (int octet = 0; octet < 256; ++octet) {
    const int16_t sample = decodeOne(law(), static_cast<uint8_t>(octet));
    // µ-law has two zeros.
    if (sample != 0)
      EXPECT_EQ(encodeOne(law(), sample), octet);
    else
      EXPECT_EQ(encodeOne(law(), sample), 0xff);
  }
}

// Each output value stands in the middle of its interval, whose width doubles from segment to
// segment (G.711 tables 1 and 2); what exceeds the last interval is clipped.
TEST_P(G711Laws, EverySampleFallsIntoItsInterval) {
  for (int sample = -32768; sample <= 32767; ++sample) {
    const uint8_t octet = encodeOne(law(), sample);
    const int segment = (GetParam() ? octet ^ 0x55 : ~octet) >> 4 & 7;
    const int half = GetParam() ? 8 << std::max(segment - 1, 0) : 4 << segment;
    const int value = decodeOne(law(), octet);
    const bool top = std::abs(sample) > std::abs(value) && segment == 7;
    if (!top || std::abs(sample) < 32635) {
      ASSERT_LE(std::abs(value - sample), half) << sample;
    }
    ASSERT_TRUE(sample == -1 || value == 0 || (value > 0) == (sample >= 0)) << sample;
  }
}

TEST_P(G711Laws, IsMonotonic) {
  int last = decodeOne(law(), encodeOne(law(), -32768));
  for (int sample = -32767; sample <= 32767; ++sample) {
    const int value = decodeOne(law(), encodeOne(law(), sample));
    ASSERT_GE(value, last) << sample;
    last = value;
  }
}

INSTANTIATE_TEST_SUITE_P(, G711Laws, testing::Bool(),
                         [](const auto& law) { return law.param ? "A" : "Mu"; });

}  // namespace
}  // namespace genesys::media
