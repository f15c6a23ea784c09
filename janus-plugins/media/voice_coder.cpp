#include "media/voice_coder.hpp"

#include "media/g711.hpp"

namespace genesys::media {
namespace {

class G711Decoder : public VoiceDecoder {
 public:
  explicit G711Decoder(const G711Law& law) : law_(law) {}
  size_t samplesIn(size_t octets) const override { return octets; }
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

struct Coders {
  const Codec* codec;
  std::unique_ptr<VoiceDecoder> (*decoder)();
  std::unique_ptr<VoiceEncoder> (*encoder)();
};

const Coders kCoders[] = {
    {&pcmu(),
     []() -> std::unique_ptr<VoiceDecoder> { return std::make_unique<G711Decoder>(muLaw()); },
     []() -> std::unique_ptr<VoiceEncoder> { return std::make_unique<G711Encoder>(muLaw()); }},
    {&pcma(),
     []() -> std::unique_ptr<VoiceDecoder> { return std::make_unique<G711Decoder>(aLaw()); },
     []() -> std::unique_ptr<VoiceEncoder> { return std::make_unique<G711Encoder>(aLaw()); }},
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
