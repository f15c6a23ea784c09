#include "media/media_engine.hpp"

#include "engine_fixture.hpp"

namespace genesys::media {
namespace {

using namespace test;

TEST_F(MediaEngineTest, PcmuReachesTheBrowserAsOpus) {
  browser->setOpusPayloadType(96);
  hearsOpusTone(pcmu());
  EXPECT_TRUE(eventually([&] { return sip->counters().received.packets == 40; }));
  EXPECT_EQ(browser->counters().sent.packets, 40U);
  EXPECT_NEAR(sip->counters().received.levelDbov, -15, 2);
  EXPECT_TRUE(events.waitForFirst(1));
  EXPECT_EQ(events.first(), std::vector<std::string>{"PCMU"});
}

TEST_F(MediaEngineTest, PcmaReachesTheBrowserAsOpus) {
  browser->setOpusPayloadType(96);
  hearsOpusTone(pcma());
}

TEST_F(MediaEngineTest, OpusReachesTheFarEndAsPcmu) {
  hearsG711Tone(pcmu());
}
TEST_F(MediaEngineTest, OpusReachesTheFarEndAsPcma) {
  hearsG711Tone(pcma());
}

TEST_F(MediaEngineTest, ASilentBrowserIsComfortNoise) {
  sip->configure(params(pcmu(), far));
  const auto begin = MonoClock::now();
  std::vector<int16_t> pcm(kFrame);
  for (int i = 0; i < 50; ++i) {
    const auto packet = heard(far);
    ASSERT_TRUE(packet);
    ASSERT_EQ(packet->payload.size(), kFrame);
    decodeG711(muLaw(), packet->payload, pcm);
    EXPECT_LT(test::shareAt(kHertz, 8000, pcm), 0.5);
  }
  const auto elapsed = MonoClock::now() - begin;
  EXPECT_GT(elapsed, 900ms);
  EXPECT_LT(elapsed, 3000ms);
}

TEST_F(MediaEngineTest, NoiseGoesOnWhenTheBrowserIsGone) {
  sip->join(browser);
  configure(params(pcmu(), far));
  talk(10);
  browser->close();
  browser->close();
  const uint64_t noise = sip->counters().sent.comfortNoise;
  EXPECT_TRUE(eventually([&] { return sip->counters().sent.comfortNoise > noise + 25; }));
  std::optional<RtpHeader> last;
  for (int i = 0; i < 40; ++i) {
    const auto packet = heard(far);
    ASSERT_TRUE(packet);
    if (last) {
      ASSERT_EQ(packet->header.sequence, static_cast<uint16_t>(last->sequence + 1));
      ASSERT_GE(packet->header.timestamp - last->timestamp, kFrame);
      ASSERT_EQ(packet->header.ssrc, last->ssrc);
    }
    last = packet->header;
  }
}

TEST_F(MediaEngineTest, DigitsGoOut) {
  EXPECT_FALSE(sip->sendDigit('1', 100ms));  // nothing negotiated yet
  sip->configure(params(pcmu(), far));
  EXPECT_FALSE(sip->sendDigit('x', 100ms));
  EXPECT_FALSE(sip->sendDigit('1', 10ms));
  EXPECT_TRUE(sip->sendDigit('1', 60ms));
  EXPECT_TRUE(sip->sendDigit('#', 60ms));
  DigitReceiver receiver;
  std::string digits;
  const auto end = MonoClock::now() + kDeadline;
  while (digits.size() < 2 && MonoClock::now() < end) {
    const auto packet = heard(far);
    ASSERT_TRUE(packet);
    if (packet->header.payloadType != 101) continue;
    const auto event = parseTelephoneEvent(packet->payload);
    ASSERT_TRUE(event);
    const auto key =
        receiver.received(*event, packet->header.ssrc, packet->header.timestamp, MonoClock::now());
    if (key) digits += key->digit;
    if (key) {
      EXPECT_EQ(key->duration, 60ms);
    }
  }
  EXPECT_EQ(digits, "1#");
}

TEST_F(MediaEngineTest, DigitsComeIn) {
  configure(params(pcmu(), far));
  std::vector<uint8_t> payload(kEventOctets);
  uint16_t sequence = 1;
  for (const uint8_t event : {4, 11}) {
    for (int i = 1; i <= 6; ++i) {
      writeTelephoneEvent({.event = event, .end = i > 3, .duration = 480}, payload);
      far.sendRtp({i == 1, 101, sequence++, event * 1000U, 9}, payload, sip->localPort());
    }
  }
  EXPECT_TRUE(events.waitForDigits("4#"));
}

TEST_F(MediaEngineTest, MediaMoveInMidCall) {
  configure(params(pcmu(), far));
  std::optional<RtpHeader> last;
  for (int i = 0; i < 5; ++i) last = heard(far)->header;
  speak(pcmu(), 1);
  ASSERT_TRUE(events.waitForFirst(1));

  const UdpPeer other;
  sip->configure(params(pcma(), other));
  const auto moved = heard(other);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->header.payloadType, 8);
  EXPECT_EQ(moved->header.ssrc, last->ssrc);
  while (const auto more = far.receive(0ms)) last = parseRtp(*more)->header;
  EXPECT_EQ(moved->header.sequence, static_cast<uint16_t>(last->sequence + 1));
  EXPECT_GE(moved->header.timestamp - last->timestamp, kFrame);

