// Digits as pairs of tones in the audio itself (DTMF, ITU-T Q.23): which frequencies a digit has,
// and the tones of digits that a page presses. Lives on its leg's worker.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "util/clock.hpp"

namespace genesys::media {

/// Q.23: each digit is one frequency of the low group and one of the high group, Hz.
inline constexpr std::array<double, 4> kLowTones{697, 770, 852, 941};
inline constexpr std::array<double, 4> kHighTones{1209, 1336, 1477, 1633};
/// The digit of a low (0-3) and a high frequency (0-3).
char digitOfTones(size_t low, size_t high);

/// What a full-scale sine measures, dBm0 (G.711 table 5 and 6: 3.14 A-law, 3.17 µ-law).
inline constexpr double kFullScaleDbm0 = 3.17;
/// The peak of a sine of `dbm0`, in units of 16-bit samples.
double peakOf(double dbm0);

class ToneDigits {
 public:
  /// Levels of the two tones. The high group is 2 dB louder, as lines lose more of it (ES 201 235-2
  /// section 4.2.4); both are well inside of what receivers have to take (Q.24: -3 to -24 dBm0).
  static constexpr double kLowDbm0 = -10;
  static constexpr double kHighDbm0 = -8;
  /// Q.24: receivers need 40 ms of tone and 40 ms of pause, at most.
  static constexpr Millis kShortestTone{50};
  static constexpr Millis kPause{60};

  /// Queues a digit; false if it is none, its duration is out of range (dtmf.hpp) or 32 are
  /// waiting.
  bool queue(char digit, Millis duration);
  void clear();
  /// A digit or the pause after it is under way, or one waits.
  bool sounding() const { return count_ > 0; }

  /// Overwrites as much of `pcm`, the next stretch of the stream, as belongs to digits and their
  /// pauses.
  void replace(std::span<int16_t> pcm, uint32_t sampleRate);

 private:
  struct Digit {
    uint8_t low, high;  ///< indices of the tones
    Millis duration;
  };
  static constexpr size_t kMostWaiting = 32;

  int16_t sample(const Digit& digit, size_t length, uint32_t sampleRate) const;

  std::array<Digit, kMostWaiting> waiting_{};
  size_t first_ = 0;
  size_t count_ = 0;
  size_t at_ = 0;  ///< samples since the start of the digit under way
};

}  // namespace genesys::media
