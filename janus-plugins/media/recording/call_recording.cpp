#include "media/recording/call_recording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace genesys::media {
namespace {

constexpr size_t kChunk = RecordedChunk::kMostSamples;
constexpr SendClock::Duration kChunkTime = Millis(100);
// The far end's packets follow each other without a gap, whatever the network does to them, until
// they are so late that their place has been handed on.
constexpr Millis kLatest = CallRecording::kDelay;
// The grid that packets go out on follows the browser's clock by less; a gap is longer.
constexpr Millis kClockDrift{15};
// Nothing is further ahead of the clock than that; a far end that is too fast loses a packet.
constexpr int64_t kMostAhead = 8 * 200;
// A worker that stood still this long leaves the time out: whoever writes makes it silence.
constexpr uint64_t kStandstill = 2 * kRecordingRate;

}  // namespace

CallRecording::CallRecording(std::shared_ptr<RecordingSink> sink, MonoTime now)
    : sink_(std::move(sink)), start_(now) {}

uint64_t CallRecording::positionAt(MonoTime time) const {
  return time <= start_ ? 0 : unitsIn(time - start_, kRecordingRate);
}

int64_t CallRecording::gapBefore(const Side& side, size_t samples, MonoTime end) const {
  const uint64_t known = head_ + side.queue.size() + samples;
  return static_cast<int64_t>(positionAt(end)) - static_cast<int64_t>(known);
}

void CallRecording::agent(const Pcm& pcm, MonoTime end) {
  add(agent_, pcm, end, kClockDrift);
}

void CallRecording::farEnd(const Pcm& pcm, MonoTime now) {
  add(farEnd_, pcm, now, kLatest);
}

void CallRecording::add(Side& side, const Pcm& taken, MonoTime end, Millis tolerance) {
  if (!running()) return;
  run(end);
  const auto pcm = side.conversion.convert(taken, kRecordingRate);
  const int64_t gap = gapBefore(side, pcm.size(), end);
  if (gap < -kMostAhead) return;
  const bool align = side.broken || gap > tolerance.count() * 8;
  side.broken = false;
  if (align && gap > 0) addSilence(side, static_cast<size_t>(gap));
  side.queue.push(pcm);
}

void CallRecording::farEndLost(SendClock::Duration time, MonoTime now) {
  if (!running()) return;
  run(now);
  const size_t samples = unitsIn(std::min<SendClock::Duration>(time, kDelay), kRecordingRate);
  if (gapBefore(farEnd_, samples, now) > -kMostAhead) addSilence(farEnd_, samples);
}

void CallRecording::addSilence(Side& side, size_t samples) {
  constexpr std::array<int16_t, kChunk> silence{};
  for (size_t left = samples; left > 0;) {
    const size_t count = std::min(left, silence.size());
    side.queue.push(std::span(silence).first(count));
    left -= count;
  }
}

void CallRecording::run(MonoTime now) {
  if (!running()) return;
  const uint64_t late = positionAt(now);
  if (late > head_ + kStandstill) {
    agent_ = {};
    farEnd_ = {};
    head_ = late;
  }
  while (running() && due() <= now) emit(kChunk);
}

MonoTime CallRecording::due() const {
  if (!running()) return MonoTime::max();
  return start_ + durationOf(head_, kRecordingRate) + kChunkTime + kDelay;
}

void CallRecording::emit(size_t samples) {
  auto chunk = std::make_unique<RecordedChunk>();
  chunk->at = head_;
  chunk->samples = static_cast<uint16_t>(samples);
  take(agent_, std::span(chunk->agent).first(samples));
  take(farEnd_, std::span(chunk->farEnd).first(samples));
  head_ += samples;
  if (!sink_->write(std::move(chunk))) sink_ = nullptr;
}

void CallRecording::take(Side& side, std::span<int16_t> out) {
  const auto voice = side.queue.take(out.size());
  std::ranges::copy(voice, out.begin());
  std::ranges::fill(out.subspan(voice.size()), int16_t{0});
  if (voice.size() < out.size()) side.broken = true;
}

// Up to this moment, and nothing beyond.
void CallRecording::flush(MonoTime now) {
  run(now);
  while (running() && head_ < positionAt(now))
    emit(static_cast<size_t>(std::min<uint64_t>(kChunk, positionAt(now) - head_)));
  agent_ = {};
  farEnd_ = {};
}

void CallRecording::pause(MonoTime now) {
  if (!running()) return;
  flush(now);
  paused_ = true;
  pausedAt_ = now;
}

void CallRecording::resume(MonoTime now) {
  if (!std::exchange(paused_, false)) return;
  start_ += now - pausedAt_;
}

void CallRecording::finish(MonoTime now) {
  flush(now);
  if (const auto sink = std::exchange(sink_, nullptr)) sink->finish();
}

}  // namespace genesys::media
