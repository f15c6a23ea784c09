#include "media/codec.hpp"

#include <array>

#include "util/text.hpp"

namespace genesys::media {
namespace {

constexpr Codec kPcmu{"PCMU", 8000, 8000, 1, 0, true};
constexpr Codec kPcma{"PCMA", 8000, 8000, 1, 8, true};
// PCM runs at 8 kHz whatever the browser captures: libopus resamples inside the coder for nothing.
constexpr Codec kOpus{"opus", 8000, 48000, 2, 111, false};

constexpr std::array<const Codec*, 2> kSipCodecs{&kPcmu, &kPcma};
constexpr std::array<const Codec*, 3> kAll{&kPcmu, &kPcma, &kOpus};

}  // namespace

std::span<const Codec* const> sipCodecs() {
  return kSipCodecs;
}
const Codec& opus() {
  return kOpus;
}
const Codec& pcmu() {
  return kPcmu;
}
const Codec& pcma() {
  return kPcma;
}

const Codec* findCodec(std::string_view name, uint32_t rtpClock) {
  for (const Codec* codec : kAll)
    if (codec->rtpClock == rtpClock && equalsIgnoreCase(codec->name, name)) return codec;
  return nullptr;
}

const Codec* findCodec(std::string_view name) {
  for (const Codec* codec : kAll)
    if (equalsIgnoreCase(codec->name, name)) return codec;
  return nullptr;
}

const Codec* findStaticCodec(uint8_t payloadType) {
  for (const Codec* codec : kAll)
    if (codec->staticPayloadType && codec->payloadType == payloadType) return codec;
  return nullptr;
}

}  // namespace genesys::media
