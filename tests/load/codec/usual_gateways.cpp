#include <opus.h>

#include <array>
#include <stdexcept>

#include "codec/resampler.hpp"
#include "codec/transcoder.hpp"
#include "media/rtp_packet.hpp"
#include "media/voice_coder.hpp"

namespace genesys::bench {
namespace {

constexpr uint32_t kRate = 48000;  // Hz, of Opus in all of them
constexpr size_t kFrame = kRate / 50;
constexpr int kMostFrame = kRate * 120 / 1000;  // the longest packet (RFC 6716 section 3.2.5)

struct Setting {
  int application;
  int channels;
  int complexity;
  int bitRate;  ///< bit/s or OPUS_AUTO
  bool fec;
  std::unique_ptr<Resampler> (*resampler)(uint32_t from, int fromChannels, uint32_t to,
                                          int toChannels);
};

struct Destroy {
  void operator()(::OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
  void operator()(::OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};

class UsualGateway : public Transcoder {
 public:
  UsualGateway(const Setup& setup, const Setting& setting)
      : channels_(static_cast<size_t>(setting.channels)),
        rate_(setup.codec->sampleRate),
        voiceDecoder_(media::makeVoiceDecoder(*setup.codec)),
        voiceEncoder_(media::makeVoiceEncoder(*setup.codec)),
        up_(setting.resampler(rate_, 1, kRate, setting.channels)),
        down_(setting.resampler(kRate, setting.channels, rate_, 1)) {
    int error = OPUS_OK;
    encoder_.reset(opus_encoder_create(kRate, setting.channels, setting.application, &error));
    if (error == OPUS_OK) decoder_.reset(opus_decoder_create(kRate, setting.channels, &error));
    if (error != OPUS_OK || !voiceDecoder_ || !voiceEncoder_)
      throw std::runtime_error("a coder cannot be made");
    opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(setting.complexity));
    opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(setting.bitRate));
    opus_encoder_ctl(encoder_.get(), OPUS_SET_INBAND_FEC(setting.fec ? 1 : 0));
  }

  void toOpus(std::span<const uint8_t> payload, Payloads& opus) override {
    std::array<int16_t, 2 * media::kMaxRtpOctets> pcm;
    up_->convert(std::span(pcm).first(voiceDecoder_->decode(payload, pcm)), wide_);
    while (wide_.size() >= kFrame * channels_) {
      std::array<uint8_t, media::kMaxRtpOctets> packet;
      const opus_int32 octets =
          opus_encode(encoder_.get(), wide_.data(), kFrame, packet.data(), packet.size());
      opus.add(std::span(packet).first(static_cast<size_t>(std::max(octets, 0))));
      wide_.erase(wide_.begin(), wide_.begin() + static_cast<ptrdiff_t>(kFrame * channels_));
    }
  }

  // What is lost is concealed as well as libopus can, whether the system does so or not.
  void fromOpus(std::span<const uint8_t> packet, unsigned lost, Payloads& voice) override {
    for (unsigned left = lost; left > 0; --left) {
      const bool fec = left == 1;
      decode(fec ? packet : std::span<const uint8_t>(), kFrame, fec ? 1 : 0, voice);
    }
    decode(packet, kMostFrame, 0, voice);
  }

 private:
  void decode(std::span<const uint8_t> packet, int most, int fec, Payloads& voice) {
    std::array<int16_t, size_t{2} * kMostFrame> pcm;
    const int samples = opus_decode(decoder_.get(), packet.empty() ? nullptr : packet.data(),
                                    static_cast<opus_int32>(packet.size()), pcm.data(), most, fec);
    if (samples <= 0) return;
    down_->convert(std::span(pcm).first(static_cast<size_t>(samples) * channels_), narrow_);
    const size_t frame = rate_ / 50;
    while (narrow_.size() >= frame) {
      std::array<uint8_t, media::kMaxRtpOctets> payload;
      const size_t octets = voiceEncoder_->encode(std::span(narrow_).first(frame), payload);
      voice.add(std::span(payload).first(octets));
      narrow_.erase(narrow_.begin(), narrow_.begin() + static_cast<ptrdiff_t>(frame));
    }
  }

  const size_t channels_;
  const uint32_t rate_;  ///< Hz, of the SIP side's PCM
  std::unique_ptr<media::VoiceDecoder> voiceDecoder_;
  std::unique_ptr<media::VoiceEncoder> voiceEncoder_;
  std::unique_ptr<Resampler> up_;
  std::unique_ptr<Resampler> down_;
  std::unique_ptr<::OpusEncoder, Destroy> encoder_;
  std::unique_ptr<::OpusDecoder, Destroy> decoder_;
  std::vector<int16_t> wide_;    ///< waits for a whole packet, interleaved
  std::vector<int16_t> narrow_;  ///< the same, of the SIP side
};

template <int quality>
std::unique_ptr<Resampler> speex(uint32_t from, int, uint32_t to, int) {
  return speexResampler(from, to, quality);
}

// Asterisk: codec_opus as a rule sets nothing but the complexity of libopus's default, and
// codec_resample has libspeexdsp at quality 5.
constexpr Setting kAsterisk{OPUS_APPLICATION_VOIP, 1, 9, OPUS_AUTO, false, speex<5>};
// rtpengine: libavcodec's libopus, stereo, and libswresample as it comes.
constexpr Setting kRtpengine{OPUS_APPLICATION_AUDIO, 2, 10, 32000, false, swResampler};
// FreeSWITCH: mod_opus with FEC switched on, and libspeexdsp at SWITCH_RESAMPLE_QUALITY, 2.
constexpr Setting kFreeswitch{OPUS_APPLICATION_VOIP, 1, 10, OPUS_AUTO, true, speex<2>};

template <const Setting& setting>
std::unique_ptr<Transcoder> make(const Setup& setup) {
  return std::make_unique<UsualGateway>(setup, setting);
}

const System kSystems[] = {{"as Asterisk", false, make<kAsterisk>},
                           {"as rtpengine", false, make<kRtpengine>},
                           {"as FreeSWITCH", false, make<kFreeswitch>}};

}  // namespace

std::span<const System> usualGateways() {
  return kSystems;
}

}  // namespace genesys::bench
