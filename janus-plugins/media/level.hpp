// How loud a stretch of PCM is, in dBov: 0 is a full-scale square wave, -127 is silence (RFC 6464
// section 4). Lives on its leg's worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace genesys::media {

inline constexpr int kSilenceDbov = -127;

/// Root mean square of `pcm` in dBov, -127 to 0.
int levelDbov(std::span<const int16_t> pcm);

/// Root mean square of a level, in units of 16-bit samples.
double amplitudeOf(int dbov);

/// The level of the last 100 ms or so.
class LevelMeter {
 public:
  /// Takes in PCM at `sampleRate` Hz; true if `dbov()` is new.
  bool add(std::span<const int16_t> pcm, uint32_t sampleRate);
  int dbov() const { return dbov_; }

 private:
  uint64_t squares_ = 0;
  size_t samples_ = 0;
  int dbov_ = kSilenceDbov;
};

}  // namespace genesys::media
