// Packets and keys for the tests of SRTP.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "media/rtp_packet.hpp"
#include "media/srtp.hpp"

namespace genesys::media::test {

inline std::vector<uint8_t> octetsOf(std::string_view hex) {
  std::vector<uint8_t> octets;
  for (size_t at = 0; at + 1 < hex.size(); at += 2)
    octets.push_back(static_cast<uint8_t>(std::stoul(std::string(hex.substr(at, 2)), nullptr, 16)));
  return octets;
}

inline std::string hex(std::span<const uint8_t> octets) {
  std::string text;
  for (const uint8_t octet : octets) text += fmt::format("{:02x}", octet);
  return text;
}

inline SrtpKey keyFrom(const SrtpSuite& suite, std::string_view hex) {
  const auto octets = octetsOf(hex);
  return SrtpKey(suite, [&](std::span<uint8_t> out) { std::ranges::copy(octets, out.begin()); });
}

/// 20 ms of µ-law that are all `sample`.
inline std::vector<uint8_t> rtpPacket(uint16_t sequence, uint8_t sample = 0, uint32_t ssrc = 42) {
  std::vector<uint8_t> packet(kRtpHeaderOctets + 160, sample);
  writeRtpHeader({false, 0, sequence, sequence * 160U, ssrc}, packet);
  return packet;
}

/// The packet as it travels; empty if the sender refuses.
inline std::vector<uint8_t> sealed(SrtpSender& sender, std::vector<uint8_t> packet) {
  const size_t octets = packet.size();
  packet.resize(octets + kMaxSrtpOverhead);
  packet.resize(sender.protectRtp(packet, octets).value_or(0));
  return packet;
}

}  // namespace genesys::media::test
