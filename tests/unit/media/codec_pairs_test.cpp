// Every codec and packet length of the SIP side against every packet length of the browser, both
// ways and in virtual time: a tone goes in and comes out, and the packets are as SDP says.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "captured.hpp"
#include "media/browser_receiver.hpp"
#include "media/browser_sender.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kPayloadType = 97;
constexpr uint32_t kBrowserRate = 16000;  // Hz, of the browser's own coder here
constexpr Millis kTalk{1200};

struct Pair {
  const Codec* codec;
  uint16_t sipMs;
  uint16_t browserMs;
};

std::vector<Pair> everyPair() {
  std::vector<Pair> pairs;
  for (const Codec* codec : sipCodecs())
    for (const uint16_t sipMs : kPacketTimesMs)
      for (const uint16_t browserMs : {10, 20, 40, 60})
        if (sipMs <= codec->longestPtimeMs) pairs.push_back({codec, sipMs, browserMs});
  return pairs;
}

std::string nameOf(const testing::TestParamInfo<Pair>& info) {
  std::string name(info.param.codec->configured);
  std::ranges::replace(name, '/', '_');
  return name + "_" + std::to_string(info.param.sipMs) + "_" + std::to_string(info.param.browserMs);
}

class CodecPair : public testing::TestWithParam<Pair> {
 protected:
  /// What comes out of `receiver` when a browser speaks a tone for kTalk.
  void browserSpeaks(BrowserReceiver& receiver, SipSender& sender, double hertz) {
    auto encoder = OpusVoiceEncoder::create(kBrowserRate, kOpusSipSide);
    const size_t samples = kBrowserRate / 1000 * GetParam().browserMs;
    uint32_t timestamp = 0;
    uint16_t sequence = 0;
    for (size_t at = 0; out.now < test::startOfTime() + kTalk; at += samples) {
      std::vector<uint8_t> packet(1275);
      packet.resize(encoder->encode(test::tone(hertz, kBrowserRate, samples, 8000, at), packet));
      receiver.received({{false, 111, sequence++, timestamp, 1}, packet}, out.now);
      timestamp += GetParam().browserMs * 48U;
      for (const MonoTime end = out.now + Millis(GetParam().browserMs); out.now < end;) {
        out.now = std::min(end, std::max(out.now, sender.due()));
        sender.run(out.now);
      }
    }
  }
  /// The same for a far end.
  void farEndSpeaks(SipReceiver& receiver, BrowserSender& sender, double hertz) {
    const auto [codec, ms, _] = GetParam();
    const auto encoder = makeVoiceEncoder(*codec);
    const size_t samples = size_t{codec->sampleRate} / 1000 * ms;
    uint32_t timestamp = 0xfffff000;
    uint16_t sequence = 65530;
    for (size_t at = 0; out.now < test::startOfTime() + kTalk; at += samples) {
      std::vector<uint8_t> packet(kMaxRtpOctets - kRtpHeaderOctets);
      packet.resize(
          encoder->encode(test::tone(hertz, codec->sampleRate, samples, 8000, at), packet));
      receiver.received({{false, kPayloadType, sequence++, timestamp, 1}, packet}, out.now);
      timestamp += ms * codec->rtpClock / 1000;
      out.now += Millis(ms);
      sender.run(out.now);
    }
  }
  /// The tone's share of the last 600 ms of `pcm`.
  static double share(double hertz, uint32_t rate, std::span<const int16_t> pcm) {
    const size_t tail = size_t{rate} * 6 / 10;
    return pcm.size() < tail ? 0 : test::shareAt(hertz, rate, pcm.last(tail));
  }

  test::Captured out;
  StreamGauge gauge;
  Random random{7};
};

