// What a listener does with a packet that is there and with one that is not.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "media/codec.hpp"

namespace genesys::quality {

class FrameDecoder {
 public:
  virtual ~FrameDecoder() = default;
  /// Returns the samples, 0 if the payload is no good.
  virtual size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) = 0;
  /// Fills all of `pcm`. `next`: the packet after the missing one, if it is there already.
  virtual void conceal(std::span<const uint8_t> next, std::span<int16_t> pcm) = 0;
};

/// A phone: any codec of the SIP side; what is missing is the last packet again, 6 dB fainter from
/// time to time and silence after kMostRepeated.
inline constexpr int kMostRepeated = 3;
std::unique_ptr<FrameDecoder> makePhoneDecoder(const media::Codec& codec);

/// A browser: Opus at `sampleRate`; what is missing comes from in-band FEC or libopus's PLC.
std::unique_ptr<FrameDecoder> makeBrowserDecoder(uint32_t sampleRate);

}  // namespace genesys::quality
