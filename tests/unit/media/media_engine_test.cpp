#include "media/media_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "media/dtmf.hpp"
#include "media/g711.hpp"
#include "media/opus.hpp"
#include "media/rtcp.hpp"
#include "tone.hpp"
#include "udp_peer.hpp"
#include "util/log.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using test::UdpPeer;

constexpr Millis kDeadline{10000};
constexpr double kHertz = 700;
constexpr size_t kFrame = 160;

/// A browser that keeps what it gets.
class FakeBrowser : public BrowserSink {
 public:
  struct Packet {
    RtpHeader header;
    std::vector<uint8_t> payload;
  };
  void relayRtp(std::span<const uint8_t> datagram) override {
    const auto packet = parseRtp(datagram);
    const std::lock_guard lock(mutex_);
    ASSERT_TRUE(packet);
    packets_.push_back({packet->header, {packet->payload.begin(), packet->payload.end()}});
    changed_.notify_all();
  }
  bool waitFor(size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&] { return packets_.size() >= count; });
  }
  std::vector<Packet> packets() {
    const std::lock_guard lock(mutex_);
    return packets_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Packet> packets_;
};

/// What a SIP leg tells.
class Events {
 public:
  SipLegObserver observer() {
    return [this](const SipLegEvent& event) {
      const std::lock_guard lock(mutex_);
      if (const auto* digit = std::get_if<DigitReceived>(&event))
        digits_ += digit->digit;
      else
        first_.push_back(std::get<FirstPacketReceived>(event).codec);
      changed_.notify_all();
    };
  }
  bool waitForDigits(const std::string& digits) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&] { return digits_ == digits; });
  }
  bool waitForFirst(size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kDeadline, [&] { return first_.size() >= count; });
  }
  std::vector<std::string> first() {
    const std::lock_guard lock(mutex_);
    return first_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string digits_;
  std::vector<std::string> first_;
};

