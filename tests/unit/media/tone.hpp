// Audio judged as audio: makes tones and finds them again by frequency.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace genesys::media::test {

/// `samples` of a sine of `hertz` at `rate` Hz, peak `amplitude`, from sample `start` of its phase.
inline std::vector<int16_t> tone(double hertz, uint32_t rate, size_t samples,
                                 double amplitude = 8000, size_t start = 0) {
  std::vector<int16_t> pcm(samples);
  for (size_t i = 0; i < samples; ++i) {
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(start + i) / rate;
    pcm[i] = static_cast<int16_t>(std::lround(amplitude * std::sin(phase)));
  }
  return pcm;
}

/// The share of the energy of `pcm` that lies at `hertz`, 0 to 1 (Goertzel's algorithm).
inline double shareAt(double hertz, uint32_t rate, std::span<const int16_t> pcm) {
  const double coefficient = 2 * std::cos(2 * std::numbers::pi * hertz / rate);
  double s1 = 0;
  double s2 = 0;
  double energy = 0;
  for (const int16_t sample : pcm) {
    const double s0 = sample + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
    energy += static_cast<double>(sample) * sample;
  }
  const double power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  const double total = energy * static_cast<double>(pcm.size()) / 2;
  return total > 0 ? power / total : 0;
}

}  // namespace genesys::media::test
