// The encode and decode functions behind a codec's row, for the codecs of the SIP side. A coder may
// keep state from frame to frame; it lives on its leg's worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "media/codec.hpp"

namespace genesys::media {

class VoiceDecoder {
 public:
  virtual ~VoiceDecoder() = default;
  /// How many samples (at the codec's sampleRate) a payload becomes; 0 if it is malformed.
  virtual size_t samplesIn(std::span<const uint8_t> payload) const = 0;
  /// Decodes into `pcm`, which holds at least samplesIn(payload); returns the samples, 0 if it is
  /// malformed.
  virtual size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) = 0;
  /// Forgets the past: what came in between was not decoded.
  virtual void reset() {}
};

class VoiceEncoder {
 public:
  virtual ~VoiceEncoder() = default;
  /// Encodes one packet's samples, of a time that SDP can ask for (kPacketTimesMs); returns the
  /// octets written, 0 if `payload` is too short.
  virtual size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> payload) = 0;
};

/// A coder for one of sipCodecs(); nullptr for any other row.
std::unique_ptr<VoiceDecoder> makeVoiceDecoder(const Codec& codec);
std::unique_ptr<VoiceEncoder> makeVoiceEncoder(const Codec& codec);

}  // namespace genesys::media
