// What this thread has cost so far: the only clock that says something on a shared machine.
#pragma once

#include <time.h>

namespace genesys::load {

/// User and system, microseconds.
inline double cpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace genesys::load
