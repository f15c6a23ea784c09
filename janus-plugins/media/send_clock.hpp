// When the next frame of an outgoing stream is due: the stream's media time held against our clock.
// Voice sets the pace while it flows (its sender's clock may drift), the grid does while it is
// silent, and going from one to the other neither adds nor loses time. Time is a parameter.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "util/clock.hpp"

namespace genesys::media {

class SendClock {
 public:
  using Duration = std::chrono::nanoseconds;

  bool started() const { return started_; }
  void start(MonoTime now) {
    started_ = true;
    position_ = now;
  }

  /// When the next frame is due on the grid.
  MonoTime position() const { return position_; }
  /// How much more has been sent than time has passed; negative while the stream lags.
  Duration ahead(MonoTime now) const { return position_ - now; }

  /// `frame` more media time is sent, or left out as lost.
  void advance(Duration frame) { position_ += frame; }

  /// The stream has stood still: returns the time that its timestamp has to jump, 0 if none.
  Duration catchUp(MonoTime now) {
    const Duration lag = std::max(Duration::zero(), now - position_);
    position_ += lag;
    return lag;
  }

  /// Voice came `offset` before its place on the grid (negative: after). Beyond `freePlay` the
  /// grid follows by 1 ms per second of voice, more than the drift of any two sound cards.
  void follow(Duration offset, Duration voice, Duration freePlay) {
    const Duration step = voice / 1000;
    if (offset > freePlay) position_ -= std::min(step, offset - freePlay);
    if (offset < -freePlay) position_ += std::min(step, -freePlay - offset);
  }

 private:
  bool started_ = false;
  MonoTime position_{};
};

/// Media time of `samples` at `sampleRate` Hz.
inline SendClock::Duration durationOf(size_t samples, uint32_t sampleRate) {
  return std::chrono::nanoseconds(samples * 1000000000ULL / sampleRate);
}

/// Units of a clock of `rate` Hz in `duration` >= 0, rounded down.
inline uint32_t unitsIn(SendClock::Duration duration, uint32_t rate) {
  const auto nanos = static_cast<uint64_t>(duration.count());
  const uint64_t whole = nanos / 1000000000;  // apart, so that days do not overflow
  return static_cast<uint32_t>(whole * rate + nanos % 1000000000 * rate / 1000000000);
}

}  // namespace genesys::media
