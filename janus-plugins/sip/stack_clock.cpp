#include "sip/stack_clock.hpp"

#include <sofia-sip/su_time.h>

#include <chrono>
#include <mutex>
#include <utility>

// Exported by sofia-sip (su_time0.c), and in none of its headers: what su_time() and su_now64()
// return is what these have made of it. su_time() passes on the null pointer that it may be given.
extern "C" {
extern void (*_su_time)(su_time_t* time);
extern su_time64_t (*_su_nanotime)(su_time64_t* time);
}

namespace genesys::sip {

namespace {

std::mutex mutex;  // of what is changed here, not of what is read: the first object is made before
                   // any reader
int clocks = 0;
su_time64_t begun;                              // ns since 1900, by the wall clock
std::chrono::steady_clock::time_point begunAt;  // the same moment

su_time64_t nanosNow() {
  const std::chrono::nanoseconds since = std::chrono::steady_clock::now() - begunAt;
  return begun + static_cast<su_time64_t>(since.count());
}

void steadyTime(su_time_t* time) {
  if (time != nullptr) *time = su_time64_to_time(nanosNow());
}

su_time64_t steadyNanos(su_time64_t* time) {
  return *time = nanosNow();
}

auto stackTime = steadyTime;  // the stack's own, and ours while it is not in use
auto stackNanos = steadyNanos;

}  // namespace

SteadyStackClock::SteadyStackClock() {
  const std::lock_guard lock(mutex);
  if (clocks++ > 0) return;
  begun = su_now64();
  begunAt = std::chrono::steady_clock::now();
  std::swap(_su_time, stackTime);
  std::swap(_su_nanotime, stackNanos);
}

SteadyStackClock::~SteadyStackClock() {
  const std::lock_guard lock(mutex);
  if (--clocks > 0) return;
  std::swap(_su_time, stackTime);
  std::swap(_su_nanotime, stackNanos);
}

}  // namespace genesys::sip
