// Randomness as a parameter: seeded by the kernel in production and by a constant in tests.
// Used for RTP identifiers and back-off jitter; session ids and tokens never come from here.
#pragma once

#include <cstdint>

namespace genesys {

/// SplitMix64 (Steele, Lea, Flood 2014). Lives on the thread that owns it.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  /// Seeded from getrandom(2), so that RTP start values are not guessable (RFC 3550 section 5.1).
  static Random fromSystem();

  uint64_t next();
  /// A number in [low, high], both included; low <= high.
  uint64_t between(uint64_t low, uint64_t high);

 private:
  uint64_t state_;
};

}  // namespace genesys
