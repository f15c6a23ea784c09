// SRTP against packets that another implementation made (tests/integration/srtp.py; the AES-CM keys
// are those of RFC 3711 appendix B.3), and what a receiver refuses.
#include "media/srtp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "media/rtp_packet.hpp"
#include "srtp_packets.hpp"

namespace genesys::media {
namespace {

using test::hex;
using test::keyFrom;
using test::octetsOf;
using test::rtpPacket;
using test::sealed;
using Verdict = SrtpReceiver::Verdict;

struct Vector {
  const SrtpSuite& suite;
  const char* master;
  const char* rtp;
  const char* rtcp;  // index 1
};

const char* const kPlainRtp = "800f1234decafbadcafebabeabababababababababababababababab";
const char* const kPlainRtcp = "81c8000bcafebabeabababababababababababababababab";
const char* const kMaster = "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6";

const Vector kVectors[] = {
    {aesCm128Sha1Tag80(), kMaster,
     "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
     "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798"},
    {aesCm128Sha1Tag32(), kMaster,
     "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc",
     "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798"},
    {aes128Gcm(), "000102030405060708090a0b0c0d0e0fa0a1a2a3a4a5a6a7a8a9aaab",
     "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
     "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001"},
    {aes256Gcm(),
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa0a1a2a3a4a5a6a7a8a9aaab",
     "800f1234decafbadcafebabe0af7f21e8a90bdad7a425c9c31ed4bb1d90238917e7390a2793500e1681acaea",
     "81c8000bcafebabe8abfafa780070a90e80f9161cf4aac081ed93aaa53c15b0f3ed1a3b984167b0380000001"},
};

TEST(Srtp, SealsAsTheVectorsSay) {
  for (const Vector& vector : kVectors) {
    auto sender = SrtpSender::make(keyFrom(vector.suite, vector.master));
    ASSERT_TRUE(sender) << sender.error();
    auto buffer = octetsOf(kPlainRtp);
    const size_t octets = buffer.size();
    buffer.resize(octets + kMaxSrtpOverhead);
    buffer.resize(sender->protectRtp(buffer, octets).value_or(0));
    EXPECT_EQ(hex(buffer), vector.rtp) << vector.suite.name;
    auto report = octetsOf(kPlainRtcp);
    const size_t reportOctets = report.size();
    report.resize(reportOctets + kMaxSrtpOverhead);
    report.resize(sender->protectRtcp(report, reportOctets).value_or(0));
    EXPECT_EQ(hex(report), vector.rtcp) << vector.suite.name;
  }
}

TEST(Srtp, OpensTheVectorsOnceAndNoneThatWasChanged) {
  for (const Vector& vector : kVectors) {
    auto receiver = SrtpReceiver::make(keyFrom(vector.suite, vector.master));
    ASSERT_TRUE(receiver) << receiver.error();
    for (size_t at = 0; at < octetsOf(vector.rtp).size(); ++at) {
      auto forged = octetsOf(vector.rtp);
      forged[at] ^= 0x10;
      EXPECT_EQ(receiver->unprotectRtp(forged).verdict, Verdict::Forged) << at;
    }
    auto packet = octetsOf(vector.rtp);
    const auto opened = receiver->unprotectRtp(packet);
    ASSERT_EQ(opened.verdict, Verdict::Good) << vector.suite.name;
    packet.resize(opened.octets);
    EXPECT_EQ(hex(packet), kPlainRtp);
    auto again = octetsOf(vector.rtp);
    EXPECT_EQ(receiver->unprotectRtp(again).verdict, Verdict::Replayed);

    auto report = octetsOf(vector.rtcp);
    report[12] ^= 1;
    EXPECT_EQ(receiver->unprotectRtcp(report).verdict, Verdict::Forged);
    report = octetsOf(vector.rtcp);
    const auto openedReport = receiver->unprotectRtcp(report);
    ASSERT_EQ(openedReport.verdict, Verdict::Good) << vector.suite.name;
    report.resize(openedReport.octets);
    EXPECT_EQ(hex(report), kPlainRtcp);
    report = octetsOf(vector.rtcp);
    EXPECT_EQ(receiver->unprotectRtcp(report).verdict, Verdict::Replayed);
  }
}

TEST(Srtp, WhatIsTooShortOrTooLongIsForged) {
  for (const SrtpSuite* suite : srtpSuites()) {
    auto receiver = SrtpReceiver::make(SrtpKey(*suite, kernelRandom)).value();
    for (size_t octets = 0; octets < 60; ++octets) {
      auto packet = rtpPacket(1);
      packet.resize(octets, 0x80);
      EXPECT_EQ(receiver.unprotectRtp(packet).verdict, Verdict::Forged) << octets;
      EXPECT_EQ(receiver.unprotectRtcp(packet).verdict, Verdict::Forged) << octets;
    }
    std::vector<uint8_t> much(kMaxRtpOctets + 1, 0x80);
    EXPECT_EQ(receiver.unprotectRtp(much).verdict, Verdict::Forged);
    EXPECT_EQ(receiver.unprotectRtcp(much).verdict, Verdict::Forged);
    // An extension and a CSRC list that claim more than there is.
    auto claims = rtpPacket(1);
    claims[0] = 0x9f;
    EXPECT_EQ(receiver.unprotectRtp(claims).verdict, Verdict::Forged);
  }
}

TEST(Srtp, AnMkiTravelsWithEachPacket) {
  for (const SrtpSuite* suite : srtpSuites()) {
    SrtpKey key(*suite, kernelRandom);
    key.mki = 0x1234;
    key.mkiOctets = 3;
    auto sender = SrtpSender::make(key).value();
    auto receiver = SrtpReceiver::make(key).value();
    auto packet = sealed(sender, rtpPacket(7));
    EXPECT_EQ(packet.size(), rtpPacket(7).size() + 3 + suite->tagOctets);
    const auto opened = receiver.unprotectRtp(packet);
    ASSERT_EQ(opened.verdict, Verdict::Good) << suite->name;
    packet.resize(opened.octets);
    EXPECT_EQ(packet, rtpPacket(7));
    SrtpKey other = key;
    other.mki = 0x1235;
    auto stranger = SrtpReceiver::make(other).value();
    packet = sealed(sender, rtpPacket(8));
    EXPECT_EQ(stranger.unprotectRtp(packet).verdict, Verdict::Forged);
  }
}

TEST(Srtp, NeverSealsTwoPacketsOfOneIndex) {
  auto sender = SrtpSender::make(SrtpKey(aes128Gcm(), kernelRandom)).value();
  EXPECT_FALSE(sealed(sender, rtpPacket(5)).empty());
  EXPECT_TRUE(sealed(sender, rtpPacket(5, 99)).empty());
  EXPECT_FALSE(sealed(sender, rtpPacket(6)).empty());
}

TEST(Srtp, RefusesABufferWithoutRoom) {
  auto sender = SrtpSender::make(SrtpKey(aesCm128Sha1Tag80(), kernelRandom)).value();
  std::vector<uint8_t> packet = rtpPacket(1);
  EXPECT_FALSE(sender.protectRtp(packet, packet.size()));
  EXPECT_FALSE(sender.protectRtcp(packet, packet.size()));
  EXPECT_FALSE(sender.protectRtp(packet, 4));
}

class SrtpStreamTest : public testing::TestWithParam<const SrtpSuite*> {
 protected:
  /// Seals packet number `index` of the stream, with its roll-overs, as the sender does.
  Verdict deliver(uint64_t index, uint32_t ssrc = 42) {
    auto packet = sealed(sender, rtpPacket(static_cast<uint16_t>(index), 0, ssrc));
    EXPECT_FALSE(packet.empty());
    return receiver.unprotectRtp(packet).verdict;
  }
  /// The same, and nobody listens.
  void pass(uint64_t from, uint64_t to, uint32_t ssrc = 42) {
    for (uint64_t index = from; index < to; index += 20'000)
      sealed(sender, rtpPacket(static_cast<uint16_t>(index), 0, ssrc));
    sealed(sender, rtpPacket(static_cast<uint16_t>(to), 0, ssrc));
  }
  const SrtpKey key{*GetParam(), kernelRandom};
  SrtpSender sender = SrtpSender::make(key).value();
  SrtpReceiver receiver = SrtpReceiver::make(key).value();
};

TEST_P(SrtpStreamTest, FollowsRollOversAndReordering) {
  for (uint64_t index = 65'500; index < 65'600; ++index) {
    auto held = sealed(sender, rtpPacket(static_cast<uint16_t>(index)));
    auto next = sealed(sender, rtpPacket(static_cast<uint16_t>(index + 1)));
    ++index;
    EXPECT_EQ(receiver.unprotectRtp(next).verdict, Verdict::Good);
    EXPECT_EQ(receiver.unprotectRtp(held).verdict, Verdict::Good);
    EXPECT_EQ(receiver.unprotectRtp(held).verdict, Verdict::Replayed);
  }
}

TEST_P(SrtpStreamTest, ANewSsrcIsAStreamOfItsOwnAndTheOldOneStaysProtected) {
  auto recorded = sealed(sender, rtpPacket(10));
  auto copy = recorded;
  EXPECT_EQ(receiver.unprotectRtp(copy).verdict, Verdict::Good);
  for (uint32_t ssrc = 100; ssrc < 140; ++ssrc) EXPECT_EQ(deliver(3, ssrc), Verdict::Good);
  EXPECT_EQ(receiver.unprotectRtp(recorded).verdict, Verdict::Replayed);
}

// A far end that changes its SSRC with each of 500 media swaps does not make us remember them all.
TEST_P(SrtpStreamTest, HundredsOfSsrcs) {
  for (uint32_t ssrc = 1; ssrc <= 500; ++ssrc) {
    auto lone = SrtpSender::make(key).value();
    auto packet = sealed(lone, rtpPacket(1, 0, ssrc));
    ASSERT_EQ(receiver.unprotectRtp(packet).verdict, Verdict::Good) << ssrc;
  }
}

// It talked to somebody else under this key for hours: we are given its key, not its roll-overs.
TEST_P(SrtpStreamTest, AStreamThatIsJoinedLateIsFoundWithinASecond) {
  pass(0, 7 * 65'536 + 1000);
  unsigned packets = 0;
  while (deliver(7 * 65'536 + 1001 + packets) != Verdict::Good) ASSERT_LT(++packets, 50U);
  EXPECT_GE(packets, SrtpReceiver::kFailuresFirst);
  EXPECT_EQ(deliver(7 * 65'536 + 1100), Verdict::Good);
}

// It was away (music played meanwhile) and went on sending elsewhere.
TEST_P(SrtpStreamTest, AStreamThatWentOnElsewhereIsFoundAgainAndItsPastIsNot) {
  EXPECT_EQ(deliver(100), Verdict::Good);
  auto recorded = sealed(sender, rtpPacket(101));
  pass(102, 3 * 65'536 + 5);
  unsigned packets = 0;
  while (deliver(3 * 65'536 + 6 + packets) != Verdict::Good) ASSERT_LT(++packets, 50U);
  for (unsigned i = 0; i < 100; ++i) {
    auto replay = recorded;
    EXPECT_NE(receiver.unprotectRtp(replay).verdict, Verdict::Good);
  }
  EXPECT_EQ(deliver(3 * 65'536 + 200), Verdict::Good);
}

TEST_P(SrtpStreamTest, AForgerNeitherGetsInNorGetsInTheWay) {
  auto stranger = SrtpSender::make(SrtpKey(*GetParam(), kernelRandom)).value();
  for (uint16_t sequence = 1; sequence < 400; ++sequence) {
    auto same = sealed(stranger, rtpPacket(sequence));
    auto other = sealed(stranger, rtpPacket(sequence, 0, 4711 + sequence / 20));
    EXPECT_EQ(receiver.unprotectRtp(same).verdict, Verdict::Forged);
    EXPECT_EQ(receiver.unprotectRtp(other).verdict, Verdict::Forged);
    if (sequence % 7 == 0) {
      EXPECT_EQ(deliver(sequence), Verdict::Good);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, SrtpStreamTest,
                         testing::ValuesIn(srtpSuites().begin(), srtpSuites().end()),
                         [](const auto& suite) { return std::string(suite.param->name); });

}  // namespace
}  // namespace genesys::media
