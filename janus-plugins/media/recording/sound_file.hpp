// The formats that recordings are written in. Writer thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "media/codec.hpp"
#include "media/recording/output_file.hpp"
#include "media/recording/recorded_chunk.hpp"

namespace genesys::media {

using WallTime = std::chrono::system_clock::time_point;

class SoundFile {
 public:
  virtual ~SoundFile() = default;
  /// The next samples of both sides, 8000 Hz; the spans have one length.
  virtual Result<Done> write(std::span<const int16_t> agent, std::span<const int16_t> farEnd) = 0;
  /// Brings the file to its end; afterwards it is whole.
  virtual Result<Done> finish() = 0;
  virtual uint64_t freeOctets() const = 0;
};

enum class RecordedSide { Agent, FarEnd };

/// 16-bit PCM: the agent left, the far end right. Readable up to the last second even if nobody
/// finishes it.
Result<std::unique_ptr<SoundFile>> makeWavFile(OutputFile file);

/// Janus's own format (record.c): RTP packets of 20 ms of one side in G.711, which janus-pp-rec and
/// mjr2pcap read. `law` is pcmu() or pcma(); `began` is when sample 0 was spoken.
Result<std::unique_ptr<SoundFile>> makeMjrFile(OutputFile file, RecordedSide side, const Codec& law,
                                               WallTime began);

/// Opus in Ogg (RFC 7845): two streams, of which neither knows the other; the agent left, the far
/// end right.
Result<std::unique_ptr<SoundFile>> makeOpusFile(OutputFile file);

}  // namespace genesys::media
