// The sending half of a browser leg: the far end's PCM in Opus packets of 20 ms, or as long as the
// browser asks for, as one RTP stream
// whose numbers never jump. What the far end lost is left out, so that the browser's own jitter
// buffer conceals it; in pauses nothing is encoded and little sent. Lives on its leg's worker; time
// is a parameter.
#pragma once

#include <optional>

#include "media/comfort_noise.hpp"
#include "media/counters.hpp"
#include "media/encoder_choice.hpp"
#include "media/level.hpp"
#include "media/opus.hpp"
#include "media/pcm_queue.hpp"
#include "media/rtp_stream.hpp"
#include "media/send_clock.hpp"
#include "media/silence_gate.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

class BrowserSender : public VoiceSink {
 public:
  static constexpr Millis kFrame{20};
  /// Noise after a CN packet goes on for so long, unless another one or voice comes.
  static constexpr Millis kLongestNoise{10000};

  BrowserSender(RtpOutput& output, StreamGauge& gauge, Random& random);

  void setPayloadType(uint8_t payloadType) { payloadType_ = payloadType; }
  /// `time`: one of kPacketTimesMs.
  void setPacketTime(Millis time) { frame_ = time; }
  Millis packetTime() const { return frame_; }

  /// The browser's receiver reports a loss of `fractionLost` / 256 since its last report.
  void reported(uint8_t fractionLost, MonoTime now) { choice_.reported(fractionLost, now); }
  EncoderChoice::Path path() const { return choice_.path(); }

  /// Sends comfort noise that is due.
  void run(MonoTime now);
  /// When run() has something to do; MonoTime::max() if never.
  MonoTime due() const;

  // VoiceSink
  uint32_t sampleRate() const override { return 0; }
  void voice(const Pcm& pcm, MonoTime now) override;
  void lost(SendClock::Duration missing, MonoTime now) override;
  void pause(MonoTime now) override;
  void noise(int dbov, MonoTime now) override;
  SendClock::Duration owed(MonoTime) const override { return {}; }
  bool passes(const Codec& codec, SendClock::Duration length) const override {
    return &codec == &opus() && length == frame_;
  }
  void packet(std::span<const uint8_t> payload, MonoTime now) override;

 private:
  size_t frameSamples() const { return sampleRate_ / 1000U * static_cast<size_t>(frame_.count()); }
  bool prepare(uint32_t sampleRate);
  bool makeEncoder();
  void resume(MonoTime now);
  void pad(size_t samples);
  void flush();
  void sendNoise();
  void sendQueued();
  void sendFrame(std::span<const int16_t> pcm, SilenceGate::Verdict verdict);
  void sendVoice(std::span<const int16_t> pcm, bool marker);
  void sendPause();
  void send(std::span<uint8_t> packet, size_t payloadOctets, bool marker);

  RtpOutput& output_;
  StreamGauge& gauge_;
  uint8_t payloadType_ = 111;
  Millis frame_ = kFrame;
  uint32_t sampleRate_ = 8000;
  EncoderChoice choice_;
  std::optional<OpusVoiceEncoder> encoder_;  ///< made for sampleRate_ when the first voice comes
  EncoderChoice::Path encoderPath_{};        ///< that encoder_ is made for
  SilenceGate gate_;
  RtpStream stream_;
  SendClock clock_;
  PcmQueue queue_;
  ComfortNoise noise_;
  LevelMeter level_;
  bool paused_ = true;  ///< the next voice starts a talk spurt
  bool marker_ = true;
  bool noisy_ = false;  ///< paused, and comfort noise goes out
  int noiseDbov_ = kQuietLineDbov;
  MonoTime noiseEnd_{};
};

}  // namespace genesys::media
