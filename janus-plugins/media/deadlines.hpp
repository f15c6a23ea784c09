// Which of many objects has to act next, and when. One per worker; time is a parameter.
#pragma once

#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "util/clock.hpp"

namespace genesys::media {

template <class Item>
class Deadlines {
 public:
  void add(MonoTime at, Item item) { queue_.push({at, std::move(item)}); }
  /// The earliest; MonoTime::max() if there is none.
  MonoTime next() const { return queue_.empty() ? MonoTime::max() : queue_.top().at; }

  struct Entry {
    MonoTime at;
    Item item;
  };
  /// Takes off the earliest entry if its time has come.
  std::optional<Entry> pop(MonoTime now) {
    if (queue_.empty() || queue_.top().at > now) return std::nullopt;
    Entry entry = queue_.top();
    queue_.pop();
    return entry;
  }

 private:
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return a.at > b.at; }
  };
  std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
};

}  // namespace genesys::media
