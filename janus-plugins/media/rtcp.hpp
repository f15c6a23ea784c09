// RTCP of the SIP leg (RFC 3550 section 6): our sender and receiver reports with SDES, our BYE, and
// a lenient reader of the far end's. Pure functions for any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "media/reception.hpp"

namespace genesys::media {

/// 64-bit NTP time: seconds since 1900 and 1/2^32 s.
using NtpTime = uint64_t;
/// Turns microseconds since the Unix epoch into NTP time.
NtpTime ntpFromUnixMicros(uint64_t micros);

/// What we say about our own stream (section 6.4.1).
struct SenderInfo {
  NtpTime ntp = 0;
  uint32_t timestamp = 0;  ///< RTP time at `ntp`
  uint32_t packets = 0;
  uint32_t octets = 0;
};
/// What is said about the other's stream.
struct ReportBlock {
  Reception::Report reception;
  uint32_t lastSenderReport = 0;  ///< middle 32 bits of its NTP time, 0 if none came
  uint32_t delaySinceLast = 0;    ///< 1/65536 s
};

/// What XR says of the stream that came in (RFC 3611 section 4.7); the rest of its block we do not
/// measure and say so.
struct VoipMetrics {
  uint32_t ssrc = 0;
  double lossRate = 0;     ///< 0-1, since reception began
  double discardRate = 0;  ///< 0-1: came, but too late
  uint32_t durationMs = 0;
  uint32_t roundTripMs = 0;
  int levelDbov = -127;  ///< of the voice
  double rating = 0;     ///< R; 0: not known yet
  double mos = 0;
  uint32_t jitterBufferMs = 0;
};

struct RtcpReport {
  uint32_t ssrc = 0;
  std::string_view cname;            ///< at most 255 octets (section 6.5.1)
  std::optional<SenderInfo> sender;  ///< SR with it, RR without
  std::optional<ReportBlock> block;
  std::optional<VoipMetrics> metrics;
  bool bye = false;
};

/// Room that any report of ours fits into, octets.
inline constexpr size_t kMaxReportOctets = 400;
/// Writes one compound packet; returns its octets. `out` holds at least kMaxReportOctets.
size_t writeRtcp(const RtcpReport& report, std::span<uint8_t> out);

/// What we want to know of a compound packet.
struct RtcpSummary {
  std::optional<uint32_t> senderReportOf;  ///< SSRC of the last SR
  uint32_t middleNtp = 0;                  ///< of that SR
  std::optional<ReportBlock> aboutUs;      ///< the last report block on our SSRC
  bool bye = false;
};
/// nullopt if it is no RTCP at all. Packets that are cut short or unknown end the reading or are
/// skipped; what came before counts. Without `ourSsrc` every block is on us: Janus gives our stream
/// an SSRC of its own.
std::optional<RtcpSummary> readRtcp(std::span<const uint8_t> datagram,
                                    std::optional<uint32_t> ourSsrc);

}  // namespace genesys::media
