// RTP headers (RFC 3550 section 5.1). The load generator's own, so that it does not merely agree
// with the gateway.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace genesys::load {

inline constexpr size_t kRtpHeader = 12;

struct RtpPacket {
  uint8_t payloadType = 0;
  bool marker = false;
  uint16_t sequence = 0;
  uint32_t timestamp = 0;
  uint32_t ssrc = 0;
  std::span<const uint8_t> payload;
};

inline uint32_t readBig(std::span<const uint8_t> data, size_t at, size_t octets) {
  uint32_t value = 0;
  for (size_t i = 0; i < octets; ++i) value = value << 8 | data[at + i];
  return value;
}

inline void writeBig(std::span<uint8_t> data, size_t at, size_t octets, uint32_t value) {
  for (size_t i = octets; i-- > 0; value >>= 8) data[at + i] = static_cast<uint8_t>(value);
}

/// Header only; the payload stands behind it already.
inline void writeRtp(const RtpPacket& packet, std::span<uint8_t> out) {
  out[0] = 0x80;
  out[1] = static_cast<uint8_t>((packet.marker ? 0x80 : 0) | packet.payloadType);
  writeBig(out, 2, 2, packet.sequence);
  writeBig(out, 4, 4, packet.timestamp);
  writeBig(out, 8, 4, packet.ssrc);
}

/// nullopt if it is no RTP packet. CSRCs, extension and padding are passed over.
inline std::optional<RtpPacket> readRtp(std::span<const uint8_t> data) {
  if (data.size() < kRtpHeader || data[0] >> 6 != 2) return std::nullopt;
  size_t header = kRtpHeader + size_t{4} * (data[0] & 0x0f);
  if ((data[0] & 0x10) != 0) {
    if (data.size() < header + 4) return std::nullopt;
    header += 4 + size_t{4} * readBig(data, header + 2, 2);
  }
  const size_t padding = (data[0] & 0x20) != 0 ? data.back() : 0;
  if (data.size() < header + padding) return std::nullopt;
  return RtpPacket{static_cast<uint8_t>(data[1] & 0x7f),
                   (data[1] & 0x80) != 0,
                   static_cast<uint16_t>(readBig(data, 2, 2)),
                   readBig(data, 4, 4),
                   readBig(data, 8, 4),
                   data.subspan(header, data.size() - header - padding)};
}

/// RTCP shares the port (RFC 5761 section 4): packet types 192-223.
inline bool isRtcp(std::span<const uint8_t> data) {
  return data.size() >= 2 && data[0] >> 6 == 2 && data[1] >= 192 && data[1] <= 223;
}

}  // namespace genesys::load
