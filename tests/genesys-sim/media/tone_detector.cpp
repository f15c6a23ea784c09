#include "media/tone_detector.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "media/codec.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kPoints = 8192;
constexpr double kFloor = -96;    // dBFS
constexpr double kAudible = -60;  // dBFS

using Spectrum = std::vector<std::complex<double>>;

/// Cooley-Tukey, radix 2, in place.
void transform(Spectrum& x) {
  const size_t n = x.size();
  for (size_t i = 1, j = 0; i < n; ++i) {
    size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (size_t length = 2; length <= n; length <<= 1) {
    const auto root = std::polar(1.0, -2 * std::numbers::pi / static_cast<double>(length));
    for (size_t begin = 0; begin < n; begin += length) {
      std::complex<double> twiddle = 1;
      for (size_t k = begin; k < begin + length / 2; ++k, twiddle *= root) {
        const auto odd = x[k + length / 2] * twiddle;
        x[k + length / 2] = x[k] - odd;
        x[k] += odd;
      }
    }
  }
}

Spectrum windowed(std::span<const int16_t> samples) {
  Spectrum x(kPoints);
  for (size_t i = 0; i < samples.size(); ++i)
    x[i] = samples[i] * (0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) /
                                              static_cast<double>(samples.size())));
  return x;
}

}  // namespace

double levelDbfs(std::span<const int16_t> samples) {
  if (samples.empty()) return kFloor;
  double energy = 0;
  for (const double sample : samples) energy += sample * sample;
  const double rms = std::sqrt(energy / static_cast<double>(samples.size())) / 32768;
  return std::max(kFloor, 20 * std::log10(std::max(rms, 1e-9)));
}

std::optional<double> dominantFrequency(std::span<const int16_t> samples) {
  if (samples.size() > kPoints) samples = samples.last(kPoints);
  if (samples.size() < 320 || levelDbfs(samples) < kAudible) return std::nullopt;
  Spectrum x = windowed(samples);
  transform(x);
  size_t peak = 21;  // from 20 Hz: no offset
  for (size_t bin = peak; bin < kPoints / 2 - 1; ++bin)
    if (std::norm(x[bin]) > std::norm(x[peak])) peak = bin;
  // A parabola through three bins in dB.
  const auto decibel = [&](size_t bin) { return std::log(std::norm(x[bin]) + 1e-9); };
  const double left = decibel(peak - 1), middle = decibel(peak), right = decibel(peak + 1);
  const double curve = left - 2 * middle + right;
  const double offset = curve < 0 ? 0.5 * (left - right) / curve : 0;
  return (static_cast<double>(peak) + offset) * kSampleRate / kPoints;
}

}  // namespace genesys::sim
