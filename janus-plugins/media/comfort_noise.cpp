#include "media/comfort_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "media/level.hpp"

namespace genesys::media {

int comfortNoiseLevel(std::span<const uint8_t> payload) {
  if (payload.empty()) return kQuietLineDbov;
  return std::min(-(payload[0] & 0x7f), kLoudestNoiseDbov);
}

void ComfortNoise::fill(std::span<int16_t> pcm, int dbov) {
  if (dbov != dbov_) {
    dbov_ = dbov;
    // Evenly spread between -peak and peak, the root mean square is peak / sqrt(3).
    peak_ = static_cast<int32_t>(std::lround(amplitudeOf(dbov) * std::numbers::sqrt3));
  }
  uint64_t bits = 0;
  for (size_t i = 0; i < pcm.size(); ++i) {
    if (i % 4 == 0) bits = random_.next();
    const auto even = static_cast<int16_t>(bits);  // -32768..32767
    bits >>= 16;
    pcm[i] = static_cast<int16_t>((even * peak_ + (1 << 14)) >> 15);
  }
}

}  // namespace genesys::media
