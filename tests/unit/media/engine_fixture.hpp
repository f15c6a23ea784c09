// A MediaEngine over loopback sockets, with a browser in memory and a far end that is a socket.
#pragma once

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

namespace genesys::media::test {

using namespace std::chrono_literals;

inline constexpr Millis kDeadline{10000};
inline constexpr double kHertz = 700;
inline constexpr size_t kFrame = 160;

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
      else if (const auto* first = std::get_if<FirstPacketReceived>(&event))
        first_.push_back(first->codec);
      else
        audio_.push_back(event);
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
  /// What it said of audio that is missing or back, once there is so much.
  std::vector<SipLegEvent> audio(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kDeadline, [&] { return audio_.size() >= count; });
    return audio_;
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
  std::vector<SipLegEvent> audio_;
};

inline bool eventually(const std::function<bool()>& condition) {
  const auto end = MonoClock::now() + kDeadline;
  while (!condition()) {
    if (MonoClock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

inline SipLegParams params(const Codec& codec, const UdpPeer& peer) {
  SipLegParams params;
  params.send = {codec.payloadType, &codec};
  params.receive = {{codec.payloadType, &codec}};
  params.sendDigitsAs = 101;
  params.receiveDigitsAs = 101;
  params.remoteRtp = peer.endpoint();
  return params;
}

inline const G711Law& lawOf(const Codec& codec) {
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

}  // namespace genesys::media::test
