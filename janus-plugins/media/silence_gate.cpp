#include "media/silence_gate.hpp"

#include <algorithm>

namespace genesys::media {
namespace {

// Voice is so far above the noise: 5 dB as a ratio of squares.
constexpr float kAboveNoise = 3.2F;
// Means of squares: 10^(dBov / 10) * 32768^2. Below -66 dBov is nothing that anybody hears; the
// idle noise of G.711 lies there.
constexpr float kQuietest = 269.7F;
constexpr float kLoudest = 17017.0F;
static_assert(SilenceGate::kLoudestPause == -48, "kLoudest is that, as a mean of squares");
// The floor follows quieter frames at once by a half, louder ones by 3 dB a second.
constexpr float kRise = 1.0139F;

}  // namespace

SilenceGate::SilenceGate() : floor_(kQuietest / kAboveNoise) {}

float SilenceGate::loudestQuarter(std::span<const int16_t> pcm) {
  const size_t quarter = std::max<size_t>(1, pcm.size() / 4);
  int64_t loudest = 0;
  for (size_t at = 0; at + quarter <= pcm.size(); at += quarter) {
    int64_t sum = 0;
    for (const int16_t sample : pcm.subspan(at, quarter)) sum += int32_t{sample} * sample;
    loudest = std::max(loudest, sum);
  }
  return static_cast<float>(loudest) / static_cast<float>(quarter);
}

SilenceGate::Verdict SilenceGate::judge(std::span<const int16_t> pcm) {
  const float energy = loudestQuarter(pcm);
  const float threshold = std::clamp(floor_ * kAboveNoise, kQuietest, kLoudest);
  floor_ = energy < floor_ ? (floor_ + energy) / 2 : std::min(floor_ * kRise + 1, energy);
  floor_ = std::min(floor_, kLoudest);
  if (energy > threshold) {
    quiet_ = 0;
    return Verdict::Voice;
  }
  return quiet();
}

// Noise begins with a sample of itself, as if its pause had gone on for a while.
SilenceGate::Verdict SilenceGate::noise() {
  if (quiet_ <= kHangover) quiet_ = kHangover + kUpdate;
  return quiet();
}

SilenceGate::Verdict SilenceGate::quiet() {
  if (++quiet_ <= kHangover) return Verdict::Voice;
  const unsigned frame = quiet_ - kHangover;  // of the pause, from 1 on
  if (frame == 1) return Verdict::Close;
  if (frame % kUpdate == 1) return Verdict::Update;
  return frame % kUpdate == 2 && frame > kUpdate ? Verdict::Close : Verdict::Pause;
}

}  // namespace genesys::media
