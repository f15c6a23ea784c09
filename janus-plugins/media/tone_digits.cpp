#include "media/tone_digits.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "media/dtmf.hpp"

namespace genesys::media {
namespace {

// Q.23 table 1, row by row of the key pad.
constexpr std::string_view kPad = "123A456B789C*0#D";
// The tones rise and fall within so long, so that they do not click.
constexpr size_t kRampMs = 2;

size_t samplesOf(Millis time, uint32_t sampleRate) {
  return sampleRate / 1000 * static_cast<size_t>(time.count());
}

}  // namespace

char digitOfTones(size_t low, size_t high) {
  return kPad[low * kHighTones.size() + high];
}

double peakOf(double dbm0) {
  return 32767 * std::pow(10, (dbm0 - kFullScaleDbm0) / 20);
}

bool ToneDigits::queue(char digit, Millis duration) {
  const auto event = eventOfDigit(digit);
  if (!event || duration < kShortestDigit || duration > kLongestDigit || count_ == kMostWaiting)
    return false;
  const size_t key = kPad.find(*digitOfEvent(*event));
  waiting_[(first_ + count_++) % kMostWaiting] = {static_cast<uint8_t>(key / kHighTones.size()),
                                                  static_cast<uint8_t>(key % kHighTones.size()),
                                                  std::max(duration, kShortestTone)};
  return true;
}

void ToneDigits::clear() {
  count_ = 0;
  at_ = 0;
}

void ToneDigits::replace(std::span<int16_t> pcm, uint32_t sampleRate) {
  const size_t pause = samplesOf(kPause, sampleRate);
  for (int16_t& out : pcm) {
    if (count_ == 0) return;
    const Digit& digit = waiting_[first_];
    const size_t length = samplesOf(digit.duration, sampleRate);
    out = at_ < length ? sample(digit, length, sampleRate) : int16_t{0};
    if (++at_ < length + pause) continue;
    at_ = 0;
    first_ = (first_ + 1) % kMostWaiting;
    count_--;
  }
}

int16_t ToneDigits::sample(const Digit& digit, size_t length, uint32_t sampleRate) const {
  static const double low = peakOf(kLowDbm0);
  static const double high = peakOf(kHighDbm0);
  const double angle = 2 * std::numbers::pi * static_cast<double>(at_) / sampleRate;
  const double ramp = static_cast<double>(sampleRate / 1000 * kRampMs);
  const double edge = static_cast<double>(std::min(at_, length - at_)) / ramp;
  const double wave = low * std::sin(angle * kLowTones[digit.low]) +
                      high * std::sin(angle * kHighTones[digit.high]);
  return static_cast<int16_t>(std::lround(wave * std::min(1.0, edge)));
}

}  // namespace genesys::media
