// The one place where threads meet: many post, one owner drains. The owner waits on fd() with
// EPOLLET: an edge is all it tells, so that nobody has to read it.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "util/unique_fd.hpp"

namespace genesys {

/// An eventfd(2) that has an edge (EPOLLIN | EPOLLET) for each signal; any thread may signal it. It
/// is never read, which saves a system call a turn, and its 64 bits outlast everybody.
class Wakeup {
 public:
  Wakeup();
  int fd() const { return fd_.get(); }
  void signal() const;

 private:
  UniqueFd fd_;
};

/// Messages in the order they were posted. The lock is held for a push or a swap, never longer.
template <class Message>
class Inbox {
 public:
  /// An edge (EPOLLIN | EPOLLET) whenever the first message comes into an empty box.
  int fd() const { return wakeup_.fd(); }

  /// Any thread. Wakes the owner only when the box was empty.
  void post(Message message) {
    bool wasEmpty = false;
    {
      const std::lock_guard lock(mutex_);
      wasEmpty = waiting_.empty();
      waiting_.push_back(std::move(message));
    }
    if (wasEmpty) wakeup_.signal();
  }

  /// Owner only. Swaps the waiting messages into `batch`, whose old content is discarded; reusing
  /// one vector keeps the drain free of allocation.
  void drain(std::vector<Message>& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    batch.swap(waiting_);
  }

 private:
  Wakeup wakeup_;
  std::mutex mutex_;
  std::vector<Message> waiting_;
};

}  // namespace genesys