TEST_P(CodecPair, TheFarEndHearsTheBrowser) {
  const auto [codec, ms, _] = GetParam();
  SipSender sender(out, gauge, random);
  sender.configure({.codec = codec, .payloadType = kPayloadType, .ptimeMs = ms}, out.now);
  StreamGauge received;
  BrowserReceiver receiver(received);
  receiver.setSink(&sender);
  browserSpeaks(receiver, sender, 700);

  const auto decoder = makeVoiceDecoder(*codec);
  std::vector<int16_t> heard;
  for (size_t i = 0; i < out.packets.size(); ++i) {
    const test::Sent& packet = out.packets[i];
    EXPECT_EQ(packet.header.payloadType, kPayloadType);
    EXPECT_EQ(packet.header.marker, i == 0);
    std::vector<int16_t> pcm(decoder->samplesIn(packet.payload));
    ASSERT_EQ(decoder->decode(packet.payload, pcm), size_t{codec->sampleRate} / 1000 * ms);
    heard.insert(heard.end(), pcm.begin(), pcm.end());
    if (i == 0) continue;
    const RtpHeader& before = out.packets[i - 1].header;
    ASSERT_EQ(packet.header.sequence, static_cast<uint16_t>(before.sequence + 1));
    ASSERT_EQ(packet.header.timestamp - before.timestamp, ms * codec->rtpClock / 1000);
  }
  EXPECT_NEAR(static_cast<double>(out.packets.size()), kTalk / 1ms / ms, 4);
  EXPECT_GT(share(700, codec->sampleRate, heard), 0.95);
  EXPECT_EQ(gauge.dropped.get(), 0U);
}

TEST_P(CodecPair, TheBrowserHearsTheFarEnd) {
  const Codec* const codec = GetParam().codec;
  BrowserSender sender(out, gauge, random);
  sender.setPacketTime(Millis(GetParam().browserMs));
  StreamGauge received;
  SipReceiver receiver(received);
  receiver.configure({{kPayloadType, codec}}, std::nullopt);
  receiver.setSink(&sender);
  farEndSpeaks(receiver, sender, 700);

  auto decoder = OpusVoiceDecoder::create(kBrowserRate);
  std::vector<int16_t> heard;
  for (size_t i = 0; i < out.packets.size(); ++i) {
    std::vector<int16_t> pcm(kBrowserRate / 1000 * kMaxOpusPacketMs);
    pcm.resize(decoder->decode(out.packets[i].payload, pcm));
    ASSERT_EQ(pcm.size(), kBrowserRate / 1000 * GetParam().browserMs) << i;
    heard.insert(heard.end(), pcm.begin(), pcm.end());
    if (i == 0) continue;
    const RtpHeader& before = out.packets[i - 1].header;
    ASSERT_EQ(out.packets[i].header.sequence, static_cast<uint16_t>(before.sequence + 1));
    ASSERT_EQ(out.packets[i].header.timestamp - before.timestamp, GetParam().browserMs * 48U);
  }
  EXPECT_EQ(received.ignored.get() + received.lost.get() + received.late.get(), 0U);
  EXPECT_GT(share(700, kBrowserRate, heard), 0.95);
}

INSTANTIATE_TEST_SUITE_P(All, CodecPair, testing::ValuesIn(everyPair()), nameOf);

class WideBand : public CodecPair {};

// What a narrow-band path cuts off.
TEST_P(WideBand, HighTonesGoThroughBothWays) {
  SipSender sender(out, gauge, random);
  const Codec& codec = *GetParam().codec;
  sender.configure({.codec = &codec, .payloadType = kPayloadType, .ptimeMs = 20}, out.now);
  StreamGauge received;
  BrowserReceiver fromBrowser(received);
  fromBrowser.setSink(&sender);
  browserSpeaks(fromBrowser, sender, 6000);
  const auto decoder = makeVoiceDecoder(codec);
  std::vector<int16_t> heard;
  for (const auto& packet : out.packets) {
    std::vector<int16_t> pcm(decoder->samplesIn(packet.payload));
    decoder->decode(packet.payload, pcm);
    heard.insert(heard.end(), pcm.begin(), pcm.end());
  }
  EXPECT_GT(share(6000, codec.sampleRate, heard), 0.9);

  out.packets.clear();
  out.now = test::startOfTime();
  BrowserSender toBrowser(out, gauge, random);
  SipReceiver receiver(received);
  receiver.configure({{kPayloadType, &codec}}, std::nullopt);
  receiver.setSink(&toBrowser);
  farEndSpeaks(receiver, toBrowser, 6000);
  auto opusDecoder = OpusVoiceDecoder::create(kBrowserRate);
  heard.clear();
  for (const auto& packet : out.packets) {
    std::vector<int16_t> pcm(kBrowserRate / 50);
    opusDecoder->decode(packet.payload, pcm);
    heard.insert(heard.end(), pcm.begin(), pcm.end());
  }
  EXPECT_GT(share(6000, kBrowserRate, heard), 0.9);
}

INSTANTIATE_TEST_SUITE_P(All, WideBand,
                         testing::Values(Pair{&g722(), 20, 20}, Pair{&l16At16000(), 20, 20},
                                         Pair{&opus(), 20, 20}),
                         nameOf);

}  // namespace
}  // namespace genesys::media
