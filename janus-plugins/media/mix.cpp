#include "media/mix.hpp"

#include <algorithm>
#include <limits>

namespace genesys::media {
namespace {

// A mix that stood still this long (a suspended machine) is not made up for frame by frame.
constexpr Millis kStandstill{200};

int16_t saturated(int32_t sample) {
  constexpr int32_t low = std::numeric_limits<int16_t>::min();
  constexpr int32_t high = std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>(std::clamp(sample, low, high));
}

}  // namespace

void MixInput::voice(const Pcm& pcm, MonoTime) {
  if (queuedRate_ != sampleRate_) queue_.clear();
  queuedRate_ = sampleRate_;
  queue_.push(conversion_.convert(pcm, sampleRate_));
  while (queue_.size() > samplesOf(kMostQueued)) queue_.drop(samplesOf(Mix::kFrame));
}

SendClock::Duration MixInput::owed(MonoTime) const {
  const size_t wanted = samplesOf(kPrefill);
  return queue_.size() < wanted ? durationOf(wanted - queue_.size(), sampleRate_)
                                : SendClock::Duration{};
}

void MixInput::mixInto(std::span<int32_t> sum, std::span<int16_t> frame) {
  std::ranges::fill(frame, int16_t{0});
  if (queuedRate_ != sampleRate_) return;
  if (!speaking_ && queue_.size() < samplesOf(kPrefill)) return;
  const auto voice = queue_.take(frame.size());
  speaking_ = voice.size() == frame.size();
  std::ranges::copy(voice, frame.begin());
  for (size_t i = 0; i < frame.size(); ++i) sum[i] += frame[i];
}

VoiceSink& Mix::add(VoiceSink& output, MonoTime now) {
  if (seats_.empty()) next_ = now + kFrame;
  return seats_.emplace_back(Seat{&output, MixInput(sampleRate_)}).input;
}

void Mix::remove(VoiceSink& output, MonoTime now) {
  seats_.remove_if([&](const Seat& seat) { return seat.output == &output; });
  output.pause(now);
}

MonoTime Mix::due() const {
  return seats_.empty() ? MonoTime::max() : next_;
}

void Mix::run(MonoTime now) {
  if (now > next_ + kStandstill) next_ = now;
  while (!seats_.empty() && next_ <= now) {
    frame(next_);
    next_ += kFrame;
  }
}

// The widest band that any leg has.
uint32_t Mix::wantedRate() const {
  uint32_t rate = 8000;
  for (const Seat& seat : seats_) rate = std::max(rate, seat.output->sampleRate());
  return rate;
}

void Mix::frame(MonoTime now) {
  sampleRate_ = wantedRate();
  const size_t samples = sampleRate_ / 1000 * static_cast<size_t>(kFrame.count());
  std::array<int32_t, kMostSamples> sum{};
  for (Seat& seat : seats_)
    seat.input.mixInto(std::span(sum).first(samples), std::span(seat.own).first(samples));
  std::array<int16_t, kMostSamples> heard;
  const Pcm pcm{std::span(heard).first(samples), sampleRate_};
  for (Seat& seat : seats_) {
    for (size_t i = 0; i < samples; ++i) heard[i] = saturated(sum[i] - seat.own[i]);
    const uint32_t taken = seat.output->sampleRate() != 0 ? seat.output->sampleRate() : sampleRate_;
    seat.output->voice({seat.conversion.convert(pcm, taken), taken}, now);
  }
}

}  // namespace genesys::media
