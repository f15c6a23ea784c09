// Finds digits that were pressed as pairs of tones in the audio (DTMF) and takes nothing else for
// one: the limits are those of ITU-T Q.24. Lives on its leg's worker.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/dtmf.hpp"
#include "media/tone_digits.hpp"

namespace genesys::media {

class ToneDetector {
 public:
  using Key = DigitReceiver::Key;

  explicit ToneDetector(uint32_t sampleRate);
  uint32_t sampleRate() const { return sampleRate_; }

  /// The next stretch of audio; keys that are released in it are appended.
  void add(std::span<const int16_t> pcm, std::vector<Key>& released);
  /// So much is missing, short enough for a key to be held down meanwhile (one packet or two).
  void lost(size_t samples);
  /// The audio stops or jumps: a key that is down counts as released.
  std::optional<Key> finish();

 private:
  struct Tone {
    double cosine, sine;          ///< of the angle between two samples
    std::complex<double> turn;    ///< by which a tone of just this frequency turns in one hop
    double mostOff;               ///< radians a hop that its frequency may be off
    std::complex<double> now;     ///< the last window's line at this frequency
    std::complex<double> before;  ///< and of the window before
  };
  using Group = std::array<Tone, 4>;

  void hop(std::vector<Key>& released);
  std::optional<char> pairInWindow();
  void measure(Group& group) const;
  std::optional<size_t> strongest(const Group& group) const;
  bool steady(const Tone& tone) const;
  Key release();

  const uint32_t sampleRate_;
  const size_t hop_;            ///< samples
  std::vector<double> window_;  ///< the last two hops
  size_t filled_ = 0;           ///< samples in it
  Group low_, high_;
  uint64_t position_ = 0;     ///< samples since the start, at the window's end
  bool comparable_ = false;   ///< Tone::before is of the hop right before
  bool steady_ = false;       ///< the pair in the last window is as it was in the one before
  std::optional<char> last_;  ///< what the last window held
  unsigned run_ = 0;          ///< windows in a row with it
  std::optional<char> pressed_;
  uint64_t start_ = 0;   ///< of the key that is pressed
  uint64_t end_ = 0;     ///< of the last window that held it
  unsigned misses_ = 0;  ///< windows since
};

}  // namespace genesys::media
