// A conversation of three or more legs: each hears the sum of the others. Made only while more than
// two legs are joined; two legs feed each other directly (join.cpp). It runs at 8 kHz, or at 16
// while one of the legs does; then, and nowhere else on the way of voice, a rate is converted, for
// the legs that have the other one. Lives on its legs' worker;
// time is a parameter.
#pragma once

#include <list>

#include "media/media_session.hpp"
#include "media/pcm_queue.hpp"
#include "media/rate_conversion.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

/// Where one leg's voice waits for the next 20 ms of the mix.
class MixInput : public VoiceSink {
 public:
  /// As much waits before a talker is taken in, against the jitter of its packets.
  static constexpr Millis kPrefill{40};
  /// More never waits: the oldest frame goes (a sender's clock that runs fast, a burst).
  static constexpr Millis kMostQueued{120};

  /// `sampleRate`: of the mix, which outlives it.
  explicit MixInput(const uint32_t& sampleRate) : sampleRate_(sampleRate) {}

  /// Adds the next frame to `sum`, or nothing while the leg is silent. `frame` gets the leg's own
  /// part (silence if none), so that it can be taken out of what the leg hears.
  void mixInto(std::span<int32_t> sum, std::span<int16_t> frame);

  // VoiceSink
  uint32_t sampleRate() const override { return sampleRate_; }
  void voice(const Pcm& pcm, MonoTime now) override;
  void lost(SendClock::Duration, MonoTime) override {}  // silence in a mix
  void pause(MonoTime) override {}                      // what waits is still spoken
  void noise(int, MonoTime) override {}
  SendClock::Duration owed(MonoTime now) const override;

 private:
  size_t samplesOf(Millis time) const {
    return sampleRate_ / 1000 * static_cast<size_t>(time.count());
  }

  const uint32_t& sampleRate_;
  uint32_t queuedRate_ = 0;  ///< of what is in queue_
  RateConversion conversion_;
  PcmQueue queue_;
  bool speaking_ = false;  ///< the prefill is there, and the queue has not run dry since
};

class Mix : public MediaSession {
 public:
  static constexpr Millis kFrame{20};
  static constexpr size_t kMostSamples = 320;  ///< of a frame

  Mix() = default;
  Mix(const Mix&) = delete;

  /// A leg that hears through `output`; returns where its own voice goes, valid until remove().
  VoiceSink& add(VoiceSink& output, MonoTime now);
  void remove(VoiceSink& output, MonoTime now);
  size_t size() const { return seats_.size(); }
  /// Hz, of the last frame.
  uint32_t sampleRate() const { return sampleRate_; }

  // MediaSession
  MonoTime due() const override;
  void run(MonoTime now) override;
  void close(MonoTime) override { seats_.clear(); }

 private:
  struct Seat {
    VoiceSink* output;
    MixInput input;
    RateConversion conversion{};
    std::array<int16_t, kMostSamples> own{};
  };

  void frame(MonoTime now);
  uint32_t wantedRate() const;

  uint32_t sampleRate_ = 8000;
  std::list<Seat> seats_;  ///< a list: receivers keep pointers to the inputs
  MonoTime next_{};
};

}  // namespace genesys::media
