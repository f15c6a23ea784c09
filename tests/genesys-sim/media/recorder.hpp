// Writes what an RTP endpoint hears into a WAV file, with its pauses. Main thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "media/wav_file.hpp"

namespace genesys::sim {

class Recorder {
 public:
  static Result<Recorder> create(const std::string& path);

  /// `timestamp` of the first sample, 8000 Hz, and the SSRC it belongs to: a gap of up to 2 s
  /// becomes silence, a longer one or another SSRC is joined without one.
  void write(std::span<const int16_t> samples, uint32_t timestamp, uint32_t ssrc);
  const std::string& path() const { return path_; }
  double seconds() const;

 private:
  Recorder(WavWriter writer, std::string path)
      : writer_(std::move(writer)), path_(std::move(path)) {}

  WavWriter writer_;
  std::string path_;
  std::optional<uint32_t> expected_;
  uint32_t ssrc_ = 0;
};

}  // namespace genesys::sim
