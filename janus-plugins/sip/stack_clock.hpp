// What time sofia-sip goes by.
#pragma once

namespace genesys::sip {

/// sofia-sip's timers compare wall-clock times (su_now): a clock that is put back stops them all
/// for as long, one that is put forward ends every call whose session timer it passes. While there
/// is such an object, its clock is the wall clock of the first one's making, moved on by the
/// monotonic one. It has to be there before any su_root, and longer.
class SteadyStackClock {
 public:
  SteadyStackClock();
  ~SteadyStackClock();
  SteadyStackClock(const SteadyStackClock&) = delete;
  SteadyStackClock& operator=(const SteadyStackClock&) = delete;
};

}  // namespace genesys::sip
