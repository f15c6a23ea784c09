// Tells voice from the pauses in it, so that the encoder rests while nobody speaks: libopus's own
// DTX sends less but works as much. Quiet means near the line's own noise and never above
// kLoudestPause, so that tones, music and a noisy room are always voice. A value; one per stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "util/clock.hpp"

namespace genesys::media {

class SilenceGate {
 public:
  /// What is to be done with a frame.
  enum class Verdict : uint8_t {
    Voice,   ///< encode it
    Close,   ///< the pause begins: a DTX packet says so
    Pause,   ///< nothing
    Update,  ///< encode it, as a sample of the noise; Close follows
  };

  /// After the last voice that still counts as voice: what ends softly.
  static constexpr Millis kHangover{300};
  /// Between two samples of the noise, as libopus has it.
  static constexpr Millis kUpdate{400};
  /// dBov; whatever is louder is voice.
  static constexpr int kLoudestPause = -48;

  SilenceGate();

  /// Judges the next frame: mono, of any sample rate, `length` long, 10 to 60 ms.
  Verdict judge(std::span<const int16_t> pcm, Millis length);
  /// The next frame, `length` long, is known to be noise.
  Verdict noise(Millis length);

 private:
  Verdict quiet(Millis length);

  float floor_;           ///< of the line's noise, mean of squares
  Millis quiet_{0};       ///< since the last voice
  Millis sampled_{0};     ///< since the last sample of the noise, itself included; in pauses
  bool closing_ = false;  ///< the next quiet frame is Close
};

}  // namespace genesys::media
