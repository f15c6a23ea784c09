// The files of one recording: made, filled chunk by chunk, and brought to their end. Writer thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "media/recording/recorder.hpp"
#include "media/recording/sound_file.hpp"

namespace genesys::media {

class RecordingFiles {
 public:
  RecordingFiles(RecordingPlan plan, const RecorderConfig& config)
      : plan_(std::move(plan)), config_(config) {}

  /// Each returns why the recording is over, if it is. Nothing may follow then but finish().
  Result<Done> make(WallTime now);
  Result<Done> write(const RecordedChunk& chunk);
  Result<Done> finish();

  /// False if what ended it is a limit, not a fault.
  bool failed() const { return failed_; }
  Millis length() const { return Millis(position_ * 1000 / kRecordingRate); }
  const RecordingPlan& plan() const { return plan_; }

 private:
  Result<Done> makeFile(const std::string& name, RecordedSide side, WallTime now);
  Result<Done> append(std::span<const int16_t> agent, std::span<const int16_t> farEnd);
  Result<Done> over(const std::string& reason, bool fault);
  bool full() const;

  const RecordingPlan plan_;
  const RecorderConfig config_;
  std::vector<std::unique_ptr<SoundFile>> files_;
  uint64_t position_ = 0;  ///< samples written
  uint64_t checked_ = 0;   ///< of them, when the free space was looked at
  bool failed_ = false;
};

}  // namespace genesys::media
