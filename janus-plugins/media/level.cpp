#include "media/level.hpp"

#include <algorithm>
#include <cmath>

namespace genesys::media {
namespace {

constexpr double kFullScale = 32768.0;

uint64_t sumOfSquares(std::span<const int16_t> pcm) {
  uint64_t sum = 0;
  for (const int16_t sample : pcm) sum += static_cast<uint32_t>(int32_t{sample} * sample);
  return sum;
}

int toDbov(uint64_t squares, size_t samples) {
  if (samples == 0 || squares == 0) return kSilenceDbov;
  const double mean = static_cast<double>(squares) / static_cast<double>(samples);
  const double dbov = 10.0 * std::log10(mean / (kFullScale * kFullScale));
  return std::clamp(static_cast<int>(std::lround(dbov)), kSilenceDbov, 0);
}

}  // namespace

int levelDbov(std::span<const int16_t> pcm) {
  return toDbov(sumOfSquares(pcm), pcm.size());
}

double amplitudeOf(int dbov) {
  return kFullScale * std::pow(10.0, dbov / 20.0);
}

bool LevelMeter::add(std::span<const int16_t> pcm, uint32_t sampleRate) {
  squares_ += sumOfSquares(pcm);
  samples_ += pcm.size();
  if (samples_ < sampleRate / 10) return false;
  dbov_ = toDbov(squares_, samples_);
  squares_ = 0;
  samples_ = 0;
  return true;
}

}  // namespace genesys::media
