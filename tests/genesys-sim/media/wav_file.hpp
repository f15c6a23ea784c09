// WAV files of 16-bit PCM, 8000 Hz, mono: what players read and recorders write. Main thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "util/result.hpp"

namespace genesys::sim {

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, FileClose>;

/// All samples of a file of at most 10 minutes. The error names the file and what it should be.
Result<std::vector<int16_t>> readWav(const std::string& path);

/// Writes as samples come; the header is true after every second and at the end.
class WavWriter {
 public:
  static Result<WavWriter> create(const std::string& path);
  WavWriter(WavWriter&&) = default;
  WavWriter& operator=(WavWriter&&) = delete;
  ~WavWriter();

  void write(std::span<const int16_t> samples);
  uint32_t samples() const { return samples_; }

 private:
  explicit WavWriter(FilePtr file) : file_(std::move(file)) {}
  void updateHeader();

  FilePtr file_;
  uint32_t samples_ = 0;
  uint32_t headerSamples_ = 0;
};

}  // namespace genesys::sim
