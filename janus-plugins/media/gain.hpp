// Makes one talker louder or softer without ever clipping: where the gain would take a peak over
// full scale it is less for as long as that lasts. Lives on its leg's worker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace genesys::media {

class Gain {
 public:
  /// dB, negative for softer.
  void set(double decibels);
  /// True if apply() gives what it is given.
  bool neutral() const { return wanted_ == 1.0F && now_ == 1.0F; }
  /// `pcm` of the talker's stream at its new level; valid until the next call.
  std::span<const int16_t> apply(std::span<const int16_t> pcm);

 private:
  float wanted_ = 1;  ///< factor
  float now_ = 1;     ///< at the end of the last stretch
  std::vector<int16_t> louder_;
};

}  // namespace genesys::media
