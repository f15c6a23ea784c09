// Tells voice from the pauses in it, so that the encoder rests while nobody speaks: libopus's own
// DTX sends less but works as much. Quiet means near the line's own noise and never above
// kLoudestPause, so that tones, music and a noisy room are always voice. A value; one per stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

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

  /// Frames of 20 ms after the last voice that still count as voice: what ends softly.
  static constexpr unsigned kHangover = 15;
  /// Frames between two samples of the noise: 400 ms, as libopus has it.
  static constexpr unsigned kUpdate = 20;
  /// dBov; whatever is louder is voice.
  static constexpr int kLoudestPause = -48;

  SilenceGate();

  /// Judges the next 20 ms, mono, at `sampleRate` Hz.
  Verdict judge(std::span<const int16_t> pcm);
  /// The next 20 ms are known to be noise.
  Verdict noise();

 private:
  Verdict quiet();
  /// Mean of squares of the loudest quarter of the frame: a syllable's first 5 ms count whole.
  static float loudestQuarter(std::span<const int16_t> pcm);

  float floor_;         ///< of the line's noise, mean of squares
  unsigned quiet_ = 0;  ///< frames since the last voice
};

}  // namespace genesys::media
