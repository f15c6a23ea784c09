// What the plugin logged through Janus, to be searched by tests. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace genesys::harness {

class LogBook {
 public:
  static LogBook& instance();

  void write(std::string line);
  /// True once a line holds `part`; false if none does within `limit`.
  bool waitFor(const std::string& part, std::chrono::milliseconds limit);
  /// All lines, for the message of a failed test.
  std::string text() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

}  // namespace genesys::harness
