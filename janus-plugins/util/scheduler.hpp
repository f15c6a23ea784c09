// The loop on which control objects live, as they see it: post to it, be called later, ask the
// time. In the plugin it is the SIP loop; in tests, a queue in virtual time.
#pragma once

#include <functional>
#include <memory>

#include "util/clock.hpp"

namespace genesys {

/// A pending call; destroying it cancels the call. Loop thread only.
class TimerToken {
 public:
  virtual ~TimerToken() = default;
};
using Timer = std::unique_ptr<TimerToken>;

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  /// Any thread. Closures run in the order of their posting, on the loop thread.
  virtual void post(std::function<void()> closure) = 0;
  /// Loop thread only. Calls once after `delay` unless the timer is destroyed before.
  virtual Timer after(Millis delay, std::function<void()> closure) = 0;
  virtual MonoTime now() const = 0;
};

}  // namespace genesys
