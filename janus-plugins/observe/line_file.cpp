#include "observe/line_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "util/log.hpp"

namespace genesys::observe {

LineFile::LineFile(std::string path, size_t waiting)
    : path_(std::move(path)), most_(waiting), thread_([this] { run(); }) {}

LineFile::~LineFile() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LineFile::write(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_) {
      ++lost_;
      return;
    }
    waiting_.push_back(std::move(line));
  }
  changed_.notify_one();
}

size_t LineFile::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void LineFile::run() {
  pthread_setname_np(pthread_self(), "genesys-cdr");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::string line = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    writeOut(line);
    lock.lock();
  }
}

// One write() for each line: with O_APPEND it is whole, or the disk is full and it is torn.
void LineFile::writeOut(const std::string& line) {
  if (!reopen()) return lose(std::strerror(errno));
  const std::string text = (torn_ ? "\n" : "") + line + "\n";
  ssize_t written = 0;
  do written = ::write(file_.get(), text.data(), text.size());
  while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(text.size())) {
    torn_ = false;
    ++written_;
    if (std::exchange(failing_, false)) logInfo("{} can be written again", path_);
    return;
  }
  if (written > 0) torn_ = true;
  lose(written < 0 ? std::strerror(errno) : "the disk is full");
}

bool LineFile::reopen() {
  struct stat there {};
  struct stat ours {};
  if (file_ && ::stat(path_.c_str(), &there) == 0 && ::fstat(file_.get(), &ours) == 0 &&
      there.st_ino == ours.st_ino && there.st_dev == ours.st_dev)
    return true;
  torn_ = false;
  // O_NONBLOCK: a FIFO in its place must not hold the thread for ever.
  file_.reset(::open(path_.c_str(),
                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                     S_IRUSR | S_IWUSR));
  return static_cast<bool>(file_);
}

void LineFile::lose(const std::string& why) {
  ++lost_;
  if (!std::exchange(failing_, true)) logError("{}: a line is lost: {}", path_, why);
}

}  // namespace genesys::observe
