// Encrypted audio through real sockets: what goes out can be read by the far end only, and what
// comes in has to be the far end's.
#include "engine_fixture.hpp"
#include "media/srtp.hpp"
#include "srtp_packets.hpp"

namespace genesys::media {
namespace {

class SrtpEngineTest : public test::MediaEngineTest {
 protected:
  SipLegParams paramsWith(const SrtpKeys& keys) const {
    SipLegParams leg = test::params(pcmu(), far);
    leg.srtp = keys;
    return leg;
  }
  static SrtpKeys draw(const SrtpSuite& suite = aesCm128Sha1Tag80()) {
    return {SrtpKey(suite, kernelRandom), SrtpKey(suite, kernelRandom)};
  }
  void sendSealed(SrtpSender& sender, uint16_t sequence) {
    far.send(test::sealed(sender, test::rtpPacket(sequence, 0x55)), sip->localPort());
  }
  /// The next packet that `receiver` can read.
  std::optional<RtpHeader> next(SrtpReceiver& receiver) {
    for (int tries = 0; tries < 100; ++tries) {
      auto datagram = far.receive(test::kDeadline);
      if (!datagram) return std::nullopt;
      const auto opened = receiver.unprotectRtp(*datagram);
      if (opened.verdict != SrtpReceiver::Verdict::Good) continue;
      return parseRtp(std::span(*datagram).first(opened.octets))->header;
    }
    return std::nullopt;
  }
};

TEST_F(SrtpEngineTest, BothWaysInEverySuite) {
  uint16_t sequence = 1;
  uint64_t before = 0;
  for (const SrtpSuite* suite : srtpSuites()) {
    const SrtpKeys keys = draw(*suite);
    configure(paramsWith(keys));
    auto receiver = SrtpReceiver::make(keys.send).value();
    const auto header = next(receiver);
    ASSERT_TRUE(header) << suite->name;
    EXPECT_EQ(header->payloadType, 0);
    auto sender = SrtpSender::make(keys.receive).value();
    for (int i = 0; i < 10; ++i) sendSealed(sender, sequence++);
    before += 10;
    EXPECT_TRUE(test::eventually([&] { return sip->counters().received.packets == before; }))
        << suite->name;
  }
  EXPECT_EQ(sip->counters().received.srtpFailed, 0U);
  EXPECT_EQ(sip->counters().sent.srtpFailed, 0U);
}

TEST_F(SrtpEngineTest, WhatIsNotTheFarEndsIsCountedAndNotHeard) {
  const SrtpKeys keys = draw();
  configure(paramsWith(keys));
  far.send(test::rtpPacket(1), sip->localPort());  // in the clear
  auto stranger = SrtpSender::make(draw().receive).value();
  sendSealed(stranger, 2);
  EXPECT_TRUE(test::eventually([&] { return sip->counters().received.srtpFailed == 2; }));
  auto sender = SrtpSender::make(keys.receive).value();
  const auto packet = test::sealed(sender, test::rtpPacket(3));
  far.send(packet, sip->localPort());
  far.send(packet, sip->localPort());  // replayed
  EXPECT_TRUE(test::eventually([&] { return sip->counters().received.late == 1; }));
  EXPECT_EQ(sip->counters().received.packets, 1U);
  EXPECT_EQ(sip->counters().received.srtpFailed, 2U);
}

// RFC 3711 section 3.3.1: a receiver that has just got our key takes the first sequence number that
// it hears for one without roll-overs.
TEST_F(SrtpEngineTest, ANewKeyKeepsTheSsrcAndBeginsInTheLowerHalf) {
  const SrtpKeys first = draw();
  configure(paramsWith(first));
  auto before = SrtpReceiver::make(first.send).value();
  const auto header = next(before);
  ASSERT_TRUE(header);
  for (int change = 0; change < 5; ++change) {
    const SrtpKeys keys = draw();
    configure(paramsWith(keys));
    auto receiver = SrtpReceiver::make(keys.send).value();
    const auto after = next(receiver);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->ssrc, header->ssrc);
    EXPECT_LT(after->sequence, 0x8000);
  }
}

TEST_F(SrtpEngineTest, TheGoodbyeIsEncryptedToo) {
  test::UdpPeer reports;
  const SrtpKeys keys = draw(aes256Gcm());
  SipLegParams leg = paramsWith(keys);
  leg.remoteRtcp = reports.endpoint();
  configure(leg);
  sip->close();
  auto datagram = reports.receive(test::kDeadline);
  ASSERT_TRUE(datagram);
  auto receiver = SrtpReceiver::make(keys.send).value();
  const auto opened = receiver.unprotectRtcp(*datagram);
  ASSERT_EQ(opened.verdict, SrtpReceiver::Verdict::Good);
  const auto summary = readRtcp(std::span(*datagram).first(opened.octets), 0);
  ASSERT_TRUE(summary);
  EXPECT_TRUE(summary->bye);
}

}  // namespace
}  // namespace genesys::media
