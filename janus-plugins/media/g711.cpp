#include "media/g711.hpp"

#include <array>
#include <bit>
#include <cassert>

namespace genesys::media {
namespace {

constexpr int kMuBias = 33;      // G.711 table 2, in units of the 14-bit scale
constexpr int kMuClip = 0x1fff;  // largest biased magnitude

// µ-law works on 14 bits: `value` is the sample divided by 4. Negative magnitudes are one's
// complements, so that the two halves of the characteristic mirror each other.
constexpr uint8_t muEncode(int value) {
  int magnitude = (value < 0 ? ~value : value) + kMuBias;
  if (magnitude > kMuClip) magnitude = kMuClip;
  const int segment =
      static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude))) - 6;  // 0-7
  const int step = magnitude >> (segment + 1) & 0x0f;
  const int code = segment << 4 | step;
  return static_cast<uint8_t>((value < 0 ? 0x7f : 0xff) - code);
}

constexpr int16_t muDecode(int octet) {
  const int code = ~octet & 0x7f;
  const int segment = code >> 4;
  // The middle of the step, back on the 16-bit scale.
  const int magnitude = ((((code & 0x0f) << 1) + kMuBias) << segment) - kMuBias;
  return static_cast<int16_t>((octet & 0x80 ? magnitude : -magnitude) * 4);
}

// A-law works on 12 bits and sign: `value` is the sample divided by 16. Even bits are inverted.
constexpr uint8_t aEncode(int value) {
  const int magnitude = value < 0 ? ~value : value;  // 0-2047
  const int segment =
      magnitude < 16 ? 0 : static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude))) - 4;
  const int step = segment < 2 ? magnitude : magnitude >> (segment - 1);
  return static_cast<uint8_t>(((value < 0 ? 0 : 0x80) | segment << 4 | (step & 0x0f)) ^ 0x55);
}

constexpr int16_t aDecode(int octet) {
  const int code = (octet ^ 0x55) & 0x7f;
  const int segment = code >> 4;
  int magnitude = (code & 0x0f) << 4 | 0x08;
  if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return static_cast<int16_t>(octet & 0x80 ? magnitude : -magnitude);
}

template <class Entry, size_t kSize, class Function>
constexpr std::array<Entry, kSize> table(Function function) {
  std::array<Entry, kSize> entries{};
  for (size_t i = 0; i < kSize; ++i) entries[i] = static_cast<Entry>(function(static_cast<int>(i)));
  return entries;
}

// An index is the upper bits of the sample as unsigned: above the middle the sample is negative.
constexpr int signedIndex(int index, int size) {
  return index < size / 2 ? index : index - size;
}

constexpr size_t kMuSize = 1 << 14;
constexpr size_t kASize = 1 << 12;
constexpr auto kMuDecode = table<int16_t, 256>(muDecode);
constexpr auto kADecode = table<int16_t, 256>(aDecode);
constexpr auto kMuEncode =
    table<uint8_t, kMuSize>([](int i) { return muEncode(signedIndex(i, kMuSize)); });
constexpr auto kAEncode =
    table<uint8_t, kASize>([](int i) { return aEncode(signedIndex(i, kASize)); });

constexpr G711Law kMu{kMuDecode.data(), kMuEncode.data(), 2};
constexpr G711Law kA{kADecode.data(), kAEncode.data(), 4};

}  // namespace

const G711Law& muLaw() {
  return kMu;
}
const G711Law& aLaw() {
  return kA;
}

size_t decodeG711(const G711Law& law, std::span<const uint8_t> octets, std::span<int16_t> pcm) {
  assert(pcm.size() == octets.size());
  for (size_t i = 0; i < octets.size(); ++i) pcm[i] = law.decode[octets[i]];
  return octets.size();
}

size_t encodeG711(const G711Law& law, std::span<const int16_t> pcm, std::span<uint8_t> octets) {
  assert(pcm.size() == octets.size());
  for (size_t i = 0; i < pcm.size(); ++i)
    octets[i] = law.encode[static_cast<uint16_t>(pcm[i]) >> law.encodeShift];
  return pcm.size();
}

}  // namespace genesys::media
