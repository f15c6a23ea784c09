// G.711 (ITU-T G.711), 8000 Hz mono, and the two payload types that carry it (RFC 3551). Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace genesys::sim {

uint8_t encodeMulaw(int16_t sample);
int16_t decodeMulaw(uint8_t code);
uint8_t encodeAlaw(int16_t sample);
int16_t decodeAlaw(uint8_t code);

struct Codec {
  const char* name;  ///< lower case, as SIP Server writes it
  int payloadType;
  uint8_t (*encode)(int16_t);
  int16_t (*decode)(uint8_t);
};
inline constexpr Codec kPcmu{"pcmu", 0, encodeMulaw, decodeMulaw};
inline constexpr Codec kPcma{"pcma", 8, encodeAlaw, decodeAlaw};

/// By encoding name, compared without case; nullptr for one that the stand-in cannot speak.
const Codec* codecNamed(std::string_view name);

inline constexpr int kSampleRate = 8000;   // Hz
inline constexpr int kFrameSamples = 160;  // 20 ms

}  // namespace genesys::sim
