#include "media/g722.hpp"

#include <gtest/gtest.h>

#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

TEST(G722, AnOctetIsTwoSamples) {
  G722Encoder encoder;
  std::vector<uint8_t> octets(160);
  EXPECT_EQ(encoder.encode(std::vector<int16_t>(320), octets), 160U);
  G722Decoder decoder;
  std::vector<int16_t> pcm(320);
  EXPECT_EQ(decoder.decode(octets, pcm), 320U);
  EXPECT_LT(levelDbov(pcm), -70);
}

TEST(G722, BothBandsGoThroughAtTheirLevel) {
  for (const double hertz : {300.0, 1000.0, 3400.0, 5000.0, 6500.0}) {
    G722Encoder encoder;
    G722Decoder decoder;
    std::vector<int16_t> heard;
    for (size_t i = 0; i < 50; ++i) {
      std::vector<uint8_t> octets(160);
      std::vector<int16_t> pcm(320);
      encoder.encode(test::tone(hertz, kG722SampleRate, 320, 8000, i * 320), octets);
      decoder.decode(octets, pcm);
      heard.insert(heard.end(), pcm.begin(), pcm.end());
    }
    const std::span<const int16_t> tail = std::span<const int16_t>(heard).last(8000);
    EXPECT_GT(test::shareAt(hertz, kG722SampleRate, tail), 0.97) << hertz;
    EXPECT_NEAR(levelDbov(tail), -15, 1) << hertz;
  }
}

// State goes on over packets of any length: 30 ms in 10 ms is what 30 ms at once is.
TEST(G722, PacketLengthsDoNotMatter) {
  const auto pcm = test::tone(440, kG722SampleRate, 480);
  G722Encoder whole, parts;
  std::vector<uint8_t> once(240), thrice(240);
  whole.encode(pcm, once);
  for (size_t i = 0; i < 3; ++i)
    parts.encode(std::span(pcm).subspan(i * 160, 160), std::span(thrice).subspan(i * 80, 80));
  EXPECT_EQ(once, thrice);
}

}  // namespace
}  // namespace genesys::media
