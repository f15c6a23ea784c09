// A SIP leg's RTCP and its watch over what comes in, in virtual time over loopback sockets.
#include "media/sip_session.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"
#include "udp_peer.hpp"
#include "util/log.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

class SipSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    setLogSink([](LogLevel, const std::string&) {});
    params.send = {0, &pcmu()};
    params.receive = {{0, &pcmu()}};
    params.remoteRtp = far.endpoint();
    params.remoteRtcp = control.endpoint();
  }
  void TearDown() override {
    session.close(now);
    setLogSink({});
  }

  static RtpSocketPair sockets() {
    Random random = Random::fromSystem();
    auto pool = std::make_shared<PortPool>(40000, 49999, 0ms, random);
    auto opened = RtpSocketPair::open(*SocketAddress::from("127.0.0.1", 0), pool, 46);
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(opened).value();
  }
  void configure() {
    session.configure({params, address(*params.remoteRtp), address(*params.remoteRtcp)}, now);
  }
  static SocketAddress address(const Endpoint& endpoint) {
    return *SocketAddress::from(endpoint.address, endpoint.port);
  }
  void pass(Millis time) {
    const MonoTime end = now + time;
    while (session.due() <= end) {
      now = std::max(now, session.due());
      session.run(now);
    }
    now = end;
  }
  /// One packet of voice of the far end, taken in.
  void voice() {
    far.sendRtp({false, 0, sequence, sequence * 160U, 42}, std::vector<uint8_t>(160, 0x7f),
                session.port());
    ++sequence;
    session.receiveRtp(batch, now);
  }
  /// The next datagram that the far end gets at `peer` and that is RTCP.
  static std::vector<uint8_t> rtcp(const test::UdpPeer& peer) {
    while (auto datagram = peer.receive(100ms))
      if ((*datagram)[1] >= 192 && (*datagram)[1] <= 223) return *datagram;
    return {};
  }
  /// When the leg wrote that NTP time (its middle 32 bits) into a report.
  MonoTime sentAt(uint32_t middleNtp) const {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    const auto micros = duration_cast<microseconds>(now.time_since_epoch()).count();
    const auto middleNow =
        static_cast<uint32_t>(ntpFromUnixMicros(static_cast<uint64_t>(micros)) >> 16);
    return now - microseconds((middleNow - middleNtp) * uint64_t{1'000'000} / 65536);
  }
  template <class Event>
  std::vector<Event> told() const {
    std::vector<Event> found;
    for (const SipLegEvent& event : events)
      if (const auto* one = std::get_if<Event>(&event)) found.push_back(*one);
    return found;
  }

  MonoTime now = test::startOfTime();
  test::UdpPeer far, control;
  DatagramBatch batch;
  std::vector<SipLegEvent> events;
  SipLegParams params;
  SipSession session{sockets(), [this](const SipLegEvent& event) { events.push_back(event); },
                     false, 0, Random(3)};
  uint16_t sequence = 1;
};

TEST_F(SipSessionTest, NothingSinceTheMediaMovedIsToldWithin3Seconds) {
  configure();
  pass(10s);
  EXPECT_TRUE(events.empty()) << "nobody has answered yet";
  session.expectAudio(now);
  pass(2900ms);
  EXPECT_TRUE(events.empty());
  pass(200ms);
  ASSERT_EQ(told<AudioMissing>().size(), 1U);
  EXPECT_EQ(told<AudioMissing>()[0].from, far.endpoint());
  EXPECT_FALSE(told<AudioMissing>()[0].stopped);
  voice();
  EXPECT_EQ(told<AudioReturned>().size(), 1U);

  const test::UdpPeer elsewhere;
  params.remoteRtp = elsewhere.endpoint();
  configure();
  pass(3100ms);
  ASSERT_EQ(told<AudioMissing>().size(), 2U);
  EXPECT_EQ(told<AudioMissing>()[1].from, elsewhere.endpoint());
}

TEST_F(SipSessionTest, HoldIsNotMissed) {
  params.receiving = false;
  configure();
  session.expectAudio(now);
  pass(60s);
  EXPECT_TRUE(told<AudioMissing>().empty());
  params.receiving = true;
  configure();
  pass(3100ms);
  EXPECT_EQ(told<AudioMissing>().size(), 1U);
}

// A far end with DTX: comfort noise now and then, or nothing at all.
TEST_F(SipSessionTest, MinutesWithoutVoiceEndNothing) {
  configure();
  session.expectAudio(now);
  voice();
  for (int i = 0; i < 75; ++i) {  // ten minutes
    pass(8s);
    far.sendRtp({false, 13, sequence, sequence * 160U, 42}, std::vector<uint8_t>(1, 70),
                session.port());
    ++sequence;
    session.receiveRtp(batch, now);
  }
  pass(25min);
  voice();
  const StreamCounters received = session.gauge().read().received;
  EXPECT_EQ(received.packets, 77U);
  EXPECT_EQ(received.comfortNoise, 75U);
  EXPECT_EQ(received.ignored, 0U);
}

