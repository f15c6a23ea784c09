// One RTP packet (RFC 3550 section 5.1): a bounds-checked view of what came in, and the header of
// what goes out. Pure functions without allocation, for any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace genesys::media {

/// No packet of ours is longer, and none longer is accepted (octets, RTP header included).
inline constexpr size_t kMaxRtpOctets = 1500;
/// Fixed header without CSRC and extension, octets.
inline constexpr size_t kRtpHeaderOctets = 12;

struct RtpHeader {
  bool marker = false;
  uint8_t payloadType = 0;  ///< 0-127
  uint16_t sequence = 0;
  uint32_t timestamp = 0;
  uint32_t ssrc = 0;
};

struct RtpPacket {
  RtpHeader header;
  std::span<const uint8_t> payload;  ///< points into the datagram; padding is already cut off
};

/// nullopt unless `datagram` is RTP version 2, at most kMaxRtpOctets long, and its CSRC list, its
/// extension and its padding fit. RTCP on the same port (RFC 5761 section 4) is refused, too.
std::optional<RtpPacket> parseRtp(std::span<const uint8_t> datagram);

/// Writes the fixed header into the first kRtpHeaderOctets of `out`, which must be that long.
void writeRtpHeader(const RtpHeader& header, std::span<uint8_t> out);

/// Big-endian fields, as RTP and RTCP have them; the caller has checked the bounds.
inline uint16_t readUint16(const uint8_t* at) {
  return static_cast<uint16_t>(at[0] << 8 | at[1]);
}
inline uint32_t readUint32(const uint8_t* at) {
  return uint32_t{readUint16(at)} << 16 | readUint16(at + 2);
}
inline void writeUint16(uint8_t* at, uint16_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}
inline void writeUint32(uint8_t* at, uint32_t value) {
  writeUint16(at, static_cast<uint16_t>(value >> 16));
  writeUint16(at + 2, static_cast<uint16_t>(value));
}

}  // namespace genesys::media
