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
    const auto pcm = test::tone(1000, codec->sampleRate, codec->sampleRate / 10);
    std::vector<uint8_t> payload(pcm.size());
    payload.resize(encoder->encode(pcm, payload));
    std::vector<int16_t> back(decoder->samplesIn(payload.size()));
    ASSERT_EQ(decoder->decode(payload, back), pcm.size()) << codec->name;
    EXPECT_GT(test::shareAt(1000, codec->sampleRate, back), 0.99) << codec->name;
  }
}

TEST(VoiceCoder, OpusIsNotOneOfThem) {
  EXPECT_EQ(makeVoiceEncoder(opus()), nullptr);
  EXPECT_EQ(makeVoiceDecoder(opus()), nullptr);
}

TEST(VoiceCoder, WritesNothingWhereThereIsNoRoom) {
  std::vector<int16_t> pcm(160);
  std::vector<uint8_t> payload(159);
  EXPECT_EQ(makeVoiceEncoder(pcmu())->encode(pcm, payload), 0U);
}

}  // namespace
}  // namespace genesys::media
