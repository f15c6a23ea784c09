// Brings events to Janus in the order in which they were made. Events with JSEP, and whatever takes
// Janus's handle lock, may block for seconds and go through a thread of their own; the others go
// straight through unless one of the same handle still waits there.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "plugin/janus_core.hpp"

namespace genesys::plugin {

class EventPusher {
 public:
  EventPusher();
  /// Brings out what waits, then joins.
  ~EventPusher();

  /// What waits for the thread. Any thread.
  size_t waiting() const;

  // SIP loop.
  void push(const std::shared_ptr<JanusHandle>& handle, std::string transaction, api::Event event,
            std::optional<api::Jsep> jsep = std::nullopt);
  void pushError(const std::shared_ptr<JanusHandle>& handle, std::string transaction,
                 api::ApiError error);
  void closePeerConnection(const std::shared_ptr<JanusHandle>& handle);

 private:
  struct ClosePeerConnection {};
  struct Job {
    std::shared_ptr<JanusHandle> handle;
    std::string transaction;
    std::variant<api::Event, api::ApiError, ClosePeerConnection> what;
    std::optional<api::Jsep> jsep;
    bool mayBlock() const {
      return jsep.has_value() || std::holds_alternative<ClosePeerConnection>(what);
    }
  };

  void submit(Job job);
  static void pushOffer(const Job& job, const api::Event& event);
  static void perform(const Job& job);
  void run();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::map<JanusHandle*, size_t> waiting_;  ///< jobs of each handle, the running one included
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace genesys::plugin
