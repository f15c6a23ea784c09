// Both sides of a call on one timeline: what each says is put where it was said, and the gaps of
// hold, moves and loss are silence, so that both stay side by side however long it takes. Lives on
// its leg's worker; time is a parameter.
#pragma once

#include <memory>

#include "media/pcm_queue.hpp"
#include "media/rate_conversion.hpp"
#include "media/recording/recorded_chunk.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

class CallRecording {
 public:
  /// So long after it was said, a stretch is handed on: packets of the far end may be late by it.
  static constexpr Millis kDelay{200};

  /// Begins now.
  CallRecording(std::shared_ptr<RecordingSink> sink, MonoTime now);

  /// What goes out to the far end; it ends at `end`, which the stream's clock knows exactly.
  void agent(const Pcm& pcm, MonoTime end);
  /// What comes from the far end, and has just come.
  void farEnd(const Pcm& pcm, MonoTime now);
  /// So much of it is missing, or is not to be recorded.
  void farEndLost(SendClock::Duration time, MonoTime now);
  /// The far end's stream begins anew: its next packet is put where it belongs.
  void farEndMoved() { farEnd_.broken = true; }

  /// Time between the two does not exist in the recording.
  void pause(MonoTime now);
  void resume(MonoTime now);
  /// Hands on what is left; nothing more is taken in.
  void finish(MonoTime now);

  void run(MonoTime now);
  /// When run() has something to do; MonoTime::max() if never.
  MonoTime due() const;

 private:
  struct Side {
    RateConversion conversion;
    PcmQueue queue;      ///< begins at head_
    bool broken = true;  ///< what comes next is put where the clock says, else behind the last
  };

  bool running() const { return sink_ != nullptr && !paused_; }
  uint64_t positionAt(MonoTime time) const;
  /// How many samples `pcm`, which ends at `end`, lies behind what the side has already.
  int64_t gapBefore(const Side& side, size_t samples, MonoTime end) const;
  void add(Side& side, const Pcm& pcm, MonoTime end, Millis tolerance);
  static void addSilence(Side& side, size_t samples);
  void emit(size_t samples);
  static void take(Side& side, std::span<int16_t> out);
  void flush(MonoTime now);

  std::shared_ptr<RecordingSink> sink_;  ///< nullptr once finished
  MonoTime start_;                       ///< of sample 0; moved on by pauses
  MonoTime pausedAt_{};
  bool paused_ = false;
  uint64_t head_ = 0;  ///< samples handed on
  Side agent_;
  Side farEnd_;
};

}  // namespace genesys::media
