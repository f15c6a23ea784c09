#include "media/recording/recorder.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "media/recording/recording_files.hpp"

namespace genesys::media {
namespace {

// Chunks of one recording that may wait for the disk: five seconds.
constexpr int kMostWaiting = 50;

class Recording;

/// What waits for the thread. A job without a chunk makes the files (the first) or ends them.
struct Job {
  enum class Kind { Make, Write, Finish } kind;
  std::shared_ptr<Recording> recording;
  std::unique_ptr<RecordedChunk> chunk;
};

/// Outlives the recorder with whoever still has a sink; nothing is taken in then.
class Jobs {
 public:
  void post(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      waiting_.push_back(std::move(job));
    }
    changed_.notify_one();
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
  }
  /// The next one; nothing once stop() was called and all are done.
  std::optional<Job> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return std::nullopt;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  bool stopping_ = false;
};

/// One recording: its sink lives on a media worker, its files on the recorder's thread.
class Recording : public RecordingSink, public std::enable_shared_from_this<Recording> {
 public:
  Recording(std::shared_ptr<Jobs> jobs, RecordingPlan plan, const RecorderConfig& config,
            std::function<void(const RecordingEnd&)> onEnd)
      : jobs_(std::move(jobs)), files_(std::move(plan), config), onEnd_(std::move(onEnd)) {}

  bool write(std::unique_ptr<RecordedChunk> chunk) override {
    if (over_) return false;
    if (waiting_ >= kMostWaiting) {
      dropped_ += chunk->samples;
      return true;
    }
    ++waiting_;
    jobs_->post({Job::Kind::Write, shared_from_this(), std::move(chunk)});
    return true;
  }
  void finish() override {
    if (!finished_.exchange(true)) jobs_->post({Job::Kind::Finish, shared_from_this(), nullptr});
  }

  // The recorder's thread. True once the recording is over.
  bool perform(const Job& job) {
    if (job.kind == Job::Kind::Write) --waiting_;
    if (over_) return true;
    if (job.kind == Job::Kind::Finish) return end("");
    const auto done = job.kind == Job::Kind::Make ? files_.make(std::chrono::system_clock::now())
                                                  : files_.write(*job.chunk);
    return done ? false : end(done.error());
  }
  bool end(std::string reason) {
    if (over_.exchange(true)) return true;
    if (const auto finished = files_.finish(); !finished && reason.empty())
      reason = finished.error();
    const Millis dropped(dropped_ * 1000 / kRecordingRate);
    onEnd_({files_.failed(), std::move(reason), files_.length(), dropped});
    return true;
  }

 private:
  const std::shared_ptr<Jobs> jobs_;
  RecordingFiles files_;
  const std::function<void(const RecordingEnd&)> onEnd_;
  std::atomic<int> waiting_{0};
  std::atomic<uint64_t> dropped_{0};  ///< samples
  std::atomic<bool> over_{false};
  std::atomic<bool> finished_{false};
};

class FileRecorder : public Recorder {
 public:
  explicit FileRecorder(const RecorderConfig& config)
      : config_(config), thread_([this] { run(); }) {}
  ~FileRecorder() override {
    jobs_->stop();
    thread_.join();
  }

  std::shared_ptr<RecordingSink> open(RecordingPlan plan,
                                      std::function<void(const RecordingEnd&)> onEnd) override {
    auto made = std::make_shared<Recording>(jobs_, std::move(plan), config_, std::move(onEnd));
    jobs_->post({Job::Kind::Make, made, nullptr});
    return made;
  }

 private:
  void run() {
    pthread_setname_np(pthread_self(), "genesys-record");
    std::set<std::shared_ptr<Recording>> open;
    while (const auto job = jobs_->next()) {
      if (job->recording->perform(*job))
        open.erase(job->recording);
      else
        open.insert(job->recording);
    }
    for (const auto& recording : open) recording->end("the gateway stops");
  }

  const RecorderConfig config_;
  const std::shared_ptr<Jobs> jobs_ = std::make_shared<Jobs>();
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Recorder>> makeRecorder(const RecorderConfig& config) {
  struct stat status {};
  const bool there = ::stat(config.folder.c_str(), &status) == 0;
  if (!there || ::access(config.folder.c_str(), W_OK | X_OK) != 0)
    return Failure{fmt::format("{}: {}", config.folder, std::generic_category().message(errno))};
  if (!S_ISDIR(status.st_mode)) return Failure{config.folder + " is no folder"};
  if (status.st_mode & S_IWOTH)
    return Failure{config.folder + " may be written by everybody: chmod o-w"};
  return std::unique_ptr<Recorder>(std::make_unique<FileRecorder>(config));
}

}  // namespace genesys::media
