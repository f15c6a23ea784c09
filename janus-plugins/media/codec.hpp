// A codec is a row of data. SDP and media read the same row; nobody switches on a codec's name.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace genesys::media {

struct Codec {
  std::string_view name;    ///< encoding name as SDP writes it (RFC 3551 section 6, RFC 7587)
  uint32_t sampleRate;      ///< Hz of the PCM that goes in and comes out of the coder
  uint32_t rtpClock;        ///< Hz of the RTP timestamp; differs from sampleRate for Opus and G.722
  uint8_t channels;         ///< as written in a=rtpmap (Opus always says 2, RFC 7587 section 4.1)
  uint8_t payloadType;      ///< the static one, or the dynamic one that our own offers use
  bool staticPayloadType;   ///< true if `payloadType` is known without a=rtpmap
  uint16_t longestPtimeMs;  ///< of kPacketTimesMs, the longest that fits into one packet
  std::string_view configured;    ///< its name in the configuration
  std::string_view parameters{};  ///< a=fmtp of our own descriptions; empty: none
};

/// The packet lengths in milliseconds that a media leg can send.
inline constexpr std::array<uint16_t, 5> kPacketTimesMs{10, 20, 30, 40, 60};

/// Every codec the SIP side can be configured with.
std::span<const Codec* const> sipCodecs();
/// Those that it speaks unless something else is configured, in order of preference.
std::span<const Codec* const> usualSipCodecs();
/// What the browser leg speaks (RFC 7874 makes it mandatory to implement).
const Codec& opus();
const Codec& pcmu();
const Codec& pcma();
const Codec& g722();
const Codec& l16At8000();
const Codec& l16At16000();

/// The row for an encoding name (any letter case) and RTP clock in Hz; nullptr if there is none.
const Codec* findCodec(std::string_view name, uint32_t rtpClock);
/// The row for a configuration name such as "pcma", in any letter case; nullptr if there is none.
const Codec* findCodec(std::string_view configured);
/// The row that a static payload type means when SDP gives no a=rtpmap (RFC 3551 table 4).
const Codec* findStaticCodec(uint8_t payloadType);

}  // namespace genesys::media
