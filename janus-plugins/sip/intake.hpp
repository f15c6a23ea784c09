// How many new calls a second each peer may bring: the others are refused, so that a peer that has
// gone mad leaves room for other peers and for the calls in progress (a token bucket, in the form
// of ITU-T I.371's virtual scheduling). A value without a clock of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "util/clock.hpp"

namespace genesys::sip {

class Intake {
 public:
  /// As many at once as in a second; 0 is no limit.
  explicit Intake(unsigned perSecond) : perSecond_(perSecond) {}

  /// Whether one more of `peer` may come at `now`. Those that may not are not waited for.
  bool admit(const std::string& peer, MonoTime now) {
    if (perSecond_ == 0) return true;
    const auto step = std::chrono::nanoseconds(Seconds(1)) / perSecond_;
    MonoTime& due = due_.try_emplace(peer, now).first->second;
    if (due > now + step * (perSecond_ - 1)) {
      ++refused_;
      return false;
    }
    due = std::max(due, now) + step;
    return true;
  }
  uint64_t refused() const { return refused_; }

 private:
  unsigned perSecond_;
  std::map<std::string, MonoTime>
      due_;  ///< by peer, of which there are few: when its bucket is full
  uint64_t refused_ = 0;
};

}  // namespace genesys::sip
