#include "sip/sofia_loop.hpp"

#include <pthread.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/su_wait.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "sip/stack_clock.hpp"

namespace genesys::sip {

// sofia's own messages wake the loop; the closures wait here, so that whatever is left at the end
// is destroyed by us and not leaked in a su_msg.
struct SofiaLoop::Mailbox {
  std::mutex mutex;
  std::vector<std::function<void()>> waiting;
  su_task_r task{};
  bool open = true;
  bool woken = false;

  static void deliver(su_root_magic_t*, su_msg_r msg, su_msg_arg_t* arg);
};

namespace {

struct WakeArg {
  void* mailbox;
};

class SofiaTimer : public TimerToken {
 public:
  SofiaTimer(su_root_t* root, Millis delay, std::function<void()> closure)
      : closure_(std::move(closure)),
        // sofia-sip asserts that a timer takes time: "at once" is 1 ms.
        timer_(su_timer_create(
            su_root_task(root),
            static_cast<su_duration_t>(std::max<Millis>(delay, Millis(1)).count()))) {
    su_timer_set(timer_, &SofiaTimer::expired, reinterpret_cast<su_timer_arg_t*>(this));
  }
  ~SofiaTimer() override { su_timer_destroy(timer_); }

 private:
  static void expired(su_root_magic_t*, su_timer_t*, su_timer_arg_t* arg) {
    // Moved out first: the closure may well destroy this timer.
    const auto closure = std::move(reinterpret_cast<SofiaTimer*>(arg)->closure_);
    closure();
  }

  std::function<void()> closure_;
  su_timer_t* timer_;
};

}  // namespace

void SofiaLoop::Mailbox::deliver(su_root_magic_t*, su_msg_r msg, su_msg_arg_t* arg) {
  (void)msg;
  auto* mailbox = static_cast<Mailbox*>(reinterpret_cast<WakeArg*>(arg)->mailbox);
  std::vector<std::function<void()>> batch;
  {
    const std::lock_guard lock(mailbox->mutex);
    batch.swap(mailbox->waiting);
    mailbox->woken = false;
  }
  for (auto& closure : batch) closure();
}

SofiaLoop::SofiaLoop() : mailbox_(std::make_unique<Mailbox>()) {
  std::promise<bool> ready;
  thread_ = std::thread([this, &ready] { run([&ready](bool ok) { ready.set_value(ok); }); });
  if (ready.get_future().get()) return;
  thread_.join();
  throw std::runtime_error("sofia-sip: su_root_create failed");
}

SofiaLoop::~SofiaLoop() {
  post([this] { su_root_break(root_); });
  thread_.join();
}

void SofiaLoop::run(std::function<void(bool)> started) {
  pthread_setname_np(pthread_self(), "genesys-sip");
  su_init();
  const SteadyStackClock clock;
  root_ = su_root_create(nullptr);
  if (root_ == nullptr) return started(false);
  // Without this, nua_create() would start a thread of its own.
  su_root_threading(root_, 0);
  su_task_copy(mailbox_->task, su_root_task(root_));
  started(true);
  started = nullptr;
  su_root_run(root_);
  std::vector<std::function<void()>> left;
  {
    const std::lock_guard lock(mailbox_->mutex);
    mailbox_->open = false;
    left.swap(mailbox_->waiting);
  }
  left.clear();
  // A wake-up may still be under way; sofia-sip would leak it with the root.
  su_root_step(root_, 0);
  su_task_deinit(mailbox_->task);
  su_root_destroy(root_);
  su_deinit();
}

void SofiaLoop::post(std::function<void()> closure) {
  const std::lock_guard lock(mailbox_->mutex);
  if (!mailbox_->open) return;
  mailbox_->waiting.push_back(std::move(closure));
  if (std::exchange(mailbox_->woken, true)) return;
  su_msg_r msg = SU_MSG_R_INIT;
  if (su_msg_create(msg, mailbox_->task, su_task_null, &Mailbox::deliver, sizeof(WakeArg)) != 0) {
    mailbox_->woken = false;
    return;
  }
  reinterpret_cast<WakeArg*>(su_msg_data(msg))->mailbox = mailbox_.get();
  su_msg_send(msg);
}

Timer SofiaLoop::after(Millis delay, std::function<void()> closure) {
  return std::make_unique<SofiaTimer>(root_, delay, std::move(closure));
}

void SofiaLoop::runAndWait(const std::function<void()>& closure) {
  std::promise<void> done;
  post([&] {
    closure();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace genesys::sip