bool eventually(const std::function<bool()>& condition) {
  const auto end = MonoClock::now() + kDeadline;
  while (!condition()) {
    if (MonoClock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

SipLegParams params(const Codec& codec, const UdpPeer& peer) {
  SipLegParams params;
  params.send = {codec.payloadType, &codec};
  params.receive = {{codec.payloadType, &codec}};
  params.sendDigitsAs = 101;
  params.receiveDigitsAs = 101;
  params.remoteRtp = peer.endpoint();
  return params;
}

const G711Law& lawOf(const Codec& codec) {
  return &codec == &pcma() ? aLaw() : muLaw();
}

class MediaEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    setLogSink([](LogLevel, const std::string&) {});
    EngineConfig config;
    config.workers = 2;
    config.bindAddress = "127.0.0.1";
    engine = make(config);
    ASSERT_TRUE(engine);
    sink = std::make_shared<FakeBrowser>();
    browser = engine->openBrowserLeg(1, sink);
    auto opened = engine->openSipLeg(1, events.observer());
    ASSERT_TRUE(opened) << opened.error();
    sip = opened.value();
  }
  void TearDown() override {
    sip.reset();
    browser.reset();
    engine.reset();
    setLogSink({});
  }

  static std::unique_ptr<MediaEngine> make(const EngineConfig& config) {
    auto made = makeMediaEngine(config);
    EXPECT_TRUE(made) << made.error();
    return made ? std::move(made).value() : nullptr;
  }

  /// `count` packets of a tone from the far end, at a phone's pace.
  void speak(const Codec& codec, size_t count, uint16_t sequence = 1000, uint32_t ssrc = 42) {
    std::vector<uint8_t> payload(kFrame);
    auto at = MonoClock::now();
    for (size_t i = 0; i < count; ++i, at += 5ms) {  // four times real time is soon enough
      std::this_thread::sleep_until(at);
      encodeG711(lawOf(codec), test::tone(kHertz, 8000, kFrame, 8000, i * kFrame), payload);
      const RtpHeader header{false, codec.payloadType, static_cast<uint16_t>(sequence + i),
                             static_cast<uint32_t>(i * kFrame), ssrc};
      far.sendRtp(header, payload, sip->localPort());
    }
  }

  /// `count` packets of a tone from the browser, at its own pace.
  void talk(size_t count) {
    auto encoder = OpusVoiceEncoder::create(8000, kOpusCleanPath);
    auto at = MonoClock::now();
    for (size_t i = 0; i < count; ++i, at += 20ms) {
      std::this_thread::sleep_until(at);
      std::vector<uint8_t> packet(kMaxRtpOctets);
      const auto pcm = test::tone(kHertz, 8000, kFrame, 8000, (talked + i) * kFrame);
      const size_t octets = encoder->encode(pcm, std::span(packet).subspan(kRtpHeaderOctets));
      writeRtpHeader({i == 0, 111, static_cast<uint16_t>(talked + i),
                      static_cast<uint32_t>((talked + i) * 960), 77},
                     packet);
      packet.resize(kRtpHeaderOctets + octets);
      browser->incomingRtp(packet);
    }
    talked += count;
  }

  /// The next RTP packet that the far end gets.
  std::optional<FakeBrowser::Packet> heard(const UdpPeer& peer) {
    const auto datagram = peer.receive(kDeadline);
    if (!datagram) return std::nullopt;
    const auto packet = parseRtp(*datagram);
    if (!packet) return std::nullopt;
    return FakeBrowser::Packet{packet->header, {packet->payload.begin(), packet->payload.end()}};
  }

  /// Applies `params` and waits until they hold.
  void configure(const SipLegParams& params) {
    const uint64_t before = sip->counters().sent.packets;
    sip->configure(params);
    ASSERT_TRUE(eventually([&] { return sip->counters().sent.packets > before; }));
  }

  void hearsOpusTone(const Codec& codec) {
    sip->join(browser);
    configure(params(codec, far));
    speak(codec, 40);
    ASSERT_TRUE(sink->waitFor(40));
    auto decoder = OpusVoiceDecoder::create(8000);
    std::vector<int16_t> pcm;
    const auto packets = sink->packets();
    for (size_t i = 0; i < packets.size(); ++i) {
      const auto& header = packets[i].header;
      EXPECT_EQ(header.payloadType, 96);
      EXPECT_EQ(header.sequence, static_cast<uint16_t>(packets[0].header.sequence + i));
      if (i > 0) {
        EXPECT_GE(header.timestamp - packets[i - 1].header.timestamp, 960U);
      }
      if (i == 0) {
        EXPECT_TRUE(header.marker);
      }
      std::vector<int16_t> frame(960);
      frame.resize(decoder->decode(packets[i].payload, frame));
      ASSERT_EQ(frame.size(), kFrame);
      if (i >= 5) pcm.insert(pcm.end(), frame.begin(), frame.end());
    }
    EXPECT_GT(test::shareAt(kHertz, 8000, pcm), 0.95);
  }

  /// Of 80 packets of the browser, most are heard as the tone; a machine under load may put noise
  /// between some.
  void hearsG711Tone(const Codec& codec) {
    sip->join(browser);
    configure(params(codec, far));
    std::thread talker([&] { talk(80); });
    size_t tones = 0;
    std::optional<RtpHeader> last;
    const auto end = MonoClock::now() + kDeadline;
    while (tones < 40 && MonoClock::now() < end) {
      const auto packet = heard(far);
      if (!packet) break;
      EXPECT_EQ(packet->header.payloadType, codec.payloadType);
      if (last) {
        EXPECT_EQ(packet->header.sequence, static_cast<uint16_t>(last->sequence + 1));
      }
      last = packet->header;
      std::vector<int16_t> frame(packet->payload.size());
      decodeG711(lawOf(codec), packet->payload, frame);
      if (test::shareAt(kHertz, 8000, frame) > 0.9) tones++;
    }
    talker.join();
    EXPECT_GE(tones, 40U);
  }

  Events events;
  UdpPeer far;
  std::unique_ptr<MediaEngine> engine;
  std::shared_ptr<FakeBrowser> sink;
  std::shared_ptr<BrowserLeg> browser;
  std::shared_ptr<SipLeg> sip;
  size_t talked = 0;
};

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

TEST_F(MediaEngineTest, PortsRunOutAndComeBackAfterQuarantine) {
  EngineConfig config;
  config.workers = 1;
  config.bindAddress = "127.0.0.1";
  config.ports = {static_cast<uint16_t>(sip->localPort()),
                  static_cast<uint16_t>(sip->localPort() + 1)};
  config.portQuarantine = 300ms;
  const auto small = make(config);
  const auto taken = small->openSipLeg(0, {});
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().find("port"), std::string::npos);
  sip->close();
  EXPECT_TRUE(eventually([&] { return bool(small->openSipLeg(0, {})); }));
}

