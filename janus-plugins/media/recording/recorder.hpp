// Writes recordings into files, all of them on one thread of its own: a slow or full disk holds up
// neither audio nor SIP.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "media/codec.hpp"
#include "media/recording/recorded_chunk.hpp"
#include "util/clock.hpp"
#include "util/result.hpp"

namespace genesys::media {

/// Where recordings go and how far.
struct RecorderConfig {
  std::string folder;  ///< where every file goes
  Seconds longest{4 * 3600};
  uint64_t leastFree = 1'000'000'000;  ///< octets that the file system keeps for others
};

/// Which files a recording is made of.
struct RecordingPlan {
  enum class Format {
    Mjr,  ///< one file for each side, as Janus's own recorder writes them
    Wav,  ///< one stereo file: the agent left, the far end right
    Opus,
  };
  Format format = Format::Mjr;
  std::string name;  ///< of the files, without side and ending
  bool agent = true;
  bool farEnd = true;
  const Codec* law = &pcmu();  ///< of .mjr: pcmu() or pcma()

  /// The files' names, in the recorder's folder.
  std::vector<std::string> files() const;
};

struct RecordingEnd {
  bool failed = false;
  std::string reason;  ///< in words; empty if finish() ended it
  Millis length{0};    ///< of what is in the files
  Millis dropped{0};   ///< of it, what is silence because the disk was too slow
};

class Recorder {
 public:
  virtual ~Recorder() = default;
  /// The files are made and written later; `onEnd` is called once, on the recorder's thread, when
  /// they are complete or cannot be written: post and return. Any thread. What it returns may
  /// outlive the recorder, and is over then.
  virtual std::shared_ptr<RecordingSink> open(RecordingPlan plan,
                                              std::function<void(const RecordingEnd&)> onEnd) = 0;
};

/// Fails unless the folder is there, is ours to write into and not everybody's. Destroying the
/// recorder brings every recording to its end.
Result<std::unique_ptr<Recorder>> makeRecorder(const RecorderConfig& limits);

}  // namespace genesys::media
