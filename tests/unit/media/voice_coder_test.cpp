#include "media/voice_coder.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tone.hpp"

namespace genesys::media {
namespace {

TEST(VoiceCoder, EveryCodecOfTheSipSideRoundTrips) {
  for (const Codec* codec : sipCodecs()) {
    const auto encoder = makeVoiceEncoder(*codec);
    const auto decoder = makeVoiceDecoder(*codec);
    ASSERT_TRUE(encoder && decoder) << codec->name;
    std::vector<int16_t> heard;
    for (size_t i = 0; i < 25; ++i) {
      const size_t samples = codec->sampleRate / 50;
      std::vector<uint8_t> payload(1400);
      payload.resize(encoder->encode(
          test::tone(1000, codec->sampleRate, samples, 8000, i * samples), payload));
      std::vector<int16_t> back(decoder->samplesIn(payload));
      ASSERT_EQ(decoder->decode(payload, back), samples) << codec->name;
      heard.insert(heard.end(), back.begin(), back.end());
    }
    const std::span<const int16_t> tail = std::span<const int16_t>(heard).last(heard.size() / 2);
    EXPECT_GT(test::shareAt(1000, codec->sampleRate, tail), 0.99) << codec->name;
  }
}

TEST(VoiceCoder, AnyOtherRowHasNone) {
  const Codec other = pcmu();
  EXPECT_EQ(makeVoiceEncoder(other), nullptr);
  EXPECT_EQ(makeVoiceDecoder(other), nullptr);
}

TEST(VoiceCoder, L16IsBigEndian) {
  const std::vector<int16_t> pcm{0x0102, -2};
  std::vector<uint8_t> payload(4);
  ASSERT_EQ(makeVoiceEncoder(l16At16000())->encode(pcm, payload), 4U);
  EXPECT_EQ(payload, (std::vector<uint8_t>{1, 2, 0xff, 0xfe}));
  std::vector<int16_t> back(2);
  const auto decoder = makeVoiceDecoder(l16At8000());
  EXPECT_EQ(decoder->decode(payload, back), 2U);
  EXPECT_EQ(back, pcm);
  EXPECT_EQ(decoder->samplesIn(std::vector<uint8_t>(3)), 0U) << "half a sample";
}

TEST(VoiceCoder, MalformedOpusIsNothing) {
  const auto decoder = makeVoiceDecoder(opus());
  EXPECT_EQ(decoder->samplesIn({}), 0U);
  // Code 3 without its count of frames (RFC 6716 section 3.2.5).
  EXPECT_EQ(decoder->samplesIn(std::vector<uint8_t>{0x03}), 0U);
}

TEST(VoiceCoder, WritesNothingWhereThereIsNoRoom) {
  std::vector<int16_t> pcm(160);
  for (const auto& [codec, octets] : std::vector<std::pair<const Codec*, size_t>>{
           {&pcmu(), 159}, {&g722(), 79}, {&l16At8000(), 319}}) {
    std::vector<uint8_t> payload(octets);
    EXPECT_EQ(makeVoiceEncoder(*codec)->encode(pcm, payload), 0U) << codec->name;
  }
}

}  // namespace
}  // namespace genesys::media
