#include "frame_decoder.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "media/opus.hpp"
#include "media/rtp_packet.hpp"
#include "media/voice_coder.hpp"

namespace genesys::quality {
namespace {

class PhoneDecoder : public FrameDecoder {
 public:
  explicit PhoneDecoder(const media::Codec& codec) : decoder_(media::makeVoiceDecoder(codec)) {
    if (!decoder_) throw std::runtime_error("this codec has no decoder");
  }

  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    std::array<int16_t, kMostSamples> decoded;
    const size_t samples = decoder_->decode(payload, decoded);
    if (samples > pcm.size()) return 0;
    last_.assign(decoded.begin(), decoded.begin() + static_cast<ptrdiff_t>(samples));
    std::ranges::copy(last_, pcm.begin());
    repeated_ = 0;
    return samples;
  }

  void conceal(std::span<const uint8_t>, std::span<int16_t> pcm) override {
    std::ranges::fill(pcm, int16_t{0});
    if (++repeated_ > kMostRepeated) return;
    std::copy_n(last_.begin(), std::min(last_.size(), pcm.size()), pcm.begin());
    for (int16_t& sample : last_) sample = static_cast<int16_t>(sample / 2);
  }

 private:
  /// Of the longest packet, with two samples in each octet (G.722).
  static constexpr size_t kMostSamples = 2 * media::kMaxRtpOctets;
  std::unique_ptr<media::VoiceDecoder> decoder_;
  std::vector<int16_t> last_;
  int repeated_ = 0;
};

class BrowserDecoder : public FrameDecoder {
 public:
  explicit BrowserDecoder(uint32_t sampleRate)
      : decoder_(media::OpusVoiceDecoder::create(sampleRate)) {
    if (!decoder_) throw std::runtime_error("libopus makes no decoder");
  }
  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    return decoder_->decode(payload, pcm);
  }
  void conceal(std::span<const uint8_t> next, std::span<int16_t> pcm) override {
    if (!decoder_->conceal(next, pcm)) std::ranges::fill(pcm, int16_t{0});
  }

 private:
  std::optional<media::OpusVoiceDecoder> decoder_;
};

}  // namespace

std::unique_ptr<FrameDecoder> makePhoneDecoder(const media::Codec& codec) {
  if (&codec == &media::opus()) return makeBrowserDecoder(codec.sampleRate);
  return std::make_unique<PhoneDecoder>(codec);
}

std::unique_ptr<FrameDecoder> makeBrowserDecoder(uint32_t sampleRate) {
  return std::make_unique<BrowserDecoder>(sampleRate);
}

}  // namespace genesys::quality
