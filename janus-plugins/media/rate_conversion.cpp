#include "media/rate_conversion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace genesys::media {
namespace {

constexpr double kBeta = 5.65;  // of the Kaiser window: 60 dB

/// Modified Bessel function of the first kind, order 0, by its series.
double bessel(double x) {
  double term = 1;
  double sum = 1;
  for (int k = 1; term > 1e-9 * sum; ++k) {
    term *= (x / 2 / k) * (x / 2 / k);
    sum += term;
  }
  return sum;
}

int16_t rounded(float sample) {
  constexpr float low = std::numeric_limits<int16_t>::min();
  constexpr float high = std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>(std::lrint(std::clamp(sample, low, high)));
}

}  // namespace

// The sinc of half the band, windowed; tap 2j + 1 beside the middle, which is 1/2.
const RateConversion::Taps& RateConversion::taps() {
  static const Taps made = [] {
    std::array<double, kPairs> exact{};
    double sum = 0;
    for (size_t j = 0; j < kPairs; ++j) {
      const double at = 2.0 * static_cast<double>(j) + 1;
      const double edge = at / (2 * kPairs);
      const double window = bessel(kBeta * std::sqrt(1 - edge * edge)) / bessel(kBeta);
      exact[j] = (j % 2 == 0 ? 1 : -1) / (std::numbers::pi * at) * window;
      sum += exact[j];
    }
    Taps scaled{};
    for (size_t j = 0; j < kPairs; ++j) scaled[j] = static_cast<float>(exact[j] / sum / 4);
    return scaled;
  }();
  return made;
}

std::span<const int16_t> RateConversion::convert(const Pcm& pcm, uint32_t wanted) {
  if (pcm.sampleRate == wanted) return pcm.samples;
  if (pcm.sampleRate != from_ || wanted != to_) begin(pcm.sampleRate, wanted);
  in_.insert(in_.end(), pcm.samples.begin(), pcm.samples.end());
  out_.clear();
  if (from_ > to_)
    halve();
  else
    twice();
  in_.erase(in_.begin(), in_.end() - kHistory);
  return out_;
}

void RateConversion::begin(uint32_t from, uint32_t to) {
  from_ = from;
  to_ = to;
  second_ = false;
  in_.assign(kHistory, 0);
}

// One out of two: the middle tap's, and those at odd distances from it.
void RateConversion::halve() {
  constexpr size_t middle = 2 * kPairs - 1;
  for (size_t i = kHistory; i < in_.size(); ++i, second_ = !second_) {
    if (second_) continue;
    const float* const at = &in_[i - middle];
    float sum = at[0] / 2;
    for (size_t j = 0; j < kPairs; ++j) {
      const auto off = static_cast<ptrdiff_t>(2 * j + 1);
      sum += taps()[j] * (at[-off] + at[off]);
    }
    out_.push_back(rounded(sum));
  }
}

// Each sample, and the one in the middle between it and the next.
void RateConversion::twice() {
  for (size_t i = kHistory; i < in_.size(); ++i) {
    const float* const at = &in_[i - kPairs];
    float sum = 0;
    for (size_t j = 0; j < kPairs; ++j) {
      const auto off = static_cast<ptrdiff_t>(j);
      sum += 2 * taps()[j] * (at[-off] + at[1 + off]);
    }
    out_.push_back(rounded(at[0]));
    out_.push_back(rounded(sum));
  }
}

}  // namespace genesys::media