TEST_F(SipSessionTest, OverOnePortIfThatIsAgreed) {
  params.rtcpMux = true;
  configure();
  voice();
  pass(8s);
  const auto report = rtcp(far);
  ASSERT_FALSE(report.empty());
  EXPECT_TRUE(rtcp(control).empty());
  // Theirs comes over our RTP port and is no RTP.
  const uint64_t ignored = session.gauge().read().received.ignored;
  RtcpReport theirs;
  theirs.ssrc = 42;
  theirs.sender = SenderInfo{uint64_t{0x12345678} << 16, 0, 1, 160};
  std::vector<uint8_t> packet(kMaxReportOctets);
  packet.resize(writeRtcp(theirs, packet));
  far.send(packet, session.port());
  session.receiveRtp(batch, now);
  EXPECT_EQ(session.gauge().read().received.ignored, ignored);
  pass(8s);
  const auto summary = readRtcp(rtcp(far), 42);
  ASSERT_TRUE(summary && summary->aboutUs);
  EXPECT_EQ(summary->aboutUs->lastSenderReport, 0x12345678U);
}

TEST_F(SipSessionTest, TheFarEndsReportsGiveRoundTripAndWhatItHears) {
  configure();
  std::vector<uint8_t> report;
  for (int i = 0; i < 80 && report.empty(); ++i) {
    pass(100ms);
    if (i >= 25) report = rtcp(control);  // the first one comes after 2.5 s at the earliest
  }
  const auto ours = readRtcp(report, std::nullopt);
  ASSERT_TRUE(ours && ours->senderReportOf);
  RtcpReport theirs;
  theirs.ssrc = 42;
  theirs.block = ReportBlock{{.ssrc = *ours->senderReportOf, .fractionLost = 13}, 0, 0};
  theirs.block->lastSenderReport = ours->middleNtp;
  theirs.block->delaySinceLast = 32768;  // it lay there for half a second
  now = sentAt(ours->middleNtp) + 540ms;
  std::vector<uint8_t> packet(kMaxReportOctets);
  packet.resize(writeRtcp(theirs, packet));
  far.send(packet, static_cast<uint16_t>(session.port() + 1));
  session.receiveRtcp(batch, now);
  const StreamCounters sent = session.gauge().read().sent;
  EXPECT_NEAR(sent.roundTripMs, 40, 1);
  EXPECT_NEAR(sent.reportedLossPercent, 5, 0.2);
  EXPECT_GT(sent.quality.last, 3.5);
  EXPECT_LT(sent.quality.last, 4.1);
}

TEST_F(SipSessionTest, VoipMetricsIfTheFarEndAsks) {
  params.voipMetrics = true;
  configure();
  for (int i = 0; i < 700; ++i) {
    if (i % 10 == 9) ++sequence;  // every tenth is lost
    voice();
    pass(20ms);
  }
  std::vector<uint8_t> report;
  for (std::vector<uint8_t> next = rtcp(control); !next.empty(); next = rtcp(control))
    report = next;
  // SR or RR, SDES, XR with one block of VoIP metrics (RFC 3611 section 4.7).
  size_t at = 0;
  while (at + 4 <= report.size() && report[at + 1] != 207)
    at += 4 + 4U * readUint16(&report[at + 2]);
  ASSERT_EQ(at + 44, report.size());
  const uint8_t* block = &report[at + 8];
  EXPECT_EQ(block[0], 7);
  EXPECT_EQ(readUint16(block + 2), 8);
  EXPECT_EQ(readUint32(block + 4), 42U);
  EXPECT_NEAR(block[8], 256 / 11, 4);                // loss rate
  EXPECT_EQ(block[9], 0);                            // discards
  EXPECT_NEAR(readUint16(block + 14), 10250, 3800);  // duration, ms: the last report of 14 s
  EXPECT_GT(block[24], 50);                          // R
  EXPECT_LT(block[24], 80);
  EXPECT_NEAR(block[26], 10 * session.gauge().read().received.quality.last, 1.01);
}

// The far end cannot know at once that a call is over. A port that is closed would answer by ICMP.
TEST_F(SipSessionTest, WhatComesAfterTheEndMeetsAnOpenPortForASecond) {
  configure();
  session.close(now);
  EXPECT_EQ(session.due(), now + 1s);
  voice();
  EXPECT_EQ(session.gauge().read().received.packets, 0U);
  EXPECT_TRUE(events.empty());
  pass(999ms);
  EXPECT_TRUE(test::isOpen(session.port()));
  EXPECT_TRUE(test::isOpen(static_cast<uint16_t>(session.port() + 1)));
  pass(1ms);
  EXPECT_FALSE(test::isOpen(session.port()));
  EXPECT_FALSE(test::isOpen(static_cast<uint16_t>(session.port() + 1)));
  EXPECT_EQ(session.due(), MonoTime::max());
}

}  // namespace
}  // namespace genesys::media
