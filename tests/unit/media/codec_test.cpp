#include "media/codec.hpp"

#include <gtest/gtest.h>

#include <set>

namespace genesys::media {
namespace {

TEST(Codec, IsFoundByNameAndClock) {
  EXPECT_EQ(findCodec("pcmu", 8000), &pcmu());
  EXPECT_EQ(findCodec("PCMA", 8000), &pcma());
  EXPECT_EQ(findCodec("Opus", 48000), &opus());
  EXPECT_EQ(findCodec("opus", 8000), nullptr);
  EXPECT_EQ(findCodec("G722", 8000), &g722());
  EXPECT_EQ(findCodec("G722", 16000), nullptr);
  EXPECT_EQ(findCodec("L16", 8000), &l16At8000());
  EXPECT_EQ(findCodec("l16", 16000), &l16At16000());
  EXPECT_EQ(findCodec("L16", 44100), nullptr);
  EXPECT_EQ(findCodec("PCMU", 16000), nullptr);
  EXPECT_EQ(findCodec("speex", 8000), nullptr);
}

TEST(Codec, IsFoundByConfigurationName) {
  for (const Codec* codec : sipCodecs()) EXPECT_EQ(findCodec(codec->configured), codec);
  EXPECT_EQ(findCodec("PCMA"), &pcma());
  EXPECT_EQ(findCodec("l16"), nullptr);
  EXPECT_EQ(findCodec(""), nullptr);
}

TEST(Codec, StaticPayloadTypesAreThoseOfRfc3551) {
  EXPECT_EQ(findStaticCodec(0), &pcmu());
  EXPECT_EQ(findStaticCodec(8), &pcma());
  EXPECT_EQ(findStaticCodec(9), &g722());
  EXPECT_EQ(findStaticCodec(11), nullptr);  // L16 at 44.1 kHz
  EXPECT_EQ(findStaticCodec(111), nullptr);
  EXPECT_EQ(findStaticCodec(13), nullptr);
}

TEST(Codec, PcmIsAtARateThatLibopusTakes) {
  for (const Codec* codec : sipCodecs())
    EXPECT_TRUE(codec->sampleRate == 8000 || codec->sampleRate == 16000) << codec->configured;
  EXPECT_EQ(opus().rtpClock, 48000U);
  EXPECT_EQ(opus().channels, 2);
}

TEST(Codec, DynamicNumbersOfOurOffersAreApart) {
  std::set<uint8_t> numbers{101, 102, 103, 104};  // of telephone-event
  for (const Codec* codec : sipCodecs())
    EXPECT_TRUE(numbers.insert(codec->payloadType).second) << codec->configured;
}

}  // namespace
}  // namespace genesys::media
