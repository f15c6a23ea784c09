#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "media/audio_source.hpp"
#include "media/codec.hpp"
#include "media/digits.hpp"
#include "media/rtp.hpp"
#include "media/sdp.hpp"
#include "media/tone_detector.hpp"

namespace genesys::sim {
namespace {

std::vector<int16_t> sine(double frequency, double amplitude, size_t samples) {
  std::vector<int16_t> out(samples);
  for (size_t i = 0; i < samples; ++i)
    out[i] = static_cast<int16_t>(std::lround(
        amplitude * std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / 8000)));
  return out;
}

TEST(G711, KnownCodes) {
  // ITU-T G.711 tables 1a and 2a: the ends and the middle.
  EXPECT_EQ(encodeMulaw(0), 0xff);
  EXPECT_EQ(encodeMulaw(32767), 0x80);
  EXPECT_EQ(encodeMulaw(-32768), 0x00);
  EXPECT_EQ(decodeMulaw(0x80), 32124);
  EXPECT_EQ(encodeAlaw(0), 0xd5);
  EXPECT_EQ(encodeAlaw(32767), 0xaa);
  EXPECT_EQ(encodeAlaw(-32768), 0x2a);
  EXPECT_EQ(decodeAlaw(0xaa), 32256);
  EXPECT_EQ(decodeAlaw(0xd5), 8);
}

TEST(G711, EveryCodeComesBack) {
  for (int code = 0; code < 256; ++code) {
    const auto octet = static_cast<uint8_t>(code);
    // µ-law has two zeros.
    if (octet != 0x7f) {
      EXPECT_EQ(encodeMulaw(decodeMulaw(octet)), octet);
    }
    EXPECT_EQ(encodeAlaw(decodeAlaw(octet)), octet);
  }
}

TEST(ToneDetector, FindsFrequencyAndLevel) {
  for (const double frequency : {97.0, 440.0, 1234.5, 3400.0}) {
    const auto samples = sine(frequency, 10000, 8000);
    ASSERT_TRUE(dominantFrequency(samples));
    EXPECT_NEAR(*dominantFrequency(samples), frequency, 1);
    EXPECT_NEAR(levelDbfs(samples), 20 * std::log10(10000 / 32768.0 / std::numbers::sqrt2), 0.1);
  }
  EXPECT_FALSE(dominantFrequency(std::vector<int16_t>(8000)));
  EXPECT_FALSE(dominantFrequency({}));
  EXPECT_EQ(levelDbfs({}), -96);
}

TEST(AudioSource, ToneIsWhatItSays) {
  const auto tone = SourceFactory().make("tone:880:-20");
  ASSERT_TRUE(tone);
  std::vector<int16_t> samples;
  std::array<int16_t, kFrameSamples> frame;
  for (int i = 0; i < 50; ++i) {
    tone.value()->read(frame);
    samples.insert(samples.end(), frame.begin(), frame.end());
  }
  EXPECT_NEAR(*dominantFrequency(samples), 880, 1);
  EXPECT_NEAR(levelDbfs(samples), -20, 0.2);
}

TEST(AudioSource, WrongNamesAreRefusedByName) {
  const SourceFactory factory;
  for (const char* play : {"", "tone", "tone:", "tone:5", "tone:440:0", "tone:440x", "music",
                           "file:/nonexistent.wav", "file:/dev/null"}) {
    const auto source = factory.make(play);
    ASSERT_FALSE(source) << play;
    EXPECT_EQ(source.error().rfind("play: ", 0), 0u) << source.error();
  }
}

TEST(AudioSource, EchoStaysClose) {
  Echo echo;
  std::array<int16_t, kFrameSamples> frame;
  echo.read(frame);
  EXPECT_EQ(frame[0], 0);
  for (int16_t i = 1; i <= 100; ++i) {  // 2 s at once: the old is dropped
    frame.fill(i);
    echo.hear(frame);
  }
  echo.read(frame);
  EXPECT_GE(frame[0], 80);
}

TEST(Rtp, WritesAndReads) {
  const std::array<uint8_t, 3> payload{1, 2, 3};
  const auto bytes = writeRtp({8, true, 65535, 0x80000000U, 0xdeadbeefU, payload});
  ASSERT_EQ(bytes.size(), 15u);
  EXPECT_EQ(bytes[0], 0x80);
  EXPECT_EQ(bytes[1], 0x88);
  const auto packet = parseRtp(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->payloadType, 8);
  EXPECT_TRUE(packet->marker);
  EXPECT_EQ(packet->sequence, 65535);
  EXPECT_EQ(packet->ssrc, 0xdeadbeefU);
  EXPECT_EQ(packet->payload.size(), 3u);
}

TEST(Rtp, RefusesWhatIsNone) {
  std::vector<uint8_t> bytes(12);
  EXPECT_FALSE(parseRtp(bytes));  // version 0
  bytes[0] = 0x80;
  EXPECT_TRUE(parseRtp(bytes));
  bytes[0] = 0x8f;  // 15 CSRCs that are not there
  EXPECT_FALSE(parseRtp(bytes));
  bytes[0] = 0x90;  // an extension that is not there
  EXPECT_FALSE(parseRtp(bytes));
  bytes[0] = 0xa0;  // padding longer than the packet
  bytes[11] = 200;
  EXPECT_FALSE(parseRtp(bytes));
  EXPECT_FALSE(parseRtp(std::vector<uint8_t>(1501, 0x80)));
}

TEST(Rtp, CountsLossReorderingAndJumps) {
  ReceptionStatistics statistics;
  const auto packet = [&](uint16_t sequence, uint32_t timestamp, uint32_t ssrc = 1) {
    statistics.count({0, false, sequence, timestamp, ssrc, {}});
  };
  packet(65534, 0);
  packet(65535, 160);
  packet(1, 480);  // 0 is missing
  EXPECT_EQ(statistics.lost, 1u);
  packet(0, 320);  // it was late
  EXPECT_EQ(statistics.lost, 0u);
  EXPECT_EQ(statistics.reordered, 1u);
  packet(2, 100);
  EXPECT_EQ(statistics.timestampJumps, 1u);
  packet(7000, 5, 2);
  EXPECT_EQ(statistics.ssrcChanges, 1u);
  EXPECT_EQ(statistics.lost, 0u);
  EXPECT_EQ(statistics.packets, 6u);
}

TEST(Digits, GoOutAndComeBack) {
  DigitSender sender;
  DigitReceiver receiver;
  EXPECT_FALSE(sender.queue("12x"));
  EXPECT_TRUE(sender.queue("1#1D"));
  int packets = 0, markers = 0;
  for (uint32_t timestamp = 0; timestamp < 160 * 100; timestamp += 160) {
    const auto step = sender.next(timestamp);
    if (!step) continue;
    ++packets;
    markers += step->first;
    const auto payload = writeTelephoneEvent(step->event);
    receiver.receive({101, step->first, 0, step->timestamp, 1, payload});
  }
  EXPECT_EQ(receiver.digits(), "1#1D");
  EXPECT_EQ(packets, 4 * 11);
  EXPECT_EQ(markers, 4);
}

TEST(Sdp, ReadsWhatPhonesWrite) {
  const auto sdp = parseSdp(
      "v=0\no=- 4 7 IN IP4 10.0.0.9\ns=x\nc=IN IP4 10.0.0.1\nt=0 0\n"
      "m=audio 4000 RTP/AVP 8 0 96\nc=IN IP4 10.0.0.2\na=rtpmap:96 telephone-event/8000\n"
      "a=fmtp:96 0-15\na=ptime:20\na=sendonly\nm=video 5000 RTP/AVP 97\na=inactive\n");
  ASSERT_TRUE(sdp) << sdp.error();
  EXPECT_EQ(sdp->ip, "10.0.0.2");
  EXPECT_EQ(sdp->port, 4000);
  EXPECT_EQ(sdp->sessionId, 4u);
  EXPECT_EQ(sdp->version, 7u);
  ASSERT_EQ(sdp->formats.size(), 3u);
  EXPECT_EQ(sdp->formats[0].name(), "PCMA");
  EXPECT_EQ(sdp->telephoneEvent()->payloadType, 96);
  EXPECT_EQ(sdp->direction, "sendonly");
  EXPECT_EQ(sdp->ptime, 20);
}

TEST(Sdp, RefusesWhatHasNoAudio) {
  EXPECT_FALSE(parseSdp(""));
  EXPECT_FALSE(parseSdp("v=0\r\nm=video 1 RTP/AVP 2\r\n"));
  EXPECT_FALSE(parseSdp("v=0\r\nm=audio 1 RTP/AVP 0\r\n"));
  EXPECT_FALSE(parseSdp(std::string(17000, 'a')));
}

}  // namespace
}  // namespace genesys::sim
