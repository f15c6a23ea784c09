#include "media/opus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using Packets = std::vector<std::vector<uint8_t>>;

Packets encode(uint32_t rate, const OpusSetting& setting, std::span<const int16_t> pcm,
               size_t frame) {
  auto encoder = OpusVoiceEncoder::create(rate, setting);
  Packets packets;
  for (size_t at = 0; at + frame <= pcm.size(); at += frame) {
    std::vector<uint8_t> packet(1275);
    packet.resize(encoder->encode(pcm.subspan(at, frame), packet));
    EXPECT_FALSE(packet.empty());
    packets.push_back(packet);
  }
  return packets;
}

constexpr OpusSetting kWithFec{false, 5, 40000, true, 10};

TEST(Opus, ToneRoundTripsAtBothRates) {
  for (const uint32_t rate : {8000U, 16000U}) {
    const auto pcm = test::tone(1000, rate, rate);
    auto decoder = OpusVoiceDecoder::create(rate);
    std::vector<int16_t> back;
    for (const auto& packet : encode(rate, kOpusCleanPath, pcm, rate / 50)) {
      std::vector<int16_t> frame(rate / 1000 * kMaxOpusPacketMs);
      frame.resize(decoder->decode(packet, frame));
      ASSERT_EQ(frame.size(), rate / 50);
      back.insert(back.end(), frame.begin(), frame.end());
    }
    const std::span<const int16_t> steady = std::span(back).subspan(rate / 10);
    EXPECT_GT(test::shareAt(1000, rate, steady), 0.99);
    EXPECT_NEAR(levelDbov(steady), levelDbov(pcm), 1);
  }
}

TEST(Opus, TheCleanPathCostsAsManyBitsAsItSays) {
  const auto pcm = test::tone(800, 8000, 16000);
  size_t octets = 0;
  for (const auto& packet : encode(8000, kOpusCleanPath, pcm, 160)) octets += packet.size();
  EXPECT_NEAR(static_cast<double>(octets) * 8 / 2, kOpusCleanPath.bitRate, 8000);
}

TEST(Opus, BrowsersFullBandPacketsOfAnyLengthDecodeTo8kHz) {
  // 60 ms, SILK.
  const auto pcm = test::tone(500, 16000, 16000);
  auto decoder = OpusVoiceDecoder::create(8000);
  for (const auto& packet : encode(16000, kWithFec, pcm, 960)) {
    std::vector<int16_t> frame(8 * kMaxOpusPacketMs);
    EXPECT_EQ(decoder->decode(packet, frame), 480U);
  }
}

TEST(Opus, RefusesMalformedPackets) {
  auto decoder = OpusVoiceDecoder::create(8000);
  std::vector<int16_t> frame(8 * kMaxOpusPacketMs);
  EXPECT_EQ(decoder->decode({}, frame), 0U);
  // Code 3 with no frame count, and one whose frames are longer than 120 ms (RFC 6716 3.2.5).
  const std::vector<uint8_t> bare{0x03};
  EXPECT_EQ(decoder->decode(bare, frame), 0U);
  const std::vector<uint8_t> tooLong{0x1b, 63, 0, 0};
  EXPECT_EQ(decoder->decode(tooLong, frame), 0U);
}

/// How far the packet that stands in for number `lost` is from the real one: the energy of the
/// difference over that of the real one.
double errorOfRepair(const OpusSetting& setting, size_t lost) {
  // A pitch that changes with every packet cannot be guessed from the past.
  std::vector<int16_t> pcm;
  for (size_t i = 0; i < 50; ++i)
    for (const int16_t sample :
         test::tone(300 + 170.0 * static_cast<double>(i * 7 % 11), 8000, 160))
      pcm.push_back(sample);
  const Packets packets = encode(8000, setting, pcm, 160);
  auto whole = OpusVoiceDecoder::create(8000);
  auto broken = OpusVoiceDecoder::create(8000);
  std::vector<int16_t> real(160);
  std::vector<int16_t> repaired(160);
  for (size_t i = 0; i <= lost; ++i) {
    whole->decode(packets[i], real);
    if (i < lost) broken->decode(packets[i], repaired);
  }
  EXPECT_TRUE(broken->conceal(packets[lost + 1], repaired));
  double difference = 0;
  double energy = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    difference += (real[i] - repaired[i]) * static_cast<double>(real[i] - repaired[i]);
    energy += real[i] * static_cast<double>(real[i]);
  }
  return difference / energy;
}

TEST(Opus, RecoversALostPacketFromTheFecOfTheNext) {
  OpusSetting without = kWithFec;
  without.inBandFec = false;
  double repaired = 0;
  double guessed = 0;
  for (size_t lost = 20; lost < 40; ++lost) {
    repaired += errorOfRepair(kWithFec, lost) / 20;
    guessed += errorOfRepair(without, lost) / 20;
  }
  EXPECT_LT(repaired, 0.5);
  EXPECT_GT(guessed, 2 * repaired);
}

TEST(Opus, ExtrapolatesWithoutANextPacket) {
  const auto pcm = test::tone(600, 8000, 8000);
  auto decoder = OpusVoiceDecoder::create(8000);
  std::vector<int16_t> frame(160);
  for (const auto& packet : encode(8000, kOpusCleanPath, pcm, 160)) decoder->decode(packet, frame);
  ASSERT_TRUE(decoder->conceal({}, frame));
  EXPECT_GT(levelDbov(frame), -30);
  EXPECT_GT(test::shareAt(600, 8000, frame), 0.5);
}

}  // namespace
}  // namespace genesys::media
