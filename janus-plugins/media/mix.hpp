// A conversation of three or more legs: each hears the sum of the others. Made only while more than
// two legs are joined; two legs feed each other directly (join.cpp). Lives on its legs' worker;
// time is a parameter.
#pragma once

#include <list>

#include "media/media_session.hpp"
#include "media/pcm_queue.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

/// Where one leg's voice waits for the next 20 ms of the mix.
class MixInput : public VoiceSink {
 public:
  /// As much waits before a talker is taken in, against the jitter of its packets.
  static constexpr Millis kPrefill{40};
  /// More never waits: the oldest frame goes (a sender's clock that runs fast, a burst).
  static constexpr Millis kMostQueued{120};

  /// Adds the next frame to `sum`, or nothing while the leg is silent. `frame` gets the leg's own
  /// part (silence if none), so that it can be taken out of what the leg hears.
  void mixInto(std::span<int32_t> sum, std::span<int16_t> frame);

  // VoiceSink
  uint32_t sampleRate() const override;
  void voice(const Pcm& pcm, MonoTime now) override;
  void lost(SendClock::Duration, MonoTime) override {}  // silence in a mix
  void pause(MonoTime) override {}                      // what waits is still spoken
  void noise(int, MonoTime) override {}
  SendClock::Duration owed(MonoTime now) const override;

 private:
  PcmQueue queue_;
  bool speaking_ = false;  ///< the prefill is there, and the queue has not run dry since
};

class Mix : public MediaSession {
 public:
  static constexpr uint32_t kSampleRate = 8000;  ///< Hz, of every codec of the SIP side so far
  static constexpr Millis kFrame{20};
  static constexpr size_t kFrameSamples = 160;

  /// A leg that hears through `output`; returns where its own voice goes, valid until remove().
  VoiceSink& add(VoiceSink& output, MonoTime now);
  void remove(VoiceSink& output, MonoTime now);
  size_t size() const { return seats_.size(); }

  // MediaSession
  MonoTime due() const override;
  void run(MonoTime now) override;
  void close(MonoTime) override { seats_.clear(); }

 private:
  struct Seat {
    VoiceSink* output;
    MixInput input;
    std::array<int16_t, kFrameSamples> own{};
  };

  void frame(MonoTime now);

  std::list<Seat> seats_;  ///< a list: receivers keep pointers to the inputs
  MonoTime next_{};
};

}  // namespace genesys::media
