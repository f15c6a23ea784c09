#include "pacer.hpp"

#include <algorithm>

namespace genesys::load {
namespace {

constexpr Nanos kGivenUp = 200 * kMilli;  // slots this late are left out: the machine stood still

void sleepUntil(Nanos steady) {
  const timespec until{steady / kSecond, steady % kSecond};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

}  // namespace

Pacer::Pacer() : due_(steadyNow()) {}

// The two sides of a call are half a packet apart, and neighbours far from each other.
void Pacer::add(Line& line) {
  const size_t slot = lines_++ * 7 % kSlots;
  slots_[slot].push_back({&line, &Line::browser});
  slots_[(slot + kSlots / 2) % kSlots].push_back({&line, &Line::sip});
}

void Pacer::turn() {
  due_ += kSlot;
  sleepUntil(due_);
  const Nanos late = steadyNow() - due_;
  lateness_.push_back(static_cast<float>(late) / static_cast<float>(kMilli));
  if (late > kGivenUp) due_ += late;
  for (const Side& side : slots_[next_])
    if (Leg* leg = (side.line->*side.leg)()) leg->turn(batch_, side.line->talking());
  next_ = (next_ + 1) % kSlots;
}

}  // namespace genesys::load
