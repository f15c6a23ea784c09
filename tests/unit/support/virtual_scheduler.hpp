// A Scheduler in virtual time: nothing runs until the test says so, and nothing ever sleeps.
#pragma once

#include <deque>
#include <map>
#include <utility>

#include "util/scheduler.hpp"

namespace genesys::test {

class VirtualScheduler : public Scheduler {
 public:
  void post(std::function<void()> closure) override { posted_.push_back(std::move(closure)); }
  Timer after(Millis delay, std::function<void()> closure) override {
    const auto key = std::pair(now_ + delay, ++timers_made_);
    timers_.emplace(key, std::move(closure));
    return std::make_unique<Token>(*this, key);
  }
  MonoTime now() const override { return now_; }

  /// Runs what is posted and every timer that falls due within `span`, in order.
  void advance(Millis span) {
    const MonoTime end = now_ + span;
    runPosted();
    while (!timers_.empty() && timers_.begin()->first.first <= end) {
      auto due = timers_.extract(timers_.begin());
      now_ = due.key().first;
      due.mapped()();
      runPosted();
    }
    now_ = end;
  }
  void runPosted() {
    while (!posted_.empty()) {
      const auto closure = std::move(posted_.front());
      posted_.pop_front();
      closure();
    }
  }
  size_t pendingTimers() const { return timers_.size(); }

 private:
  using Key = std::pair<MonoTime, uint64_t>;
  class Token : public TimerToken {
   public:
    Token(VirtualScheduler& scheduler, Key key) : scheduler_(scheduler), key_(key) {}
    ~Token() override { scheduler_.timers_.erase(key_); }

   private:
    VirtualScheduler& scheduler_;
    Key key_;
  };

  MonoTime now_{};
  uint64_t timers_made_ = 0;
  std::map<Key, std::function<void()>> timers_;
  std::deque<std::function<void()>> posted_;
};

}  // namespace genesys::test
