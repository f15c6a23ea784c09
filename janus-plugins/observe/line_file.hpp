// A file that gets a line now and then, written on a thread of its own: a slow or full disk loses
// lines, which are counted, and holds nobody up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "util/unique_fd.hpp"

namespace genesys::observe {

class LineFile {
 public:
  /// Appends to `path`, which is made with mode 0600 if it is not there. When the file has been
  /// moved away or deleted (log rotation), the next line makes a new one. `waiting`: lines that may
  /// wait for the disk.
  explicit LineFile(std::string path, size_t waiting = 10'000);
  /// Brings out what waits.
  ~LineFile();
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  // Any thread.
  /// `line` without its end, and without control characters.
  void write(std::string line);
  uint64_t written() const { return written_; }
  uint64_t lost() const { return lost_; }
  size_t waiting() const;

 private:
  void run();
  void writeOut(const std::string& line);
  bool reopen();
  void lose(const std::string& why);

  const std::string path_;
  const size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  bool stopping_ = false;
  std::atomic<uint64_t> written_{0};
  std::atomic<uint64_t> lost_{0};
  // Of the thread.
  UniqueFd file_;
  bool failing_ = false;  ///< told already
  bool torn_ = false;     ///< the file ends within a line
  std::thread thread_;    ///< last: it uses all of the above
};

}  // namespace genesys::observe
