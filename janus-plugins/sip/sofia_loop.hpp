// The SIP loop: one thread that runs sofia-sip's su_root, posted closures and timers. Every Dn,
// Registration, Call and Session lives on it.
#pragma once

#include <memory>
#include <thread>

#include "util/scheduler.hpp"

struct su_root_s;

namespace genesys::sip {

class SofiaLoop : public Scheduler {
 public:
  /// Starts the thread; throws std::runtime_error if sofia-sip cannot make a root.
  SofiaLoop();
  /// Stops and joins; closures that still wait are dropped.
  ~SofiaLoop() override;
  SofiaLoop(const SofiaLoop&) = delete;
  SofiaLoop& operator=(const SofiaLoop&) = delete;

  void post(std::function<void()> closure) override;
  Timer after(Millis delay, std::function<void()> closure) override;
  MonoTime now() const override { return MonoClock::now(); }

  /// Runs `closure` on the loop and waits for its end. Never from the loop itself.
  void runAndWait(const std::function<void()>& closure);

  /// For sip/ only, on the loop thread.
  su_root_s* root() const { return root_; }

 private:
  void run(std::function<void(bool)> started);

  su_root_s* root_ = nullptr;
  struct Mailbox;
  std::unique_ptr<Mailbox> mailbox_;
  std::thread thread_;
};

}  // namespace genesys::sip
