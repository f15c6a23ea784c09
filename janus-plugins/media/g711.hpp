// ITU-T G.711: 16-bit PCM to and from µ-law and A-law by tables that the compiler computes. Pure
// functions for any thread; 8000 Hz, one octet per sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace genesys::media {

/// One table pair: octet to PCM, and the upper bits of PCM to octet.
struct G711Law {
  const int16_t* decode;  ///< 256 entries
  const uint8_t* encode;  ///< indexed by the sample, as unsigned, shifted right by encodeShift
  uint8_t encodeShift;
};

const G711Law& muLaw();
const G711Law& aLaw();

/// Both spans have the same length; returns it.
size_t decodeG711(const G711Law& law, std::span<const uint8_t> octets, std::span<int16_t> pcm);
size_t encodeG711(const G711Law& law, std::span<const int16_t> pcm, std::span<uint8_t> octets);

}  // namespace genesys::media
