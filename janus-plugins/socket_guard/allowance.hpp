// So many a second, and so many at once before that counts (a token bucket, in the form of ITU-T
// I.371's virtual scheduling). Whoever takes more than there is has to wait. A value.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "util/clock.hpp"

namespace genesys::socket_guard {

class Allowance {
 public:
  Allowance(unsigned perSecond, unsigned burst, MonoTime now)
      : step_(std::chrono::nanoseconds(Seconds(1)) / perSecond),
        burst_(step_ * burst),
        free_(now - burst_) {}

  /// May take more than is there: the debt is waited for.
  void take(uint64_t count, MonoTime now) {
    free_ = std::max(free_, now - burst_) + step_ * static_cast<int64_t>(count);
  }
  /// From when on more may be taken; in the past: at once.
  MonoTime free() const { return free_; }

 private:
  std::chrono::nanoseconds step_;
  std::chrono::nanoseconds burst_;
  MonoTime free_;
};

}  // namespace genesys::socket_guard
