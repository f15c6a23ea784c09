// RTP packets (RFC 3550) and telephone events (RFC 4733), as far as the stand-in speaks them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace genesys::sim {

inline constexpr size_t kMaxRtp = 1500;  // octets

struct RtpPacket {
  int payloadType = 0;
  bool marker = false;
  uint16_t sequence = 0;
  uint32_t timestamp = 0;  ///< 8000 Hz
  uint32_t ssrc = 0;
  std::span<const uint8_t> payload;  ///< of the buffer it was parsed from
};

/// Nothing if it is no RTP version 2; skips CSRCs, an extension and padding.
std::optional<RtpPacket> parseRtp(std::span<const uint8_t> bytes);
std::vector<uint8_t> writeRtp(const RtpPacket& packet);

struct TelephoneEvent {
  int event = 0;  ///< 0-15
  bool end = false;
  int volume = 10;        ///< -dBm0
  uint16_t duration = 0;  ///< units of 1/8000 s
};
std::optional<TelephoneEvent> parseTelephoneEvent(std::span<const uint8_t> payload);
std::vector<uint8_t> writeTelephoneEvent(const TelephoneEvent& event);

/// `0`-`9`, `*`, `#`, `A`-`D` as events 0-15 (RFC 4733 table 3); -1 for another character.
int eventOfDigit(char digit);
char digitOfEvent(int event);

/// What a receiver counts about one direction (RFC 3550 appendix A.1 and A.3).
struct ReceptionStatistics {
  uint64_t packets = 0;
  uint64_t octets = 0;
  uint64_t lost = 0;  ///< gaps in sequence numbers, late packets taken back
  uint64_t reordered = 0;
  uint64_t ssrcChanges = 0;
  uint64_t timestampJumps = 0;  ///< timestamp went backwards or over 10 minutes ahead
  uint32_t ssrc = 0;

  void count(const RtpPacket& packet);

 private:
  void restart(const RtpPacket& packet);

  bool started_ = false;
  uint16_t lastSequence_ = 0;
  uint32_t lastTimestamp_ = 0;
};

}  // namespace genesys::sim
