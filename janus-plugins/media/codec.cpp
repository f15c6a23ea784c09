#include "media/codec.hpp"

#include <array>

#include "util/text.hpp"

namespace genesys::media {
namespace {

// What we would like to be sent, and what we send (RFC 7587 section 6.1): PCM ends at 16 kHz.
constexpr std::string_view kOpusParameters =
    "maxplaybackrate=16000;sprop-maxcapturerate=16000;maxaveragebitrate=32000;stereo=0;"
    "useinbandfec=1;usedtx=0";

constexpr Codec kPcmu{"PCMU", 8000, 8000, 1, 0, true, 60, "pcmu"};
constexpr Codec kPcma{"PCMA", 8000, 8000, 1, 8, true, 60, "pcma"};
// The clock of 8000 Hz is a mistake that has become the rule (RFC 3551 section 4.5.2).
constexpr Codec kG722{"G722", 16000, 8000, 1, 9, true, 60, "g722"};
// 16-bit PCM (section 4.5.11); at 16 kHz, 60 ms are longer than a packet may be.
constexpr Codec kL16At8000{"L16", 8000, 8000, 1, 113, false, 60, "l16/8000"};
constexpr Codec kL16At16000{"L16", 16000, 16000, 1, 112, false, 40, "l16/16000"};
// PCM runs at 16 kHz at most, whatever the browser captures: libopus resamples inside the coder for
// nothing.
constexpr Codec kOpus{"opus", 16000, 48000, 2, 111, false, 60, "opus", kOpusParameters};

constexpr std::array<const Codec*, 2> kUsual{&kPcmu, &kPcma};
constexpr std::array<const Codec*, 6> kAll{&kPcmu,      &kPcma,       &kG722,
                                           &kL16At8000, &kL16At16000, &kOpus};

}  // namespace

std::span<const Codec* const> sipCodecs() {
  return kAll;
}
std::span<const Codec* const> usualSipCodecs() {
  return kUsual;
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
const Codec& g722() {
  return kG722;
}
const Codec& l16At8000() {
  return kL16At8000;
}
const Codec& l16At16000() {
  return kL16At16000;
}

const Codec* findCodec(std::string_view name, uint32_t rtpClock) {
  for (const Codec* codec : kAll)
    if (codec->rtpClock == rtpClock && equalsIgnoreCase(codec->name, name)) return codec;
  return nullptr;
}

const Codec* findCodec(std::string_view configured) {
  for (const Codec* codec : kAll)
    if (equalsIgnoreCase(codec->configured, configured)) return codec;
  return nullptr;
}

const Codec* findStaticCodec(uint8_t payloadType) {
  for (const Codec* codec : kAll)
    if (codec->staticPayloadType && codec->payloadType == payloadType) return codec;
  return nullptr;
}

}  // namespace genesys::media
