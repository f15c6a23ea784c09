#include <array>
#include <stdexcept>

#include "codec/transcoder.hpp"
#include "media/browser_receiver.hpp"
#include "media/browser_sender.hpp"
#include "media/encoder_choice.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"
#include "media/voice_coder.hpp"

namespace genesys::bench {
namespace {

using namespace media;

constexpr uint8_t kOpusPayloadType = 111;
constexpr uint32_t kOpusUnits = 960;  // of a packet, RTP clock
constexpr size_t kMostSamples = size_t{16} * kMaxOpusPacketMs;
constexpr Millis kFrame{20};

uint8_t fractionOf(double loss) {
  return static_cast<uint8_t>(loss * 256);
}

class Output : public RtpOutput {
 public:
  void sendRtp(std::span<const uint8_t> packet) override {
    if (taken != nullptr) taken->add(packet.subspan(kRtpHeaderOctets));
  }
  Payloads* taken = nullptr;
};

/// Both halves of both legs as join() connects them, without sockets.
class Gateway : public Transcoder {
 public:
  explicit Gateway(const Setup& setup) : codec_(*setup.codec) {
    sipReceiver_.configure({{codec_.payloadType, &codec_}}, std::nullopt);
    sipReceiver_.setSink(&browserSender_);
    browserReceiver_.setSink(&sipSender_);
    sipSender_.setConcealer(&browserReceiver_);
    browserSender_.reported(fractionOf(setup.loss), now_);
    SipSender::Params params;
    params.codec = &codec_;
    params.payloadType = codec_.payloadType;
    sipSender_.configure(params, now_);
  }

  void toOpus(std::span<const uint8_t> payload, Payloads& opus) override {
    toBrowser_.taken = &opus;
    now_ += kFrame;
    const auto timestamp = static_cast<uint32_t>(sequence_ * (codec_.rtpClock / 50));
    const size_t before = opus.size();
    sipReceiver_.received({{false, codec_.payloadType, sequence_++, timestamp, 2}, payload}, now_);
    if (opus.size() == before) opus.add({});  // a pause: nothing is sent
  }

  void fromOpus(std::span<const uint8_t> packet, unsigned lost, Payloads& voice) override {
    toSip_.taken = &voice;
    for (unsigned i = 0; i <= lost; ++i) {
      now_ += kFrame;
      while (sipSender_.due() <= now_) sipSender_.run(now_);
      while (browserReceiver_.due() <= now_) browserReceiver_.run(now_);
    }
    browserSequence_ = static_cast<uint16_t>(browserSequence_ + lost);
    const RtpHeader header{false, kOpusPayloadType, browserSequence_, browserSequence_ * kOpusUnits,
                           1};
    browserSequence_++;
    browserReceiver_.received({header, packet}, now_);
  }

 private:
  const Codec& codec_;
  MonoTime now_{std::chrono::hours(1)};
  Random random_{1};
  LegGauge sipGauge_;
  LegGauge browserGauge_;
  Output toSip_;
  Output toBrowser_;
  SipSender sipSender_{toSip_, sipGauge_.sent, random_};
  BrowserSender browserSender_{toBrowser_, browserGauge_.sent, random_};
  SipReceiver sipReceiver_{sipGauge_.received};
  BrowserReceiver browserReceiver_{browserGauge_.received};
  uint16_t sequence_ = 0;
  uint16_t browserSequence_ = 0;
};

/// Nothing but the coders, set as the gateway sets them.
class BareCoders : public Transcoder {
 public:
  explicit BareCoders(const Setup& setup)
      : frame_(setup.codec->sampleRate / 50),
        voiceDecoder_(makeVoiceDecoder(*setup.codec)),
        voiceEncoder_(makeVoiceEncoder(*setup.codec)),
        opusDecoder_(OpusVoiceDecoder::create(setup.codec->sampleRate)) {
    EncoderChoice choice;
    choice.reported(fractionOf(setup.loss), MonoTime{});
    const uint32_t rate = setup.codec->sampleRate;
    opusEncoder_ = OpusVoiceEncoder::create(rate, choice.setting(rate));
    if (!voiceDecoder_ || !voiceEncoder_ || !opusDecoder_ || !opusEncoder_)
      throw std::runtime_error("a coder cannot be made");
  }

  void toOpus(std::span<const uint8_t> payload, Payloads& opus) override {
    std::array<int16_t, kMostSamples> pcm;
    std::array<uint8_t, kMaxRtpOctets> packet;
    const size_t samples = voiceDecoder_->decode(payload, pcm);
    const size_t octets = opusEncoder_->encode(std::span(pcm).first(samples), packet);
    opus.add(std::span(packet).first(octets));
  }

  void fromOpus(std::span<const uint8_t> packet, unsigned lost, Payloads& voice) override {
    std::array<int16_t, kMostSamples> pcm;
    for (unsigned left = lost; left > 0; --left) {
      opusDecoder_->conceal(left == 1 ? packet : std::span<const uint8_t>(),
                            std::span(pcm).first(frame_));
      send(std::span(pcm).first(frame_), voice);
    }
    send(std::span(pcm).first(opusDecoder_->decode(packet, pcm)), voice);
  }

 private:
  void send(std::span<const int16_t> pcm, Payloads& voice) {
    std::array<uint8_t, kMaxRtpOctets> payload;
    voice.add(std::span(payload).first(voiceEncoder_->encode(pcm, payload)));
  }

  const size_t frame_;  ///< samples
  std::unique_ptr<VoiceDecoder> voiceDecoder_;
  std::unique_ptr<VoiceEncoder> voiceEncoder_;
  std::optional<OpusVoiceDecoder> opusDecoder_;
  std::optional<OpusVoiceEncoder> opusEncoder_;
};

template <class Made>
std::unique_ptr<Transcoder> make(const Setup& setup) {
  return std::make_unique<Made>(setup);
}

const System kSystems[] = {{"gateway", true, make<Gateway>},
                           {"bare coders", true, make<BareCoders>}};

}  // namespace

std::span<const System> ourSystems() {
  return kSystems;
}

}  // namespace genesys::bench
