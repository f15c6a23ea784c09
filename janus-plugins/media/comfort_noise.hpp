// What a listener hears while the other side is silent: white noise at a given level, and what
// payload type 13 says of it (RFC 3389). Lives on its leg's worker.
#pragma once

#include <cstdint>
#include <span>

#include "util/random.hpp"

namespace genesys::media {

/// RFC 3551 table 4; may come although nobody offered it.
inline constexpr uint8_t kComfortNoisePayloadType = 13;
/// What the far end hears while the browser is silent, dBov.
inline constexpr int kQuietLineDbov = -65;
/// No far end makes us louder than this by a CN packet, dBov.
inline constexpr int kLoudestNoiseDbov = -40;

/// The noise level of a CN payload (RFC 3389 section 3.1), at most kLoudestNoiseDbov; spectral
/// coefficients are not used. An empty payload means kQuietLineDbov.
int comfortNoiseLevel(std::span<const uint8_t> payload);

class ComfortNoise {
 public:
  explicit ComfortNoise(uint64_t seed) : random_(seed) {}
  /// Overwrites `pcm` with white noise whose root mean square is `dbov`.
  void fill(std::span<int16_t> pcm, int dbov);

 private:
  Random random_;
  int dbov_ = 1;  ///< for which peak_ was computed; 1 = none yet
  int32_t peak_ = 0;
};

}  // namespace genesys::media
