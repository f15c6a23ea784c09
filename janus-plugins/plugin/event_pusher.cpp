#include "plugin/event_pusher.hpp"

#include <pthread.h>

#include <utility>

#include "util/clock.hpp"
#include "util/overloaded.hpp"

namespace genesys::plugin {
namespace {

// An offer that Janus refuses is repeated for one second at most.
constexpr int kMostTries = 50;
constexpr Millis kRetryPause{20};

}  // namespace

EventPusher::EventPusher() : thread_([this] { run(); }) {}

EventPusher::~EventPusher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

size_t EventPusher::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void EventPusher::push(const std::shared_ptr<JanusHandle>& handle, std::string transaction,
                       api::Event event, std::optional<api::Jsep> jsep) {
  submit({handle, std::move(transaction), std::move(event), std::move(jsep)});
}

void EventPusher::pushError(const std::shared_ptr<JanusHandle>& handle, std::string transaction,
                            api::ApiError error) {
  submit({handle, std::move(transaction), std::move(error), std::nullopt});
}

void EventPusher::closePeerConnection(const std::shared_ptr<JanusHandle>& handle) {
  submit({handle, "", ClosePeerConnection{}, std::nullopt});
}

void EventPusher::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    auto& count = waiting_[job.handle.get()];
    if (job.mayBlock() || count > 0) {
      ++count;
      jobs_.push_back(std::move(job));
      changed_.notify_one();
      return;
    }
    waiting_.erase(job.handle.get());
  }
  perform(job);
}

// Janus tells of a closed PeerConnection before it has cleaned it away, and refuses our next offer
// until then.
void EventPusher::pushOffer(const Job& job, const api::Event& event) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (job.handle->pushEvent(job.transaction, event, job.jsep)) return;
    std::this_thread::sleep_for(kRetryPause);
  }
}

void EventPusher::perform(const Job& job) {
  std::visit(
      Overloaded{[&](const api::Event& event) {
                   if (job.jsep && job.jsep->type == api::Jsep::Type::Offer)
                     return pushOffer(job, event);
                   job.handle->pushEvent(job.transaction, event, job.jsep);
                 },
                 [&](const api::ApiError& error) { job.handle->pushError(job.transaction, error); },
                 [&](ClosePeerConnection) { job.handle->closePeerConnection(); }},
      job.what);
}

void EventPusher::run() {
  pthread_setname_np(pthread_self(), "genesys-push");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    perform(job);
    lock.lock();
    if (--waiting_[job.handle.get()] == 0) waiting_.erase(job.handle.get());
  }
}

}  // namespace genesys::plugin
