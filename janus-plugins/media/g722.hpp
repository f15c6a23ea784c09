// ITU-T G.722 at 64 kbit/s, as libspandsp has it: 16 kHz PCM, two samples an octet. libspandsp is
// taken because it is one small library of just such codecs (LGPL, kept by Debian) without a
// frame length of its own; libavcodec has G.722, too, and a hundred packages behind it. A coder
// keeps state from packet to packet and lives on its leg's worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct g722_encode_state_s;  // of spandsp.h, which is included in g722.cpp only
struct g722_decode_state_s;

namespace genesys::media {

/// Hz.
inline constexpr uint32_t kG722SampleRate = 16000;

class G722Encoder {
 public:
  /// Throws std::bad_alloc if there is no memory.
  G722Encoder();
  /// `pcm` holds two samples for every octet; returns the octets.
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> octets);

 private:
  struct Free {
    void operator()(g722_encode_state_s* state) const;
  };
  std::unique_ptr<g722_encode_state_s, Free> state_;
};

class G722Decoder {
 public:
  /// Throws std::bad_alloc if there is no memory.
  G722Decoder();
  /// `pcm` has room for two samples for every octet; returns the samples.
  size_t decode(std::span<const uint8_t> octets, std::span<int16_t> pcm);

 private:
  struct Free {
    void operator()(g722_decode_state_s* state) const;
  };
  std::unique_ptr<g722_decode_state_s, Free> state_;
};

}  // namespace genesys::media
