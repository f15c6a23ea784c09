#include "media/rtp_packet.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace genesys::media {
namespace {

std::vector<uint8_t> packet(size_t payload = 4) {
  std::vector<uint8_t> datagram(kRtpHeaderOctets + payload, 0xab);
  writeRtpHeader({true, 111, 0xfffe, 0x89abcdef, 0x01020304}, datagram);
  return datagram;
}

TEST(RtpPacket, ReadsWhatItWrites) {
  const auto datagram = packet();
  EXPECT_EQ(datagram[0], 0x80);
  EXPECT_EQ(datagram[1], 0x80 | 111);
  const auto parsed = parseRtp(datagram);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->header.marker);
  EXPECT_EQ(parsed->header.payloadType, 111);
  EXPECT_EQ(parsed->header.sequence, 0xfffe);
  EXPECT_EQ(parsed->header.timestamp, 0x89abcdefU);
  EXPECT_EQ(parsed->header.ssrc, 0x01020304U);
  EXPECT_EQ(parsed->payload.size(), 4U);
  EXPECT_EQ(parsed->payload.data(), datagram.data() + kRtpHeaderOctets);
}

TEST(RtpPacket, RefusesEveryTruncation) {
  auto datagram = packet(0);
  for (size_t octets = 0; octets < kRtpHeaderOctets; ++octets)
    EXPECT_FALSE(parseRtp(std::span(datagram).first(octets))) << octets;
  EXPECT_TRUE(parseRtp(datagram));
}

TEST(RtpPacket, RefusesOtherVersions) {
  for (const int version : {0, 1, 3}) {
    auto datagram = packet();
    datagram[0] = static_cast<uint8_t>(version << 6);
    EXPECT_FALSE(parseRtp(datagram)) << version;
  }
}

TEST(RtpPacket, RefusesRtcpOnTheSamePort) {
  auto datagram = packet(20);
  for (int type = 192; type <= 223; ++type) {
    datagram[1] = static_cast<uint8_t>(type);
    EXPECT_FALSE(parseRtp(datagram)) << type;
  }
}

TEST(RtpPacket, SkipsContributingSources) {
  auto datagram = packet(8);
  datagram[0] |= 2;
  ASSERT_TRUE(parseRtp(datagram));
  EXPECT_EQ(parseRtp(datagram)->payload.size(), 0U);
  datagram[0] |= 3;  // three of them, 12 octets, do not fit
  EXPECT_FALSE(parseRtp(datagram));
}

TEST(RtpPacket, SkipsTheExtension) {
  auto datagram = packet(4 + 4 + 3);
  datagram[0] |= 0x10;
  writeUint16(&datagram[12], 0xbede);
  writeUint16(&datagram[14], 1);
  const auto parsed = parseRtp(datagram);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->payload.size(), 3U);
  writeUint16(&datagram[14], 2);  // a word more than there is
  EXPECT_FALSE(parseRtp(datagram));
  writeUint16(&datagram[14], 0xffff);
  EXPECT_FALSE(parseRtp(datagram));
  EXPECT_FALSE(parseRtp(std::span(datagram).first(kRtpHeaderOctets + 3)));
}

TEST(RtpPacket, CutsThePadding) {
  auto datagram = packet(6);
  datagram[0] |= 0x20;
  datagram.back() = 2;
  ASSERT_TRUE(parseRtp(datagram));
  EXPECT_EQ(parseRtp(datagram)->payload.size(), 4U);
  datagram.back() = 6;
  ASSERT_TRUE(parseRtp(datagram));
  EXPECT_TRUE(parseRtp(datagram)->payload.empty());
  for (const int wrong : {0, 7, 255}) {
    datagram.back() = static_cast<uint8_t>(wrong);
    EXPECT_FALSE(parseRtp(datagram)) << wrong;
  }
  // Padding announced, nothing there.
  EXPECT_FALSE(parseRtp(std::span(datagram).first(kRtpHeaderOctets)));
}

TEST(RtpPacket, RefusesMoreThan1500Octets) {
  std::vector<uint8_t> datagram(kMaxRtpOctets + 1);
  writeRtpHeader({}, datagram);
  EXPECT_FALSE(parseRtp(datagram));
  datagram.pop_back();
  EXPECT_TRUE(parseRtp(datagram));
}

}  // namespace
}  // namespace genesys::media
