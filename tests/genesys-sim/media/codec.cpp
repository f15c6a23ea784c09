#include "media/codec.hpp"

#include <algorithm>
#include <array>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

/// The segment of a magnitude: the position of its highest bit over `base`.
int segment(int magnitude, int base) {
  int exponent = 0;
  while (exponent < 7 && magnitude >= base << (exponent + 1)) ++exponent;
  return exponent;
}

}  // namespace

uint8_t encodeMulaw(int16_t sample) {
  constexpr int kBias = 132;
  constexpr int kClip = 32635;
  const bool negative = sample < 0;
  const int magnitude = std::min(negative ? -static_cast<int>(sample) : sample, kClip) + kBias;
  const int exponent = segment(magnitude, 128);
  const int mantissa = magnitude >> (exponent + 3) & 0x0f;
  return static_cast<uint8_t>(~((negative ? 0x80 : 0) | exponent << 4 | mantissa));
}

int16_t decodeMulaw(uint8_t code) {
  const int bits = static_cast<uint8_t>(~code);
  const int magnitude = (((bits & 0x0f) << 3) + 132) << (bits >> 4 & 7);
  return static_cast<int16_t>(bits & 0x80 ? 132 - magnitude : magnitude - 132);
}

uint8_t encodeAlaw(int16_t sample) {
  const bool positive = sample >= 0;
  const int magnitude = positive ? sample : -static_cast<int>(sample) - 1;
  const int exponent = magnitude < 256 ? 0 : segment(magnitude, 128);
  const int mantissa = (exponent == 0 ? magnitude >> 4 : magnitude >> (exponent + 3)) & 0x0f;
  return static_cast<uint8_t>(((positive ? 0x80 : 0) | exponent << 4 | mantissa) ^ 0x55);
}

int16_t decodeAlaw(uint8_t code) {
  const int bits = code ^ 0x55;
  const int exponent = bits >> 4 & 7;
  int magnitude = ((bits & 0x0f) << 4) + 8;
  if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
  return static_cast<int16_t>(bits & 0x80 ? magnitude : -magnitude);
}

const Codec* codecNamed(std::string_view name) {
  for (const Codec* codec : {&kPcmu, &kPcma})
    if (equalsIgnoreCase(name, codec->name)) return codec;
  return nullptr;
}

}  // namespace genesys::sim
