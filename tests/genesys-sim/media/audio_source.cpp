#include "media/audio_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "media/codec.hpp"
#include "media/wav_file.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kEchoPrefill = 2 * kFrameSamples;  // 40 ms
constexpr size_t kEchoLimit = 20 * kFrameSamples;   // 400 ms
constexpr double kDefaultTone = -10;                // dBFS

Result<double> numberIn(std::string_view text, double low, double high, const std::string& what) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return Failure{fmt::format("{}: '{}' is not a number from {} to {}", what, text, low, high)};
  return value;
}

Result<std::unique_ptr<AudioSource>> makeTone(std::string_view rest) {
  const size_t colon = rest.find(':');
  const auto frequency = numberIn(rest.substr(0, colon), 20, 3900, "play: tone frequency in Hz");
  if (!frequency) return Failure{frequency.error()};
  double level = kDefaultTone;
  if (colon != std::string_view::npos) {
    const auto given = numberIn(rest.substr(colon + 1), -90, -3, "play: tone level in dBFS");
    if (!given) return Failure{given.error()};
    level = given.value();
  }
  return std::unique_ptr<AudioSource>(std::make_unique<Tone>(frequency.value(), level));
}

}  // namespace

void Silence::read(std::span<int16_t> frame) {
  std::fill(frame.begin(), frame.end(), int16_t{0});
}

Tone::Tone(double frequency, double level)
    : step_(2 * std::numbers::pi * frequency / kSampleRate),
      amplitude_(32768 * std::numbers::sqrt2 * std::pow(10, level / 20)) {}

void Tone::read(std::span<int16_t> frame) {
  for (int16_t& sample : frame) {
    sample = static_cast<int16_t>(
        std::clamp(std::lround(amplitude_ * std::sin(phase_)), -32768L, 32767L));
    phase_ = std::fmod(phase_ + step_, 2 * std::numbers::pi);
  }
}

void Recording::read(std::span<int16_t> frame) {
  for (int16_t& sample : frame) {
    sample = (*samples_)[at_];
    at_ = (at_ + 1) % samples_->size();
  }
}

void Echo::hear(std::span<const int16_t> samples) {
  heard_.insert(heard_.end(), samples.begin(), samples.end());
  if (heard_.size() > kEchoLimit)
    heard_.erase(heard_.begin(), heard_.end() - static_cast<long>(kEchoPrefill));
}

void Echo::read(std::span<int16_t> frame) {
  if (heard_.size() >= kEchoPrefill) flowing_ = true;
  if (heard_.size() < frame.size()) flowing_ = false;
  if (!flowing_) return std::fill(frame.begin(), frame.end(), int16_t{0});
  const auto end = heard_.begin() + static_cast<long>(frame.size());
  std::copy(heard_.begin(), end, frame.begin());
  heard_.erase(heard_.begin(), end);
}

Result<Done> SourceFactory::loadSpeech(const std::string& path) {
  auto samples = readWav(path);
  if (!samples) return Failure{samples.error()};
  speech_ = std::make_shared<const std::vector<int16_t>>(std::move(samples).value());
  return Done{};
}

Result<std::unique_ptr<AudioSource>> SourceFactory::make(const std::string& play) const {
  using Source = std::unique_ptr<AudioSource>;
  if (play == "none") return Source();
  if (play == "silence") return Source(std::make_unique<Silence>());
  if (play == "echo") return Source(std::make_unique<Echo>());
  if (play == "speech") {
    if (!speech_) return makeTone("1000");
    return Source(std::make_unique<Recording>(speech_));
  }
  if (play.rfind("tone:", 0) == 0) return makeTone(std::string_view(play).substr(5));
  if (play.rfind("file:", 0) == 0) {
    auto samples = readWav(play.substr(5));
    if (!samples) return Failure{"play: " + samples.error()};
    return Source(std::make_unique<Recording>(
        std::make_shared<const std::vector<int16_t>>(std::move(samples).value())));
  }
  return Failure{fmt::format(
      "play: '{}' is none of tone:HZ, tone:HZ:DBFS, speech, file:PATH, silence, echo, none", play)};
}

}  // namespace genesys::sim
