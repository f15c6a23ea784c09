// The browser's codec, RFC 6716, as libopus has it: mono, coded straight from and to the SIP
// codec's sample rate, so that nobody resamples; and a codec of the SIP side, too. Lives on its
// leg's worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "util/clock.hpp"

struct OpusEncoder;  // of opus.h, which is included in opus.cpp only
struct OpusDecoder;
struct OpusMSEncoder;
struct OpusRepacketizer;

namespace genesys::media {

/// How to encode; one row of the choice that the network's state makes.
struct OpusSetting {
  bool lowDelay;     ///< CELT alone (OPUS_APPLICATION_RESTRICTED_LOWDELAY), else VoIP
  int complexity;    ///< 0-10
  int bitRate;       ///< bit/s
  bool inBandFec;    ///< needs lowDelay = false
  int expectedLoss;  ///< per cent
};

/// Cheapest at full quality while nothing is lost: a tenth of the usual setting's CPU.
inline constexpr OpusSetting kOpusCleanPath{true, 0, 48000, false, 0};
/// The same at 16 kHz.
inline constexpr OpusSetting kOpusCleanWidePath{true, 0, 64000, false, 0};
/// All there is of a packet that says "the talker pauses" (RFC 6716 section 3.1: CELT, narrow band,
/// mono, and no frame): what a browser's jitter buffer takes for DTX and fills with noise until the
/// next packet. It stands for 10 ms where frames are of 10 ms, else for 20, the longest CELT has.
constexpr uint8_t opusPause(Millis frame) {
  return (frame < Millis(20) ? 18 : 19) << 3;
}

/// Towards a SIP side that speaks Opus, at 16 kHz.
inline constexpr OpusSetting kOpusSipSide{true, 0, 64000, false, 0};

/// Longest Opus packet there is, in ms (RFC 6716 section 3.2.5).
inline constexpr unsigned kMaxOpusPacketMs = 120;

/// How many samples at `sampleRate` Hz a packet holds by its framing, which is checked as a whole
/// (RFC 6716 section 3.4); 0 if it is malformed.
size_t opusSamplesIn(std::span<const uint8_t> packet, uint32_t sampleRate);

class OpusVoiceEncoder {
 public:
  /// `sampleRate` 8000 or 16000 Hz; nullopt if libopus has no memory.
  static std::optional<OpusVoiceEncoder> create(uint32_t sampleRate, const OpusSetting& setting);
  /// One packet of 2.5, 5, 10, 20, 30, 40 or 60 ms; returns the octets, 0 on failure.
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> packet);

 private:
  struct Destroy {
    void operator()(::OpusEncoder* encoder) const;
    void operator()(::OpusRepacketizer* packer) const;
  };
  OpusVoiceEncoder(::OpusEncoder* encoder, uint32_t sampleRate)
      : encoder_(encoder), sampleRate_(sampleRate) {}
  size_t encodeFrame(std::span<const int16_t> pcm, std::span<uint8_t> packet);
  size_t encodeThreeFrames(std::span<const int16_t> pcm, std::span<uint8_t> packet);

  std::unique_ptr<::OpusEncoder, Destroy> encoder_;
  std::unique_ptr<::OpusRepacketizer, Destroy> packer_;  ///< made for the first packet of 30 ms
  uint32_t sampleRate_;
};

class OpusVoiceDecoder {
 public:
  /// `sampleRate` 8000 or 16000 Hz; nullopt if libopus has no memory.
  static std::optional<OpusVoiceDecoder> create(uint32_t sampleRate);
  /// Decodes a packet, at most kMaxOpusPacketMs long; returns the samples, 0 if it is malformed.
  size_t decode(std::span<const uint8_t> packet, std::span<int16_t> pcm);
  /// Fills `pcm` (a multiple of 2.5 ms) for a lost packet: from the in-band FEC of `next`, the
  /// packet after it, where it has any, else by extrapolation. Empty `next`: extrapolation.
  bool conceal(std::span<const uint8_t> next, std::span<int16_t> pcm);
  /// Forgets the past: another stream follows.
  void reset();

 private:
  struct Destroy {
    void operator()(::OpusDecoder* decoder) const;
  };
  explicit OpusVoiceDecoder(::OpusDecoder* decoder) : decoder_(decoder) {}
  std::unique_ptr<::OpusDecoder, Destroy> decoder_;
};

/// Two voices in one stream of packets that know nothing of each other, for a stereo recording of
/// the two sides of a call.
class OpusPairEncoder {
 public:
  /// `sampleRate` as above, `bitRate` of both together; nullopt if libopus has no memory.
  static std::optional<OpusPairEncoder> create(uint32_t sampleRate, int bitRate);
  /// One frame of 2.5-60 ms, left and right sample by sample; returns the octets, 0 on failure.
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> packet);
  /// Samples that come out before the first that was put in (RFC 7845 section 4.2).
  unsigned lookahead() const;

 private:
  struct Destroy {
    void operator()(::OpusMSEncoder* encoder) const;
  };
  explicit OpusPairEncoder(::OpusMSEncoder* encoder) : encoder_(encoder) {}
  std::unique_ptr<::OpusMSEncoder, Destroy> encoder_;
};

}  // namespace genesys::media
