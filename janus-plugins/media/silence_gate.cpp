#include "media/silence_gate.hpp"

#include <algorithm>
#include <utility>

namespace genesys::media {
namespace {

// Voice is so far above the noise: 5 dB as a ratio of squares.
constexpr float kAboveNoise = 3.2F;
// Means of squares: 10^(dBov / 10) * 32768^2. Below -66 dBov is nothing that anybody hears; the
// idle noise of G.711 lies there.
constexpr float kQuietest = 269.7F;
constexpr float kLoudest = 17017.0F;
static_assert(SilenceGate::kLoudestPause == -48, "kLoudest is that, as a mean of squares");
// The floor follows quieter frames at once by a half, louder ones by 3 dB a second: its part a ms.
constexpr float kRise = 0.000693F;
// A syllable's first 5 ms count whole.
constexpr Millis kPiece{5};

// Mean of squares of the loudest piece of the frame.
float loudestPiece(std::span<const int16_t> pcm, Millis length) {
  const auto pieces = static_cast<size_t>(std::max<Millis::rep>(1, length / kPiece));
  const size_t piece = std::max<size_t>(1, pcm.size() / pieces);
  int64_t loudest = 0;
  for (size_t at = 0; at + piece <= pcm.size(); at += piece) {
    int64_t sum = 0;
    for (const int16_t sample : pcm.subspan(at, piece)) sum += int32_t{sample} * sample;
    loudest = std::max(loudest, sum);
  }
  return static_cast<float>(loudest) / static_cast<float>(piece);
}

}  // namespace

SilenceGate::SilenceGate() : floor_(kQuietest / kAboveNoise) {}

SilenceGate::Verdict SilenceGate::judge(std::span<const int16_t> pcm, Millis length) {
  const float energy = loudestPiece(pcm, length);
  const float threshold = std::clamp(floor_ * kAboveNoise, kQuietest, kLoudest);
  const float rise = kRise * static_cast<float>(length.count());
  floor_ = energy < floor_ ? (floor_ + energy) / 2 : std::min(floor_ * (1 + rise) + 1, energy);
  floor_ = std::min(floor_, kLoudest);
  if (energy > threshold) {
    quiet_ = Millis::zero();
    return Verdict::Voice;
  }
  return quiet(length);
}

// Noise begins with a sample of itself, as if its pause had gone on for a while.
SilenceGate::Verdict SilenceGate::noise(Millis length) {
  if (quiet_ <= kHangover) {
    quiet_ = kHangover + length;
    sampled_ = kUpdate;
    closing_ = false;
  }
  return quiet(length);
}

SilenceGate::Verdict SilenceGate::quiet(Millis length) {
  const bool begins = quiet_ <= kHangover;
  quiet_ += length;
  if (quiet_ <= kHangover) return Verdict::Voice;
  if (begins) {
    sampled_ = length;
    closing_ = false;
    return Verdict::Close;
  }
  sampled_ += length;
  if (sampled_ > kUpdate) {
    sampled_ = length;
    closing_ = true;
    return Verdict::Update;
  }
  return std::exchange(closing_, false) ? Verdict::Close : Verdict::Pause;
}

}  // namespace genesys::media
