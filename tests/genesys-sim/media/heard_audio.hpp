// The last second of what an RTP endpoint heard, for level and frequency. Main thread.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "util/clock.hpp"

namespace genesys::sim {

class HeardAudio {
 public:
  void add(std::span<const int16_t> samples, MonoTime now);
  /// What arrived within the last second; empty when nothing did.
  std::vector<int16_t> lastSecond(MonoTime now) const;

 private:
  struct Piece {
    MonoTime at;
    std::vector<int16_t> samples;
  };
  std::deque<Piece> pieces_;
};

}  // namespace genesys::sim
