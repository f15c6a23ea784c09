// The sending half of a SIP leg: PCM from the browser, comfort noise where there is none, and
// digits, as one unbroken RTP stream. Lives on its leg's worker; time is a parameter.
#pragma once

#include <memory>
#include <optional>

#include "media/comfort_noise.hpp"
#include "media/counters.hpp"
#include "media/dtmf.hpp"
#include "media/gain.hpp"
#include "media/level.hpp"
#include "media/payload_queue.hpp"
#include "media/pcm_queue.hpp"
#include "media/recording/call_recording.hpp"
#include "media/rtp_stream.hpp"
#include "media/send_clock.hpp"
#include "media/tone_digits.hpp"
#include "media/voice_coder.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

class SipSender : public VoiceSink {
 public:
  struct Params {
    const Codec* codec = nullptr;  ///< nullptr: send nothing
    uint8_t payloadType = 0;
    std::optional<uint8_t> digitPayloadType{};  ///< digits are events of this type
    uint32_t digitClock = kEventClock;          ///< of those events, Hz
    bool digitsAsTones = false;                 ///< else they may replace the voice as tones
    uint16_t ptimeMs = 20;
  };
  /// More than this never waits here; the oldest goes (see StreamCounters::dropped).
  static constexpr Millis kMostQueued{100};

  SipSender(RtpOutput& output, StreamGauge& gauge, Random& random);

  /// Starts, changes or (codec nullptr) stops the stream.
  void configure(const Params& params, MonoTime now);
  bool sending() const { return encoder_ != nullptr; }
  /// The far end has a new SRTP key of ours from now on.
  void rekeyed();
  /// Who makes up voice whose time has come without it; nullptr: it becomes noise.
  void setConcealer(Concealer* concealer) { concealer_ = concealer; }
  /// What goes out is recorded there; nullptr: nowhere.
  void setRecording(CallRecording* recording) { recording_ = recording; }
  /// How loud the talker goes out; digits and comfort noise stay as they are.
  void setLevel(const SideLevel& level, MonoTime now);
  /// False if it is no digit or the queue is full.
  bool queueDigit(char digit, Millis duration);

  /// Sends whatever is due.
  void run(MonoTime now);
  /// When run() has something to do; MonoTime::max() if never.
  MonoTime due() const;

  /// When the browser was last heard of, be it with silence.
  MonoTime lastHeard() const { return lastHeard_; }
  uint32_t ssrc() const { return stream_.ssrc(); }
  /// The RTP timestamp of this moment, for a sender report.
  uint32_t timestampAt(MonoTime now) const;

  // VoiceSink
  uint32_t sampleRate() const override { return params_.codec ? params_.codec->sampleRate : 8000; }
  void voice(const Pcm& pcm, MonoTime now) override;
  /// Between packets that pass it is left out for the far end to conceal; else it becomes noise.
  void lost(SendClock::Duration missing, MonoTime now) override;
  void pause(MonoTime now) override {
    silenceExpected_ = true;
    lastHeard_ = now;
  }
  void noise(int, MonoTime now) override { pause(now); }
  SendClock::Duration owed(MonoTime now) const override;
  bool passes(const Codec& codec, SendClock::Duration length) const override;
  void packet(std::span<const uint8_t> payload, MonoTime now) override;

 private:
  size_t frameSamples() const { return size_t{sampleRate()} / 1000 * params_.ptimeMs; }
  SendClock::Duration frameTime() const { return Millis(params_.ptimeMs); }
  SendClock::Duration freePlay() const;
  SendClock::Duration holdOff() const;
  void jumpTo(MonoTime now);
  bool step(MonoTime now);
  void follow(SendClock::Duration voice, MonoTime now);
  void heard(MonoTime now);
  size_t payloads() const { return payloads_ ? payloads_->size() : 0; }
  size_t queued() const { return queue_.size() + payloads() * frameSamples(); }
  void clearQueues();
  void dropFrame();
  void sendVoice();
  void sendMissing();
  void sendEvent();
  void sendFrame(std::span<const int16_t> pcm);
  void sendPcm(std::span<const int16_t> pcm);
  void send(std::span<uint8_t> packet, size_t payloadOctets);
  void bound();
  void shed(MonoTime now);

  RtpOutput& output_;
  StreamGauge& gauge_;
  Params params_;
  std::unique_ptr<VoiceEncoder> encoder_;
  RtpStream stream_;
  SendClock clock_;
  PcmQueue queue_;
  std::unique_ptr<PayloadQueue> payloads_;  ///< made when the first passes; before queue_ in line
  bool passing_ = false;                    ///< the talker's last stretch was a packet
  Gain gain_;
  bool muted_ = false;
  ComfortNoise noise_;
  DigitSender digits_;
  ToneDigits tones_;
  Concealer* concealer_ = nullptr;
  CallRecording* recording_ = nullptr;
  LevelMeter level_;
  bool marker_ = true;            ///< the next packet starts a talk spurt
  bool heard_ = false;            ///< the talker speaks, or broke off a moment ago
  SendClock::Duration break_{};   ///< noise that was sent since the last voice
  bool silenceExpected_ = false;  ///< the talker said so (DTX): noise follows at once
  MonoTime lastHeard_{};
  bool digitNow_ = false;   ///< the next slot belongs to a digit
  size_t leastQueued_ = 0;  ///< samples, since windowEnd_ - 1 s
  MonoTime windowEnd_{};
};

}  // namespace genesys::media
