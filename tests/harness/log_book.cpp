#include "harness/log_book.hpp"

#include <algorithm>

namespace genesys::harness {

LogBook& LogBook::instance() {
  static LogBook book;
  return book;
}

void LogBook::write(std::string line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

bool LogBook::waitFor(const std::string& part, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] {
    return std::any_of(lines_.begin(), lines_.end(),
                       [&](const std::string& line) { return line.find(part) != line.npos; });
  });
}

std::string LogBook::text() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const std::string& line : lines_) all += line;
  return all;
}

void LogBook::clear() {
  const std::lock_guard lock(mutex_);
  lines_.clear();
}

}  // namespace genesys::harness
