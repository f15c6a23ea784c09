#include "talker.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "media/opus.hpp"
#include "media/rtp_packet.hpp"

namespace genesys::quality {
namespace {

using namespace std::chrono_literals;

std::vector<int16_t> tone(size_t samples, uint32_t rate, double amplitude = 8000) {
  std::vector<int16_t> pcm(samples);
  for (size_t i = 0; i < samples; ++i) {
    const double phase = 2 * std::numbers::pi * 500 * static_cast<double>(i) / rate;
    pcm[i] = static_cast<int16_t>(std::lround(amplitude * std::sin(phase)));
  }
  return pcm;
}

TEST(TalkerTest, APhoneSendsAPacketWhenItIsSpoken) {
  const MonoTime start(1h);
  const auto sent = talkFromPhone(tone(8000, 8000), media::pcma(), {start});
  ASSERT_EQ(sent.size(), 50U);
  for (size_t i = 0; i < sent.size(); ++i) {
    const auto packet = media::parseRtp(sent[i].datagram);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header.payloadType, 8);
    EXPECT_EQ(packet->header.sequence, i);
    EXPECT_EQ(packet->header.timestamp, i * 160);
    EXPECT_EQ(packet->header.marker, i == 0);
    EXPECT_EQ(packet->payload.size(), 160U);
    EXPECT_EQ(sent[i].at, start + (i + 1) * 20ms);
  }
}

TEST(TalkerTest, AFastClockSpeaksFaster) {
  const TalkerClock fast{MonoTime(1h), 200};
  const auto halfAnHour = fast.at(89999) - fast.start;
  EXPECT_NEAR(std::chrono::duration<double>(halfAnHour).count(), 1800 / 1.0002, 1e-6);
}

TEST(TalkerTest, ABrowserSendsOpusInNarrowBandWithFec) {
  const auto sent = talkFromBrowser(tone(48000, 48000), {.expectedLoss = 10}, {MonoTime(1h)}, 111);
  ASSERT_EQ(sent.size(), 50U);
  auto decoder = media::OpusVoiceDecoder::create(8000);
  for (size_t i = 0; i < sent.size(); ++i) {
    const auto packet = media::parseRtp(sent[i].datagram);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header.timestamp, i * 960);
    // Configuration 1: SILK alone, narrow band, 20 ms (RFC 6716 table 2).
    EXPECT_EQ(packet->payload[0] >> 3, 1);
    std::vector<int16_t> pcm(960);
    EXPECT_EQ(decoder->decode(packet->payload, pcm), 160U);
  }
}

TEST(TalkerTest, WithDtxAPauseIsHardlySent) {
  auto pcm = tone(3 * 48000, 48000);
  std::fill(pcm.begin() + 48000, pcm.begin() + 2 * 48000, int16_t{0});
  const auto all = talkFromBrowser(pcm, {}, {MonoTime(1h)}, 111);
  const auto few = talkFromBrowser(pcm, {.dtx = true}, {MonoTime(1h)}, 111);
  EXPECT_EQ(all.size(), 150U);
  EXPECT_LT(few.size(), 125U);
  size_t markers = 0;
  for (size_t i = 1; i < few.size(); ++i) {
    const auto before = media::parseRtp(few[i - 1].datagram)->header;
    const auto packet = media::parseRtp(few[i].datagram)->header;
    EXPECT_EQ(packet.sequence, before.sequence + 1);
    const auto passed = std::chrono::duration_cast<Millis>(few[i].at - few[i - 1].at);
    EXPECT_EQ(packet.timestamp - before.timestamp, passed.count() * 48);
    if (packet.marker) markers++;
  }
  EXPECT_GE(markers, 1U);
}

}  // namespace
}  // namespace genesys::quality
