#include "media/codec.hpp"

#include <gtest/gtest.h>

namespace genesys::media {
namespace {

TEST(Codec, IsFoundByNameAndClock) {
  EXPECT_EQ(findCodec("pcmu", 8000), &pcmu());
  EXPECT_EQ(findCodec("PCMA", 8000), &pcma());
  EXPECT_EQ(findCodec("Opus", 48000), &opus());
  EXPECT_EQ(findCodec("opus", 8000), nullptr);
  EXPECT_EQ(findCodec("PCMU", 16000), nullptr);
  EXPECT_EQ(findCodec("speex", 8000), nullptr);
}

TEST(Codec, IsFoundByConfigurationName) {
  EXPECT_EQ(findCodec("pcma"), &pcma());
  EXPECT_EQ(findCodec(""), nullptr);
}

TEST(Codec, StaticPayloadTypesAreThoseOfRfc3551) {
  EXPECT_EQ(findStaticCodec(0), &pcmu());
  EXPECT_EQ(findStaticCodec(8), &pcma());
  EXPECT_EQ(findStaticCodec(111), nullptr);
  EXPECT_EQ(findStaticCodec(13), nullptr);
}

TEST(Codec, SipSideRunsAtTheRateThatNeedsNoResampler) {
  for (const Codec* codec : sipCodecs()) EXPECT_NE(codec, &opus());
  EXPECT_EQ(opus().rtpClock, 48000U);
  EXPECT_EQ(opus().channels, 2);
}

}  // namespace
}  // namespace genesys::media
