// What an RTP endpoint says: a tone, a recording, silence, or what it hears. Main thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "util/result.hpp"

namespace genesys::sim {

/// 8000 Hz, mono, 20 ms frames of 160 samples.
class AudioSource {
 public:
  virtual ~AudioSource() = default;
  /// Fills the next frame.
  virtual void read(std::span<int16_t> frame) = 0;
  /// What the endpoint heard; only an echo listens.
  virtual void hear(std::span<const int16_t>) {}
};

class Silence : public AudioSource {
 public:
  void read(std::span<int16_t> frame) override;
};

class Tone : public AudioSource {
 public:
  /// `level` in dBFS of a sine's RMS where a full-scale sine is -3.01.
  Tone(double frequency, double level);
  void read(std::span<int16_t> frame) override;

 private:
  double step_, amplitude_;
  double phase_ = 0;
};

class Recording : public AudioSource {
 public:
  /// `samples` is not empty; it is repeated for ever.
  explicit Recording(std::shared_ptr<const std::vector<int16_t>> samples)
      : samples_(std::move(samples)) {}
  void read(std::span<int16_t> frame) override;

 private:
  std::shared_ptr<const std::vector<int16_t>> samples_;
  size_t at_ = 0;
};

/// Says what it hears, 40 ms later, at most 400 ms behind.
class Echo : public AudioSource {
 public:
  void read(std::span<int16_t> frame) override;
  void hear(std::span<const int16_t> samples) override;

 private:
  std::deque<int16_t> heard_;
  bool flowing_ = false;
};

/// `tone:HZ`, `tone:HZ:DBFS`, `speech`, `file:PATH`, `silence`, `echo`; `none` gives nullptr and
/// means that no RTP is sent. `speech` is what `speech` stands for. The error names the field.
class SourceFactory {
 public:
  /// Without a file, speech is a tone of 1000 Hz.
  Result<Done> loadSpeech(const std::string& path);
  bool hasSpeech() const { return speech_ != nullptr; }
  Result<std::unique_ptr<AudioSource>> make(const std::string& play) const;

 private:
  std::shared_ptr<const std::vector<int16_t>> speech_;
};

}  // namespace genesys::sim
