#include "sdp/formats.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace genesys::sdp {

const media::Codec* codecOf(const Format& format) {
  if (format.encoding.empty()) return media::findStaticCodec(format.payloadType);
  const media::Codec* const codec = media::findCodec(format.encoding, format.clockRate);
  return codec && codec->channels == format.channels ? codec : nullptr;
}

bool isDigits(const Format& format, uint8_t usualPayloadType) {
  if (format.encoding.empty())
    return format.payloadType == usualPayloadType && format.payloadType >= 96;
  return equalsIgnoreCase(format.encoding, "telephone-event");
}

bool isPlainRtp(const Media& line) {
  return equalsIgnoreCase(line.protocol, "RTP/AVP") || equalsIgnoreCase(line.protocol, "RTP/AVPF");
}

Format makeFormat(const media::Codec& codec, uint8_t payloadType) {
  return {.payloadType = payloadType,
          .encoding = std::string(codec.name),
          .clockRate = codec.rtpClock,
          .channels = codec.channels,
          .parameters = std::string(codec.parameters)};
}

Media refused(const Media& offered) {
  Media line;
  line.kind = offered.kind;
  line.protocol = offered.protocol;
  line.rawFormats = offered.rawFormats;
  line.mid = offered.mid;
  return line;
}

uint16_t packetTimeFor(const Media& line, uint16_t preferredMs, uint16_t longestMs) {
  const auto& times = media::kPacketTimesMs;
  const uint16_t asked = line.ptimeMs.value_or(preferredMs);
  uint16_t chosen =
      std::find(times.begin(), times.end(), asked) != times.end() ? asked : preferredMs;
  const uint16_t most = std::min(line.maxPtimeMs.value_or(longestMs), longestMs);
  for (auto time = times.rbegin(); time != times.rend(); ++time)
    if (chosen > most) chosen = std::min(chosen, *time);
  return chosen;
}

}  // namespace genesys::sdp
