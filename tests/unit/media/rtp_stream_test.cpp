#include "media/rtp_stream.hpp"

#include <gtest/gtest.h>

namespace genesys::media {
namespace {

TEST(RtpStream, StartsAtRandomInTheLowerHalf) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    Random other(seed + 1000);
    RtpStream a(random);
    RtpStream b(other);
    EXPECT_NE(a.ssrc(), b.ssrc());
    EXPECT_NE(a.timestamp(), b.timestamp());
    EXPECT_LT(a.next(0, false).sequence, 0x8000);
  }
}

TEST(RtpStream, CountsPacketsAndTimeApart) {
  Random random(1);
  RtpStream stream(random);
  const RtpHeader first = stream.next(8, true);
  EXPECT_TRUE(first.marker);
  EXPECT_EQ(first.payloadType, 8);
  stream.advance(160);
  const RtpHeader second = stream.next(8, false);
  EXPECT_EQ(second.sequence, static_cast<uint16_t>(first.sequence + 1));
  EXPECT_EQ(second.timestamp, first.timestamp + 160);
  EXPECT_EQ(second.ssrc, first.ssrc);
  stream.skip(3);
  const RtpHeader event = stream.nextAt(first.timestamp, 101, true);
  EXPECT_EQ(event.sequence, static_cast<uint16_t>(second.sequence + 4));
  EXPECT_EQ(event.timestamp, first.timestamp);
  EXPECT_EQ(stream.timestamp(), second.timestamp);
}

TEST(RtpStream, ANewSrtpKeyBeginsInTheLowerHalf) {
  Random random(3);
  RtpStream stream(random);
  const uint16_t low = stream.next(0, false).sequence;
  stream.toLowerHalf();
  EXPECT_EQ(stream.next(0, false).sequence, low + 1);
  stream.skip(0x8000);
  stream.toLowerHalf();
  EXPECT_LT(stream.next(0, false).sequence, 0x8000);
}

TEST(RtpStream, WrapsAround) {
  Random random(2);
  RtpStream stream(random);
  const uint16_t first = stream.next(0, false).sequence;
  stream.skip(static_cast<uint16_t>(0xffff - first));
  EXPECT_EQ(stream.next(0, false).sequence, 0);
  const uint32_t before = stream.timestamp();
  stream.advance(0xffffffffU);
  EXPECT_EQ(stream.timestamp(), before - 1);
}

}  // namespace
}  // namespace genesys::media
