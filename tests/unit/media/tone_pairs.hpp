// Pairs of tones as a far end sends them, with everything off that ITU-T Q.24 names.
#pragma once

#include <cmath>
#include <random>

#include "media/tone_digits.hpp"
#include "tone.hpp"

namespace genesys::media::test {

struct PairTone {
  double lowDbm0 = -10, highDbm0 = -8;
  double lowOff = 1, highOff = 1;  ///< factors of the frequencies
  int ms = 60;
  double snr = 100;  ///< dB, of the pair to white noise
};

/// A pair between two stretches of 100 ms of (nearly) silence, from sample `shift` on, so that
/// windows meet it anywhere.
inline std::vector<int16_t> pairTone(size_t low, size_t high, const PairTone& pair, size_t shift) {
  const auto length = static_cast<size_t>(pair.ms) * 8;
  const size_t start = 800 + shift;
  std::vector<int16_t> pcm(start + length + 800);
  const double a = peakOf(pair.lowDbm0);
  const double b = peakOf(pair.highDbm0);
  std::mt19937 random(static_cast<unsigned>(low * 4 + high + shift * 16));
  std::normal_distribution<double> noise(
      0, std::sqrt((a * a + b * b) / 2) * std::pow(10, -pair.snr / 20));
  const double step = 2 * std::numbers::pi / 8000;
  for (size_t i = 0; i < pcm.size(); ++i) {
    double sample = noise(random);
    if (i >= start && i < start + length)
      sample += a * std::sin(step * kLowTones[low] * pair.lowOff * static_cast<double>(i)) +
                b * std::sin(step * kHighTones[high] * pair.highOff * static_cast<double>(i));
    pcm[i] = static_cast<int16_t>(std::clamp(std::lround(sample), -32768L, 32767L));
  }
  return pcm;
}

}  // namespace genesys::media::test
