#include "media/rtp_packet.hpp"

#include <cassert>

namespace genesys::media {

std::optional<RtpPacket> parseRtp(std::span<const uint8_t> datagram) {
  if (datagram.size() < kRtpHeaderOctets || datagram.size() > kMaxRtpOctets) return std::nullopt;
  const uint8_t* data = datagram.data();
  if (data[0] >> 6 != 2) return std::nullopt;
  // RTCP packet types 192-223 look like payload types 64-95 with the marker set.
  if (data[1] >= 192 && data[1] <= 223) return std::nullopt;

  size_t begin = kRtpHeaderOctets + size_t{4} * (data[0] & 0x0f);  // CSRC list
  size_t end = datagram.size();
  if (begin > end) return std::nullopt;
  if (data[0] & 0x10) {  // extension: profile, length in 32-bit words (section 5.3.1)
    if (begin + 4 > end) return std::nullopt;
    begin += 4 + 4U * readUint16(data + begin + 2);
    if (begin > end) return std::nullopt;
  }
  if (data[0] & 0x20) {  // padding: its last octet counts itself
    const size_t padding = begin < end ? data[end - 1] : 0;
    if (padding == 0 || padding > end - begin) return std::nullopt;
    end -= padding;
  }
  return RtpPacket{.header = {.marker = (data[1] & 0x80) != 0,
                              .payloadType = static_cast<uint8_t>(data[1] & 0x7f),
                              .sequence = readUint16(data + 2),
                              .timestamp = readUint32(data + 4),
                              .ssrc = readUint32(data + 8)},
                   .payload = datagram.subspan(begin, end - begin)};
}

void writeRtpHeader(const RtpHeader& header, std::span<uint8_t> out) {
  assert(out.size() >= kRtpHeaderOctets);
  out[0] = 0x80;
  out[1] = static_cast<uint8_t>((header.marker ? 0x80 : 0) | (header.payloadType & 0x7f));
  writeUint16(&out[2], header.sequence);
  writeUint32(&out[4], header.timestamp);
  writeUint32(&out[8], header.ssrc);
}

}  // namespace genesys::media
