// The border between the two legs of a call: PCM and what is to be known about its absence, or the
// packets themselves where both legs speak one codec. What stands between legs (a mixer) takes it
// from one and gives it to others.
#pragma once

#include <cstdint>
#include <span>

#include "media/codec.hpp"
#include "media/send_clock.hpp"

namespace genesys::media {

struct Pcm {
  std::span<const int16_t> samples;  ///< mono
  uint32_t sampleRate;               ///< Hz
};

/// Where the voice that one leg receives goes: the sending half of another leg. Worker only.
class VoiceSink {
 public:
  virtual ~VoiceSink() = default;
  /// The sample rate that it takes, 8000 or 16000 Hz; 0: either.
  virtual uint32_t sampleRate() const = 0;
  /// The next stretch of voice, in order.
  virtual void voice(const Pcm& pcm, MonoTime now) = 0;
  /// So much was lost before the next voice, and nobody has concealed it.
  virtual void lost(SendClock::Duration missing, MonoTime now) = 0;
  /// The talker stops; the next voice comes when it comes.
  virtual void pause(MonoTime now) = 0;
  /// The talker stops, and what is heard meanwhile is noise of this level, dBov.
  virtual void noise(int dbov, MonoTime now) = 0;
  /// How much concealed audio can be taken without delaying what follows.
  virtual SendClock::Duration owed(MonoTime now) const = 0;

  /// True if a packet of `codec` that lasts so long would go out again as it is. Then packet()
  /// takes it instead of voice(), and what is missing before it is lost().
  virtual bool passes(const Codec&, SendClock::Duration) const { return false; }
  /// The next stretch of voice, in order, in the payload that it came in.
  virtual void packet(std::span<const uint8_t>, MonoTime) {}
};

/// Who can make up voice that has not come in time: the receiving half of the talker's leg. Worker
/// only.
class Concealer {
 public:
  virtual ~Concealer() = default;
  /// Fills `pcm` (a multiple of 2.5 ms) as if the talker had gone on; false if there is nothing to
  /// go on from, or no longer.
  virtual bool conceal(std::span<int16_t> pcm, uint32_t sampleRate) = 0;
};

/// Where finished RTP packets go. Worker only.
class RtpOutput {
 public:
  virtual ~RtpOutput() = default;
  virtual void sendRtp(std::span<const uint8_t> packet) = 0;
};

}  // namespace genesys::media
