#include "media/mix.hpp"

#include <algorithm>
#include <limits>

namespace genesys::media {
namespace {

// A mix that stood still this long (a suspended machine) is not made up for frame by frame.
constexpr Millis kStandstill{200};

constexpr size_t samplesOf(Millis time) {
  return Mix::kSampleRate / 1000 * static_cast<size_t>(time.count());
}

int16_t saturated(int32_t sample) {
  constexpr int32_t low = std::numeric_limits<int16_t>::min();
  constexpr int32_t high = std::numeric_limits<int16_t>::max();
  return static_cast<int16_t>(std::clamp(sample, low, high));
}

}  // namespace

uint32_t MixInput::sampleRate() const {
  return Mix::kSampleRate;
}

void MixInput::voice(const Pcm& pcm, MonoTime) {
  if (pcm.sampleRate != Mix::kSampleRate) return;
  queue_.push(pcm.samples);
  while (queue_.size() > samplesOf(kMostQueued)) queue_.drop(Mix::kFrameSamples);
}

SendClock::Duration MixInput::owed(MonoTime) const {
  const size_t wanted = samplesOf(kPrefill);
  return queue_.size() < wanted ? durationOf(wanted - queue_.size(), Mix::kSampleRate)
                                : SendClock::Duration{};
}

void MixInput::mixInto(std::span<int32_t> sum, std::span<int16_t> frame) {
  std::ranges::fill(frame, int16_t{0});
  if (!speaking_ && queue_.size() < samplesOf(kPrefill)) return;
  const auto voice = queue_.take(frame.size());
  speaking_ = voice.size() == frame.size();
  std::ranges::copy(voice, frame.begin());
  for (size_t i = 0; i < frame.size(); ++i) sum[i] += frame[i];
}

VoiceSink& Mix::add(VoiceSink& output, MonoTime now) {
  if (seats_.empty()) next_ = now + kFrame;
  return seats_.emplace_back(Seat{&output, {}, {}}).input;
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

void Mix::frame(MonoTime now) {
  std::array<int32_t, kFrameSamples> sum{};
  for (Seat& seat : seats_) seat.input.mixInto(sum, seat.own);
  std::array<int16_t, kFrameSamples> heard;
  for (const Seat& seat : seats_) {
    for (size_t i = 0; i < kFrameSamples; ++i) heard[i] = saturated(sum[i] - seat.own[i]);
    seat.output->voice({heard, kSampleRate}, now);
  }
}

}  // namespace genesys::media
