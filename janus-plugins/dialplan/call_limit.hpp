// How many calls one agent may start in a minute: toll fraud with a stolen sign-in stays small. A
// value without a clock of its own.
#pragma once

#include <deque>

#include "util/clock.hpp"

namespace genesys::dialplan {

class CallLimit {
 public:
  /// Counts a call at `now`, unless there were `perMinute` in the 60 s before; 0 is no limit. Calls
  /// that are refused do not count: trying on does not prolong the wait.
  bool admit(unsigned perMinute, MonoTime now);
  /// Nothing is left to remember.
  bool idle(MonoTime now) const;

 private:
  std::deque<MonoTime> started_;  ///< in the last minute, oldest first
};

}  // namespace genesys::dialplan