TEST_F(MediaEngineTest, JoiningTakesTheBrowserFromTheOtherCall) {
  auto second = engine->openSipLeg(1, {});
  ASSERT_TRUE(second);
  const UdpPeer secondFar;
  configure(params(pcmu(), far));
  second.value()->configure(params(pcmu(), secondFar));
  ASSERT_TRUE(eventually([&] { return second.value()->counters().sent.packets > 0; }));
  sip->join(browser);
  speak(pcmu(), 5);
  ASSERT_TRUE(sink->waitFor(5));
  second.value()->join(browser);
  uint16_t sequence = 1;
  ASSERT_TRUE(eventually([&] {  // the join is a message, too
    secondFar.sendRtp({true, 0, sequence, sequence * 160U, 5}, std::vector<uint8_t>(kFrame),
                      second.value()->localPort());
    sequence++;
    return sink->packets().size() >= 6;
  }));
  const auto packets = sink->packets();
  EXPECT_EQ(packets[5].header.ssrc, packets[4].header.ssrc);
  EXPECT_EQ(packets[5].header.sequence, static_cast<uint16_t>(packets[4].header.sequence + 1));
  EXPECT_TRUE(packets[5].header.marker);
  second.value()->join(nullptr);
  second.value()->close();
}

TEST_F(MediaEngineTest, LegsOnDifferentWorkersAreNotJoined) {
  const auto elsewhere = engine->openBrowserLeg(0, sink);
  configure(params(pcmu(), far));
  sip->join(elsewhere);
  speak(pcmu(), 3);
  EXPECT_TRUE(eventually([&] { return sip->counters().received.packets == 3; }));
  EXPECT_TRUE(sink->packets().empty());
}

TEST_F(MediaEngineTest, LegsOutliveTheEngine) {
  sip->configure(params(pcmu(), far));
  sip->join(browser);
  talk(3);
  engine.reset();
  sip->configure(params(pcma(), far));
  sip->join(browser);
  sip->sendDigit('1', 100ms);
  talk(3);
  EXPECT_GT(sip->counters().sent.packets, 0U);
  EXPECT_GT(sip->localPort(), 0);
  sip->close();
  browser->close();
}

// Every call from two threads at once while media flows; the sanitizers judge.
TEST_F(MediaEngineTest, AnyThreadMayCall) {
  std::thread packets([&] { talk(30); });
  std::thread control([&] {
    for (int i = 0; i < 100; ++i) {
      sip->configure(params(i % 2 ? pcmu() : pcma(), far));
      sip->join(i % 3 ? browser : nullptr);
      sip->sendDigit('5', 40ms);
      browser->setOpusPayloadType(111);
      sip->counters();
      browser->counters();
      std::this_thread::sleep_for(2ms);
    }
    sip->close();
  });
  for (int i = 0; i < 50; ++i) {
    auto extra = engine->openSipLeg(static_cast<unsigned>(i), {});
    ASSERT_TRUE(extra);
    extra.value()->configure(params(pcmu(), far));
  }
  control.join();
  packets.join();
}

TEST(MediaEngineConfig, SpreadsKeysAndKeepsThem) {
  EngineConfig config;
  config.workers = 4;
  config.bindAddress = "127.0.0.1";
  auto made = makeMediaEngine(config);
  ASSERT_TRUE(made);
  std::vector<int> counts(4);
  for (int dn = 7000; dn < 8000; ++dn) {
    const unsigned worker = made.value()->workerFor(std::to_string(dn));
    ASSERT_LT(worker, 4U);
    EXPECT_EQ(made.value()->workerFor(std::to_string(dn)), worker);
    counts[worker]++;
  }
  for (const int count : counts) EXPECT_NEAR(count, 250, 80);
}

TEST(MediaEngineConfig, WrongSettingsAreNamed) {
  EngineConfig config;
  config.bindAddress = "localhost";
  EXPECT_NE(makeMediaEngine(config).error().find("'localhost'"), std::string::npos);
  config.bindAddress = "127.0.0.1";
  config.ports = {30001, 30002};
  EXPECT_NE(makeMediaEngine(config).error().find("30001-30002"), std::string::npos);
  config.ports = {};
  config.dscp = 64;
  EXPECT_NE(makeMediaEngine(config).error().find("dscp"), std::string::npos);
}

}  // namespace
}  // namespace genesys::media