  other.sendRtp({true, 8, 1, 1, 5}, std::vector<uint8_t>(kFrame, 0xd5), sip->localPort());
  ASSERT_TRUE(events.waitForFirst(2));
  EXPECT_EQ(events.first(), (std::vector<std::string>{"PCMU", "PCMA"}));
}

TEST_F(MediaEngineTest, HoldIsSilentAndEndsWell) {
  auto held = params(pcmu(), far);
  sip->configure(held);
  const auto first = heard(far);
  ASSERT_TRUE(first);
  held.sending = false;
  sip->configure(held);
  ASSERT_TRUE(eventually([&] { return !far.receive(200ms); }));
  held.sending = true;
  sip->configure(held);
  const auto again = heard(far);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->header.ssrc, first->header.ssrc);
  EXPECT_TRUE(again->header.marker);
}

TEST_F(MediaEngineTest, StrangersAreNotHeard) {
  sip->join(browser);
  configure(params(pcmu(), far));
  const UdpPeer stranger;
  for (uint16_t i = 0; i < 10; ++i)
    stranger.sendRtp({false, 0, i, i * 160U, 5}, std::vector<uint8_t>(kFrame), sip->localPort());
  EXPECT_TRUE(eventually([&] { return sip->counters().received.ignored == 10; }));
  EXPECT_EQ(sip->counters().received.packets, 0U);
  EXPECT_TRUE(sink->packets().empty());
}

TEST_F(MediaEngineTest, HostileDatagramsAreCounted) {
  sip->join(browser);
  configure(params(pcmu(), far));
  far.send({}, sip->localPort());
  far.send(std::vector<uint8_t>(5, 0x80), sip->localPort());
  far.send(std::vector<uint8_t>(1600, 0x80), sip->localPort());
  far.send(std::vector<uint8_t>(200, 0xff), sip->localPort());
  far.send(std::vector<uint8_t>(200, 0xff), static_cast<uint16_t>(sip->localPort() + 1));
  browser->incomingRtp(std::vector<uint8_t>(5));
  browser->incomingRtp(std::vector<uint8_t>(3000));
  EXPECT_TRUE(eventually([&] { return sip->counters().received.ignored == 4; }));
  EXPECT_TRUE(eventually([&] { return browser->counters().received.ignored == 1; }));
  speak(pcmu(), 3);
  EXPECT_TRUE(sink->waitFor(3));
}

TEST_F(MediaEngineTest, SymmetricRtpIsLearnt) {
  EngineConfig config;
  config.workers = 1;
  config.bindAddress = "127.0.0.1";
  config.symmetric = true;
  const auto learning = make(config);
  auto opened = learning->openSipLeg(0, {});
  ASSERT_TRUE(opened);
  const auto leg = opened.value();
  auto nowhere = params(pcmu(), far);
  nowhere.remoteRtp = Endpoint{"127.0.0.1", 9};
  leg->configure(nowhere);
  far.sendRtp({false, 0, 1, 1, 5}, std::vector<uint8_t>(kFrame, 0xff), leg->localPort());
  EXPECT_TRUE(heard(far));
}

TEST_F(MediaEngineTest, ReportsComeFromThePortAboveAndEndWithBye) {
  const UdpPeer control;
  auto with = params(pcmu(), far);
  with.remoteRtcp = control.endpoint();
  sip->configure(with);
  const auto packet = heard(far);
  ASSERT_TRUE(packet);
  speak(pcmu(), 5);
  ASSERT_TRUE(eventually([&] { return sip->counters().received.packets == 5; }));
  // The first report comes within 7.5 s.
  const auto report = control.receive(kDeadline);
  ASSERT_TRUE(report);
  auto summary = readRtcp(*report, 42);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->senderReportOf, packet->header.ssrc);
  ASSERT_TRUE(summary->aboutUs);
  EXPECT_EQ(summary->aboutUs->reception.highestSequence, 1004U);
  EXPECT_FALSE(summary->bye);
  sip->close();
  sip->close();
  const auto last = control.receive(kDeadline);
  ASSERT_TRUE(last);
  EXPECT_TRUE(readRtcp(*last, 42)->bye);
}

}  // namespace
}  // namespace genesys::media
