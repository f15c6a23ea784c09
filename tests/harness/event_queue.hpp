// The events that the plugin pushed to one handle, in order, as the page would get them. Filled by
// any thread of the plugin, read by the test.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace genesys::harness {

/// How long a test waits for what must come. Generous: sanitizers and a busy machine are slow.
inline constexpr std::chrono::milliseconds kDeadline{20'000};

/// An event as JSON text plus what tests ask for most.
struct Event {
  std::string transaction;  ///< empty if it answers no request
  std::string body;         ///< JSON of the whole message
  std::string name;         ///< result.event, or "error"
  std::string callId;
  int errorCode = 0;
  std::string errorField;
  std::string jsepType;  ///< empty without JSEP
  std::string sdp;

  /// The string at result.`field`; empty if there is none.
  std::string text(const char* field) const;
  /// The integer at result.`field`; -1 if there is none.
  long long number(const char* field) const;
};

class EventQueue {
 public:
  using Test = std::function<bool(const Event&)>;

  void push(Event event);
  /// Takes out the first event that passes, waiting for it up to `limit`.
  std::optional<Event> take(const Test& test, std::chrono::milliseconds limit = kDeadline);
  std::optional<Event> take(const std::string& name, std::chrono::milliseconds limit = kDeadline);
  /// The first event that answers `transaction`.
  std::optional<Event> answerTo(const std::string& transaction,
                                std::chrono::milliseconds limit = kDeadline);
  size_t size() const;
  /// What waits, for the message of a failed test.
  std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
};

}  // namespace genesys::harness
