#include "core/event_loop.hpp"

#include <sofia-sip/su.h>

#include <stdexcept>

#include "util/log.hpp"

namespace genesys::sim {
namespace {

/// No exception may unwind through sofia's C frames.
template <class Callback, class... Args>
void guarded(const Callback& callback, Args... args) {
  try {
    callback(args...);
  } catch (const std::exception& error) {
    logError("callback failed: {}", error.what());
  }
}

}  // namespace

EventLoop::EventLoop() {
  su_init();
  root_ = su_root_create(nullptr);
  if (!root_) throw std::runtime_error("su_root_create failed");
}

EventLoop::~EventLoop() {
  su_root_destroy(root_);
  su_deinit();
}

void EventLoop::run() {
  su_root_run(root_);
}
void EventLoop::stop() {
  su_root_break(root_);
}

FdWatch::FdWatch(EventLoop& loop, int fd, short events, OnReady onReady)
    : loop_(loop), fd_(fd), onReady_(std::make_shared<OnReady>(std::move(onReady))) {
  su_wait_t wait[1] = {SU_WAIT_INIT};
  if (su_wait_create(wait, fd, events) < 0) throw std::runtime_error("su_wait_create failed");
  index_ = su_root_register(loop.root(), wait, &FdWatch::ready,
                            reinterpret_cast<su_wakeup_arg_t*>(this), 0);
  if (index_ < 0) throw std::runtime_error("su_root_register failed");
}

FdWatch::~FdWatch() {
  su_root_deregister(loop_.root(), index_);
}

void FdWatch::setEvents(short events) {
  su_root_eventmask(loop_.root(), index_, fd_, events);
}

int FdWatch::ready(su_root_magic_t*, su_wait_t* wait, su_wakeup_arg_t* self) {
  auto* watch = reinterpret_cast<FdWatch*>(self);
  const auto callback = watch->onReady_;  // keeps it alive if the watch goes away inside
  guarded(*callback, static_cast<short>(su_wait_events(wait, watch->fd_)));
  return 0;
}

Timer::Timer(EventLoop& loop, std::function<void()> onExpiry)
    : timer_(su_timer_create(su_root_task(loop.root()), 0)),
      onExpiry_(std::make_shared<std::function<void()>>(std::move(onExpiry))) {
  if (!timer_) throw std::runtime_error("su_timer_create failed");
}

Timer::~Timer() {
  su_timer_destroy(timer_);
}

void Timer::start(Millis delay) {
  su_timer_set_interval(timer_, &Timer::expired, reinterpret_cast<su_timer_arg_t*>(this),
                        static_cast<su_duration_t>(delay.count()));
}

void Timer::cancel() {
  su_timer_reset(timer_);
}

void Timer::expired(su_root_magic_t*, su_timer_t*, su_timer_arg_t* self) {
  const auto callback = reinterpret_cast<Timer*>(self)->onExpiry_;
  guarded(*callback);
}

}  // namespace genesys::sim
