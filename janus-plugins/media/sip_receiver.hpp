// The receiving half of a SIP leg: RTP of whatever length, order and manners becomes voice, loss,
// pause and noise for the other leg, and keys that were pressed. Lives on its leg's worker; time is
// a parameter.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "media/counters.hpp"
#include "media/dtmf.hpp"
#include "media/gain.hpp"
#include "media/level.hpp"
#include "media/reception.hpp"
#include "media/recording/call_recording.hpp"
#include "media/tone_detector.hpp"
#include "media/voice_coder.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

class SipReceiver {
 public:
  explicit SipReceiver(StreamGauge& gauge) : gauge_(gauge) {}

  /// `tones`: keys are looked for in the voice. `digitClock`: of telephone-event, Hz.
  void configure(std::vector<SipLegParams::Format> formats, std::optional<uint8_t> digits,
                 bool tones = false, uint32_t digitClock = kEventClock);
  /// nullptr: what comes is counted only.
  void setSink(VoiceSink* sink) { sink_ = sink; }
  /// What comes is recorded there; nullptr: nowhere.
  void setRecording(CallRecording* recording) { recording_ = recording; }

  /// How loud it is heard; keys are looked for in what came.
  void setLevel(const SideLevel& level, MonoTime now);

  struct Heard {
    const Codec* voice = nullptr;            ///< the codec if the packet was voice
    bool good = false;                       ///< a payload type that we know
    std::vector<DigitReceiver::Key> keys{};  ///< released by this packet
  };
  Heard received(const RtpPacket& packet, MonoTime now);

  /// A key whose end was lost, and a level that nobody keeps up to date.
  std::optional<DigitReceiver::Key> run(MonoTime now);
  /// When run() has something to do; MonoTime::max() if never.
  MonoTime due() const;

  /// How long a packet is under way, for the quality; 0 if nobody knows.
  void setDelay(Millis delay) { delay_ = delay; }
  const std::optional<QualityMeter::Figures>& quality() const { return quality_.figures(); }

  const Reception& reception() const { return reception_; }
  Reception& reception() { return reception_; }

 private:
  const Codec* codecOf(uint8_t payloadType) const;
  struct Decoder;
  Decoder& decoderOf(const Codec& codec);
  Heard event(const RtpPacket& packet, MonoTime now);
  Heard comfortNoise(const RtpPacket& packet, MonoTime now);
  Heard voice(const Codec& codec, const RtpPacket& packet, MonoTime now);
  bool pass(Decoder& decoder, std::span<const uint8_t> payload, size_t samples, MonoTime now);
  void decode(Decoder& decoder, std::span<const uint8_t> payload, Heard& heard, MonoTime now);
  void place(const Reception::Arrival& arrival, const RtpHeader& header, const Codec& codec,
             Heard& heard, MonoTime now);
  void missing(SendClock::Duration time, Heard& heard, MonoTime now);
  void pause(Heard& heard, MonoTime now);
  void deliver(std::span<const int16_t> pcm, uint32_t sampleRate, MonoTime now);
  void findTones(std::span<const int16_t> pcm, uint32_t sampleRate, Heard& heard);
  void endTones(Heard& heard);

  struct Decoder {
    const Codec* codec;
    std::unique_ptr<VoiceDecoder> decoder;
    bool stale = false;  ///< packets have passed that it does not know
  };

  StreamGauge& gauge_;
  VoiceSink* sink_ = nullptr;
  CallRecording* recording_ = nullptr;
  std::vector<SipLegParams::Format> formats_;
  std::optional<uint8_t> digitPayloadType_;
  std::vector<Decoder> decoders_;  ///< of every codec that has come so far
  Reception reception_;
  DigitReceiver digits_;
  bool tonesWanted_ = false;
  std::optional<ToneDetector> tones_;  ///< for the rate of the last voice
  LevelMeter level_;
  QualityMeter quality_{kConcealed};  ///< the browser's jitter buffer conceals
  Millis delay_{0};
  Gain gain_;
  bool muted_ = false;
  MonoTime lastVoice_ = MonoTime::max();  ///< max: the level says silence already
  uint32_t expectedTimestamp_ = 0;
  uint32_t lastUnits_ = 0;  ///< RTP clock units of the last voice packet
};

}  // namespace genesys::media
