// The one thread of the stand-in: sofia's su_root with file descriptors and timers on it. SIP, RTP
// and HTTP all run here, so nothing in this program locks.
#pragma once

#include <sofia-sip/su_wait.h>

#include <functional>
#include <memory>

#include "util/clock.hpp"

namespace genesys::sim {

class EventLoop {
 public:
  /// Throws std::runtime_error when sofia cannot make its root.
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Returns after stop().
  void run();
  void stop();
  su_root_t* root() const { return root_; }

 private:
  su_root_t* root_;
};

/// Calls back while `fd` is ready; the descriptor stays its owner's and must outlive the watch.
class FdWatch {
 public:
  using OnReady = std::function<void(short events)>;
  /// `events` as in poll(2): POLLIN, POLLOUT.
  FdWatch(EventLoop& loop, int fd, short events, OnReady onReady);
  ~FdWatch();
  FdWatch(const FdWatch&) = delete;
  FdWatch& operator=(const FdWatch&) = delete;

  void setEvents(short events);

 private:
  static int ready(su_root_magic_t*, su_wait_t* wait, su_wakeup_arg_t* self);

  EventLoop& loop_;
  int fd_;
  int index_ = -1;
  std::shared_ptr<OnReady> onReady_;
};

/// One shot after a delay. The callback may destroy the timer.
class Timer {
 public:
  Timer(EventLoop& loop, std::function<void()> onExpiry);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Replaces a delay that still runs.
  void start(Millis delay);
  void cancel();

 private:
  static void expired(su_root_magic_t*, su_timer_t*, su_timer_arg_t* self);

  su_timer_t* timer_;
  std::shared_ptr<std::function<void()>> onExpiry_;
};

}  // namespace genesys::sim
