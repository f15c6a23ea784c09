// The calls of now, found by id or by dialog, and the latest that ended, kept for whoever asks how
// it went. Main thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "call/call.hpp"

namespace genesys::sim {

class CallTable {
 public:
  explicit CallTable(size_t limit) : limit_(limit) {}

  bool full() const { return active_.size() >= limit_; }
  /// `c1`, `c2` and so on.
  std::string nextId() { return "c" + std::to_string(++lastId_); }
  void add(const std::shared_ptr<Call>& call);
  /// Active, or among the last 1,000 that ended; null otherwise.
  std::shared_ptr<Call> find(const std::string& id) const;
  /// The leg whose dialog `message` belongs to; null for none.
  std::shared_ptr<Leg> legOf(const SipMessage& message) const;
  /// The active call and leg that Replaces means, its tags as we have them; null for none.
  std::pair<std::shared_ptr<Call>, std::shared_ptr<Leg>> dialog(const ReplacesValue& value) const;
  const std::map<std::string, std::shared_ptr<Call>>& active() const { return active_; }
  const std::deque<std::shared_ptr<Call>>& ended() const { return ended_; }
  size_t total() const { return lastId_; }

 private:
  size_t limit_;
  size_t lastId_ = 0;
  std::map<std::string, std::shared_ptr<Call>> active_;
  std::deque<std::shared_ptr<Call>> ended_;
};

}  // namespace genesys::sim
