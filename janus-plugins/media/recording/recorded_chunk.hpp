// What a recorded call hands on to whoever writes it: both sides of the same stretch of time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace genesys::media {

/// Hz; a wide band is recorded as a telephone would have it, .mjr files being G.711.
inline constexpr uint32_t kRecordingRate = 8000;

struct RecordedChunk {
  static constexpr size_t kMostSamples = 800;  ///< 100 ms

  uint64_t at = 0;       ///< samples since the recording began; what is left out is silence
  uint16_t samples = 0;  ///< of each side
  std::array<int16_t, kMostSamples> agent;
  std::array<int16_t, kMostSamples> farEnd;
};

class RecordingSink {
 public:
  virtual ~RecordingSink() = default;
  /// Takes a chunk, in order; never blocks. False once nothing more is wanted. Worker only.
  virtual bool write(std::unique_ptr<RecordedChunk> chunk) = 0;
  /// No more chunks come. Twice is once.
  virtual void finish() = 0;
};

}  // namespace genesys::media
