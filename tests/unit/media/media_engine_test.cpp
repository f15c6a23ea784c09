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

  void hearsOpusTone(const Codec& codec) {
    sip->configure(params(codec, far));
    sip->join(browser);
    speak(codec, 40);
    ASSERT_TRUE(sink->waitFor(40));
    auto decoder = OpusVoiceDecoder::create(8000);
    std::vector<int16_t> pcm;
    const auto packets = sink->packets();
    for (size_t i = 0; i < packets.size(); ++i) {
      const auto& header = packets[i].header;
      EXPECT_EQ(header.payloadType, 96);
      EXPECT_EQ(header.sequence, static_cast<uint16_t>(packets[0].header.sequence + i));
      EXPECT_EQ(header.timestamp, packets[0].header.timestamp + i * 960);
      EXPECT_EQ(header.marker, i == 0);
      std::vector<int16_t> frame(960);
      frame.resize(decoder->decode(packets[i].payload, frame));
      ASSERT_EQ(frame.size(), kFrame);
      if (i >= 5) pcm.insert(pcm.end(), frame.begin(), frame.end());
    }
    EXPECT_GT(test::shareAt(kHertz, 8000, pcm), 0.95);
  }

  void hearsG711Tone(const Codec& codec) {
    sip->configure(params(codec, far));
    sip->join(browser);
    std::thread talker([&] { talk(60); });
    std::vector<int16_t> pcm;
    std::optional<RtpHeader> last;
    while (pcm.size() < 40 * kFrame) {
      const auto packet = heard(far);
      if (!packet) break;
      EXPECT_EQ(packet->header.payloadType, codec.payloadType);
      if (last) {
        EXPECT_EQ(packet->header.sequence, static_cast<uint16_t>(last->sequence + 1));
      }
      if (last) {
        EXPECT_EQ(packet->header.timestamp, last->timestamp + kFrame);
      }
      last = packet->header;
      std::vector<int16_t> frame(packet->payload.size());
      decodeG711(lawOf(codec), packet->payload, frame);
      // Noise goes out until the browser is heard.
      if (pcm.empty() && test::shareAt(kHertz, 8000, frame) < 0.8) continue;
      pcm.insert(pcm.end(), frame.begin(), frame.end());
    }
    talker.join();
    ASSERT_GE(pcm.size(), 40 * kFrame);
    EXPECT_GT(test::shareAt(kHertz, 8000, std::span(pcm).subspan(5 * kFrame)), 0.9);
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

}  // namespace
}  // namespace genesys::media
