// Time as the load generator measures it.
#pragma once

#include <time.h>

#include <cstdint>

namespace genesys::load {

/// Nanoseconds of CLOCK_REALTIME, because that is what the kernel stamps received packets with. A
/// step of the machine's clock during a run shows as latencies that are absurd, not as small ones.
using Nanos = int64_t;

inline constexpr Nanos kMilli = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;
inline constexpr Nanos kFrame = 20 * kMilli;  ///< of every packet that is sent here

inline Nanos nanosOf(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

inline Nanos readClock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return nanosOf(now);
}

inline Nanos realNow() {
  return readClock(CLOCK_REALTIME);
}
/// For pacing and deadlines, which no step may touch.
inline Nanos steadyNow() {
  return readClock(CLOCK_MONOTONIC);
}
/// CPU time of this process, user and system.
inline Nanos cpuNow() {
  return readClock(CLOCK_PROCESS_CPUTIME_ID);
}

}  // namespace genesys::load
