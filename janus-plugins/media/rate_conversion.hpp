// PCM at 8 kHz that is wanted at 16, or the other way round: in a mix of legs of both, and for
// recordings, which are at 8 kHz. No call of two legs needs it, since libopus codes at either rate.
// Lives on its leg's worker.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/voice_sink.hpp"

namespace genesys::media {

class RateConversion {
 public:
  /// The filter is flat up to kPassHz and 60 dB down from kStopHz; it delays by less than 2 ms.
  static constexpr double kPassHz = 3400;
  static constexpr double kStopHz = 4600;

  /// The next stretch of one voice at `wanted` Hz, valid until the next call; both rates are 8000
  /// or 16000. With another pair of rates than before, it begins anew.
  std::span<const int16_t> convert(const Pcm& pcm, uint32_t wanted);

 private:
  /// Of a half-band filter's 47 taps, every second one is zero but that in the middle.
  static constexpr size_t kPairs = 12;
  static constexpr size_t kHistory = 4 * kPairs - 2;

  using Taps = std::array<float, kPairs>;
  static const Taps& taps();
  void begin(uint32_t from, uint32_t to);
  void halve();
  void twice();

  uint32_t from_ = 0;
  uint32_t to_ = 0;
  bool second_ = false;    ///< halving: the next sample gives one
  std::vector<float> in_;  ///< kHistory samples of before, then the stretch
  std::vector<int16_t> out_;
};

}  // namespace genesys::media
