#include "media/rtcp.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "media/rtp_packet.hpp"

namespace genesys::media {
namespace {

std::vector<uint8_t> write(const RtcpReport& report) {
  std::vector<uint8_t> packet(kMaxReportOctets);
  packet.resize(writeRtcp(report, packet));
  return packet;
}

RtcpReport report() {
  RtcpReport report;
  report.ssrc = 0x11223344;
  report.cname = "abc";
  report.sender = SenderInfo{0x0102030405060708, 16000, 100, 16000};
  report.block = ReportBlock{{.ssrc = 0x55667788,
                              .fractionLost = 12,
                              .cumulativeLost = -3,
                              .highestSequence = 0x10002,
                              .jitter = 77},
                             0xaabbccdd,
                             65536};
  return report;
}

TEST(Rtcp, WritesASenderReportByTheBook) {
  const auto packet = write(report());
  const std::vector<uint8_t> sender{0x81, 200,  0,    12,   0x11, 0x22, 0x33, 0x44,  //
                                    1,    2,    3,    4,    5,    6,    7,    8,     //
                                    0,    0,    0x3e, 0x80, 0,    0,    0,    100,   //
                                    0,    0,    0x3e, 0x80,                          //
                                    0x55, 0x66, 0x77, 0x88, 12,   0xff, 0xff, 0xfd,  //
                                    0,    1,    0,    2,    0,    0,    0,    77,    //
                                    0xaa, 0xbb, 0xcc, 0xdd, 0,    1,    0,    0};
  const std::vector<uint8_t> names{0x81, 202, 0,   3,   0x11, 0x22, 0x33, 0x44,  //
                                   1,    3,   'a', 'b', 'c',  0,    0,    0};
  ASSERT_EQ(packet.size(), sender.size() + names.size());
  EXPECT_EQ(std::vector<uint8_t>(packet.begin(), packet.begin() + sender.size()), sender);
  EXPECT_EQ(std::vector<uint8_t>(packet.begin() + sender.size(), packet.end()), names);
}

TEST(Rtcp, EveryCnameLengthIsPaddedToWords) {
  for (size_t length = 0; length < 300; ++length) {
    RtcpReport report;
    const std::string cname(length, 'x');
    report.cname = cname;
    report.bye = true;
    const auto packet = write(report);
    ASSERT_EQ(packet.size() % 4, 0U);
    const auto summary = readRtcp(packet, 0);
    ASSERT_TRUE(summary);
    EXPECT_TRUE(summary->bye) << length;
  }
}

TEST(Rtcp, ReadsBackWhatConcernsUs) {
  const auto packet = write(report());
  const auto summary = readRtcp(packet, 0x55667788);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->senderReportOf, 0x11223344U);
  EXPECT_EQ(summary->middleNtp, 0x03040506U);
  ASSERT_TRUE(summary->aboutUs);
  EXPECT_EQ(summary->aboutUs->reception.fractionLost, 12);
  EXPECT_EQ(summary->aboutUs->reception.cumulativeLost, -3);
  EXPECT_EQ(summary->aboutUs->reception.highestSequence, 0x10002U);
  EXPECT_EQ(summary->aboutUs->reception.jitter, 77U);
  EXPECT_EQ(summary->aboutUs->lastSenderReport, 0xaabbccddU);
  EXPECT_EQ(summary->aboutUs->delaySinceLast, 65536U);
  EXPECT_FALSE(summary->bye);
  EXPECT_FALSE(readRtcp(packet, 99)->aboutUs);
}

TEST(Rtcp, AReceiverReportHasNoSenderInfo) {
  RtcpReport only = report();
  only.sender.reset();
  const auto packet = write(only);
  EXPECT_EQ(packet[1], 201);
  EXPECT_FALSE(readRtcp(packet, 0)->senderReportOf);
  EXPECT_TRUE(readRtcp(packet, 0x55667788)->aboutUs);
}

TEST(Rtcp, EveryTruncationIsReadWithoutHarm) {
  const auto packet = write(report());
  for (size_t octets = 0; octets < packet.size(); ++octets) {
    const auto summary = readRtcp(std::span(packet).first(octets), 0x55667788);
    EXPECT_EQ(summary.has_value(), octets >= 8);
    if (summary && octets < 52) {
      EXPECT_FALSE(summary->aboutUs) << octets;
    }
  }
}

TEST(Rtcp, RtpIsNoRtcp) {
  std::vector<uint8_t> packet(20);
  writeRtpHeader({true, 8, 1, 2, 3}, packet);
  EXPECT_FALSE(readRtcp(packet, 0));
}

TEST(Rtcp, NtpTimeCountsFrom1900) {
  EXPECT_EQ(ntpFromUnixMicros(0) >> 32, 2208988800U);
  EXPECT_EQ(ntpFromUnixMicros(1500000) >> 32, 2208988801U);
  EXPECT_EQ(static_cast<uint32_t>(ntpFromUnixMicros(1500000)), 0x80000000U);
}

}  // namespace
}  // namespace genesys::media
