// A codec is a row of data. SDP and media read the same row; nobody switches on a codec's name.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace genesys::media {

struct Codec {
  std::string_view name;   ///< encoding name as SDP writes it (RFC 3551 section 6, RFC 7587)
  uint32_t sampleRate;     ///< Hz of the PCM that goes in and comes out of the coder
  uint32_t rtpClock;       ///< Hz of the RTP timestamp; differs from sampleRate for Opus and G.722
  uint8_t channels;        ///< as written in a=rtpmap (Opus always says 2, RFC 7587 section 4.1)
  uint8_t payloadType;     ///< the static one, or the dynamic one that our own offers use
  bool staticPayloadType;  ///< true if `payloadType` is known without a=rtpmap
};

/// Every codec the SIP side can be configured with, in the default order of preference.
std::span<const Codec* const> sipCodecs();
/// What the browser leg speaks (RFC 7874 makes it mandatory to implement).
const Codec& opus();
const Codec& pcmu();
const Codec& pcma();

/// The row for an encoding name (any letter case) and RTP clock in Hz; nullptr if there is none.
const Codec* findCodec(std::string_view name, uint32_t rtpClock);
/// The row for a configuration name such as "pcma"; nullptr if there is none.
const Codec* findCodec(std::string_view name);
/// The row that a static payload type means when SDP gives no a=rtpmap (RFC 3551 table 4).
const Codec* findStaticCodec(uint8_t payloadType);

}  // namespace genesys::media
