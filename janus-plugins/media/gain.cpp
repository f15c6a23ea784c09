#include "media/gain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace genesys::media {
namespace {

constexpr float kFullScale = std::numeric_limits<int16_t>::max();
// A stretch may be louder than the last by so much: 20 ms at a time, less than 0.1 s for 12 dB. A
// limited gain comes back without pumping.
constexpr float kRise = 1.4F;
// By how many samples a lower gain is reached: 2 to 4 ms.
constexpr size_t kRamp = 32;

float peakOf(std::span<const int16_t> pcm) {
  float peak = 0;
  for (const int16_t sample : pcm) peak = std::max(peak, std::abs(static_cast<float>(sample)));
  return peak;
}

int16_t rounded(float sample) {
  return static_cast<int16_t>(std::lrint(std::clamp(sample, -kFullScale, kFullScale)));
}

}  // namespace

void Gain::set(double decibels) {
  wanted_ = decibels == 0 ? 1.0F : static_cast<float>(std::pow(10, decibels / 20));
}

// From the last stretch's factor to this one's in a short ramp, so that no step is heard.
std::span<const int16_t> Gain::apply(std::span<const int16_t> pcm) {
  if (neutral()) return pcm;
  const float peak = peakOf(pcm);
  const float most = peak > 0 ? kFullScale / peak : wanted_;
  const float next = std::min({wanted_, most, now_ * kRise});
  louder_.resize(pcm.size());
  for (size_t i = 0; i < pcm.size(); ++i) {
    const float share = std::min(1.0F, static_cast<float>(i + 1) / kRamp);
    const float factor = now_ + (next - now_) * share;
    louder_[i] = rounded(static_cast<float>(pcm[i]) * factor);
  }
  now_ = next;
  return louder_;
}

}  // namespace genesys::media
