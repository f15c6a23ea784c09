#include "media/tone_detector.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace genesys::media {
namespace {

// A window is two hops. At 8 kHz it is 106 samples, 13.25 ms: its lines are 75 Hz wide, so that two
// neighbours of a group hardly see each other.
constexpr size_t kHopAt8000 = 53;
// So many windows in a row make a key. 40 ms of tone always hold them, 23 ms never do (Q.24).
constexpr unsigned kHits = 4;
// So many without it release the key: a break of 17 ms is bridged, a pause of 25 ms is one.
constexpr unsigned kMisses = 5;
// Each tone is at least this loud; Q.24 asks for -24 to -29 dBm0, by country.
constexpr double kWeakestDbm0 = -32;
// How much louder one tone of the pair may be, dB. Q.24: the high one 4-6, the low one 5-8.
constexpr double kLoudestHigh = 8;
constexpr double kLoudestLow = 10;
// By how much it stands out of its own group, dB.
constexpr double kAboveOthers = 6;
// The pair's share of the window's energy. Speech has harmonics; a pair whose frequencies are off
// by as much as has to be taken keeps two thirds.
constexpr double kShare = 0.6;
// Q.24: up to 1.8 % off has to be taken, 3.5 % must not be.
constexpr double kMostOff = 0.026;
// The level of a key does not change from window to window; that of a voice does. Power ratio.
constexpr double kSteady = 2;

double fromDb(double decibels) {
  return std::pow(10, decibels / 10);
}

}  // namespace

ToneDetector::ToneDetector(uint32_t sampleRate)
    : sampleRate_(sampleRate), hop_(kHopAt8000 * sampleRate / 8000), window_(2 * hop_) {
  const auto tune = [this](Tone& tone, double hertz) {
    const double angle = 2 * std::numbers::pi * hertz / sampleRate_;
    const double hops = static_cast<double>(hop_);
    tone = {std::cos(angle),
            std::sin(angle),
            std::polar(1.0, angle * hops),
            angle * hops * kMostOff,
            {},
            {}};
  };
  for (size_t i = 0; i < low_.size(); ++i) tune(low_[i], kLowTones[i]);
  for (size_t i = 0; i < high_.size(); ++i) tune(high_[i], kHighTones[i]);
}

void ToneDetector::add(std::span<const int16_t> pcm, std::vector<Key>& released) {
  while (!pcm.empty()) {
    const size_t count = std::min(pcm.size(), window_.size() - filled_);
    std::ranges::copy(pcm.first(count), window_.begin() + static_cast<ptrdiff_t>(filled_));
    filled_ += count;
    position_ += count;
    pcm = pcm.subspan(count);
    if (filled_ < window_.size()) return;
    hop(released);
    std::copy(window_.begin() + static_cast<ptrdiff_t>(hop_), window_.end(), window_.begin());
    filled_ -= hop_;
  }
}

void ToneDetector::lost(size_t samples) {
  position_ += samples;
  filled_ = 0;
  comparable_ = false;
}

std::optional<ToneDetector::Key> ToneDetector::finish() {
  filled_ = 0;
  comparable_ = false;
  run_ = 0;
  last_.reset();
  if (!pressed_) return std::nullopt;
  return release();
}

void ToneDetector::hop(std::vector<Key>& released) {
  const auto before = std::exchange(last_, pairInWindow());
  const bool goesOn = last_ && last_ == before && steady_;
  run_ = goesOn ? run_ + 1 : last_ ? 1 : 0;
  if (pressed_ && last_ == pressed_) {
    misses_ = 0;
    end_ = position_;
  } else if (pressed_ && (++misses_ == kMisses || run_ == kHits)) {
    released.push_back(release());
  }
  if (pressed_ || run_ < kHits) return;
  pressed_ = last_;
  misses_ = 0;
  end_ = position_;
  start_ = position_ - (run_ + 1) * hop_;
}

std::optional<char> ToneDetector::pairInWindow() {
  measure(low_);
  measure(high_);
  const auto low = strongest(low_);
  const auto high = strongest(high_);
  const bool comparable = std::exchange(comparable_, true);
  if (!low || !high) return std::nullopt;
  const Tone& lowTone = low_[*low];
  const Tone& highTone = high_[*high];
  const double lowPower = std::norm(lowTone.now);
  const double highPower = std::norm(highTone.now);
  if (highPower > lowPower * fromDb(kLoudestHigh)) return std::nullopt;
  if (lowPower > highPower * fromDb(kLoudestLow)) return std::nullopt;
  double energy = 0;
  for (const double sample : window_) energy += sample * sample;
  if (2 * (lowPower + highPower) < kShare * energy * static_cast<double>(window_.size()))
    return std::nullopt;
  steady_ = !comparable || (steady(lowTone) && steady(highTone));
  return digitOfTones(*low, *high);
}

// Goertzel's algorithm, for the line's phase as well: from one window to the next it tells how far
// the tone is off its frequency.
void ToneDetector::measure(Group& group) const {
  for (Tone& tone : group) {
    double s1 = 0;
    double s2 = 0;
    for (const double sample : window_) {
      const double s0 = sample + 2 * tone.cosine * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    tone.before = tone.now;
    tone.now = {s1 - tone.cosine * s2, tone.sine * s2};
  }
}

std::optional<size_t> ToneDetector::strongest(const Group& group) const {
  static const double others = fromDb(-kAboveOthers);
  const double half = static_cast<double>(window_.size()) / 2;
  const double least = peakOf(kWeakestDbm0) * half;
  size_t best = 0;
  for (size_t i = 1; i < group.size(); ++i)
    if (std::norm(group[i].now) > std::norm(group[best].now)) best = i;
  const double power = std::norm(group[best].now);
  if (power < least * least) return std::nullopt;
  for (size_t i = 0; i < group.size(); ++i)
    if (i != best && std::norm(group[i].now) > power * others) return std::nullopt;
  return best;
}

bool ToneDetector::steady(const Tone& tone) const {
  const double off = std::arg(tone.now * std::conj(tone.before * tone.turn));
  const double now = std::norm(tone.now);
  const double before = std::norm(tone.before);
  return std::abs(off) <= tone.mostOff && now < kSteady * before && before < kSteady * now;
}

ToneDetector::Key ToneDetector::release() {
  const Key key{*pressed_, Millis((end_ - start_) * 1000 / sampleRate_)};
  pressed_.reset();
  misses_ = 0;
  return key;
}

}  // namespace genesys::media
