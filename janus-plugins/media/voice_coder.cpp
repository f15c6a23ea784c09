#include "media/voice_coder.hpp"

#include <optional>
#include <utility>

#include "media/g711.hpp"
#include "media/g722.hpp"
#include "media/opus.hpp"
#include "media/rtp_packet.hpp"

namespace genesys::media {
namespace {

class G711Decoder : public VoiceDecoder {
 public:
  explicit G711Decoder(const G711Law& law) : law_(law) {}
  size_t samplesIn(std::span<const uint8_t> payload) const override { return payload.size(); }
  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    return decodeG711(law_, payload, pcm.first(payload.size()));
  }

 private:
  const G711Law& law_;
};

class G711Encoder : public VoiceEncoder {
 public:
  explicit G711Encoder(const G711Law& law) : law_(law) {}
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> payload) override {
    if (payload.size() < pcm.size()) return 0;
    return encodeG711(law_, pcm, payload.first(pcm.size()));
  }

 private:
  const G711Law& law_;
};

class G722VoiceDecoder : public VoiceDecoder {
 public:
  size_t samplesIn(std::span<const uint8_t> payload) const override { return 2 * payload.size(); }
  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    return decoder_.decode(payload, pcm);
  }

 private:
  G722Decoder decoder_;
};

class G722VoiceEncoder : public VoiceEncoder {
 public:
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> payload) override {
    return payload.size() < pcm.size() / 2 ? 0 : encoder_.encode(pcm, payload);
  }

 private:
  G722Encoder encoder_;
};

// RFC 3551 section 4.5.11: 16 bits a sample, big-endian. Half a sample is malformed.
class L16Decoder : public VoiceDecoder {
 public:
  size_t samplesIn(std::span<const uint8_t> payload) const override {
    return payload.size() % 2 == 0 ? payload.size() / 2 : 0;
  }
  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    const size_t samples = samplesIn(payload);
    for (size_t i = 0; i < samples; ++i) pcm[i] = static_cast<int16_t>(readUint16(&payload[2 * i]));
    return samples;
  }
};

class L16Encoder : public VoiceEncoder {
 public:
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> payload) override {
    if (payload.size() < 2 * pcm.size()) return 0;
    for (size_t i = 0; i < pcm.size(); ++i)
      writeUint16(&payload[2 * i], static_cast<uint16_t>(pcm[i]));
    return 2 * pcm.size();
  }
};

class SipOpusDecoder : public VoiceDecoder {
 public:
  explicit SipOpusDecoder(OpusVoiceDecoder decoder) : decoder_(std::move(decoder)) {}
  size_t samplesIn(std::span<const uint8_t> payload) const override {
    return opusSamplesIn(payload, opus().sampleRate);
  }
  size_t decode(std::span<const uint8_t> payload, std::span<int16_t> pcm) override {
    return decoder_.decode(payload, pcm);
  }
  void reset() override { decoder_.reset(); }

 private:
  OpusVoiceDecoder decoder_;
};

class SipOpusEncoder : public VoiceEncoder {
 public:
  explicit SipOpusEncoder(OpusVoiceEncoder encoder) : encoder_(std::move(encoder)) {}
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> payload) override {
    return encoder_.encode(pcm, payload);
  }

 private:
  OpusVoiceEncoder encoder_;
};

using Decoder = std::unique_ptr<VoiceDecoder>;
using Encoder = std::unique_ptr<VoiceEncoder>;

Decoder opusDecoder() {
  auto decoder = OpusVoiceDecoder::create(opus().sampleRate);
  return decoder ? std::make_unique<SipOpusDecoder>(std::move(*decoder)) : nullptr;
}

Encoder opusEncoder() {
  auto encoder = OpusVoiceEncoder::create(opus().sampleRate, kOpusSipSide);
  return encoder ? std::make_unique<SipOpusEncoder>(std::move(*encoder)) : nullptr;
}

struct Coders {
  const Codec* codec;
  Decoder (*decoder)();
  Encoder (*encoder)();
};

const Coders kCoders[] = {
    {&pcmu(), []() -> Decoder { return std::make_unique<G711Decoder>(muLaw()); },
     []() -> Encoder { return std::make_unique<G711Encoder>(muLaw()); }},
    {&pcma(), []() -> Decoder { return std::make_unique<G711Decoder>(aLaw()); },
     []() -> Encoder { return std::make_unique<G711Encoder>(aLaw()); }},
    {&g722(), []() -> Decoder { return std::make_unique<G722VoiceDecoder>(); },
     []() -> Encoder { return std::make_unique<G722VoiceEncoder>(); }},
    {&l16At8000(), []() -> Decoder { return std::make_unique<L16Decoder>(); },
     []() -> Encoder { return std::make_unique<L16Encoder>(); }},
    {&l16At16000(), []() -> Decoder { return std::make_unique<L16Decoder>(); },
     []() -> Encoder { return std::make_unique<L16Encoder>(); }},
    {&opus(), opusDecoder, opusEncoder},
};

}  // namespace

std::unique_ptr<VoiceDecoder> makeVoiceDecoder(const Codec& codec) {
  for (const Coders& row : kCoders)
    if (row.codec == &codec) return row.decoder();
  return nullptr;
}

std::unique_ptr<VoiceEncoder> makeVoiceEncoder(const Codec& codec) {
  for (const Coders& row : kCoders)
    if (row.codec == &codec) return row.encoder();
  return nullptr;
}

}  // namespace genesys::media
