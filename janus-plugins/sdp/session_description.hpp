// An SDP session description as far as one audio call needs it (RFC 8866), and its strict reader
// and writer. Used for the SIP side and for JSEP alike; sofia-sip never parses SDP here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/crypto.hpp"
#include "util/result.hpp"

namespace genesys::sdp {

inline constexpr size_t kMaxSdpOctets = 16 * 1024;
inline constexpr size_t kMaxSdpLines = 200;

/// Media direction as the writer of the description sees it (RFC 8866 section 6.7).
enum class Direction { SendRecv, SendOnly, RecvOnly, Inactive };

/// One format of an m= line with its a=rtpmap and a=fmtp.
struct Format {
  uint8_t payloadType = 0;
  std::string encoding;    ///< as written; empty if a static type came without a=rtpmap
  uint32_t clockRate = 0;  ///< Hz; 0 if there was no a=rtpmap
  uint8_t channels = 1;
  std::string parameters;  ///< the value of a=fmtp, without the payload type
};

/// One m= section. Formats keep their order of preference.
struct Media {
  std::string kind;                    ///< audio, video, application, ...
  uint16_t port = 0;                   ///< 0 = refused or disabled (RFC 3264 section 6)
  std::string protocol;                ///< RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVPF, ...
  std::vector<Format> formats;         ///< empty for lines that are not RTP
  std::string rawFormats;              ///< the m= line's format list as written, to refuse it alike
  std::optional<std::string> address;  ///< its own c= line
  std::optional<Direction> direction;  ///< none written: the session's, else sendrecv
  std::optional<uint16_t> ptimeMs;
  std::optional<uint16_t> maxPtimeMs;
  std::optional<uint16_t> rtcpPort;  ///< a=rtcp (RFC 3605)
  bool rtcpMux = false;
  bool voipMetrics = false;    ///< a=rtcp-xr asks for them (RFC 3611 section 5.1)
  std::string mid;             ///< a=mid; empty if none
  std::vector<Crypto> crypto;  ///< usable a=crypto lines (RFC 4568), in their writer's order
  std::vector<std::string> unusedCrypto;  ///< why others cannot be used
};

struct SessionDescription {
  std::string originUser = "-";
  uint64_t sessionId = 0;
  uint64_t version = 0;
  std::string originAddress;
  std::string sessionName = "-";
  std::optional<std::string> address;  ///< session-level c=
  std::optional<Direction> direction;  ///< session-level default
  std::vector<Media> media;

  /// The c= address that counts for one of its media; empty if neither level has one.
  std::string addressOf(const Media& line) const;
  Direction directionOf(const Media& line) const;
};

/// Why a text is not a usable description; `line` counts from 1, 0 if it concerns the whole.
struct SdpError {
  size_t line = 0;
  std::string reason;
};

/// Reads at most kMaxSdpOctets and kMaxSdpLines; CRLF or LF. Unknown attributes and lines are
/// skipped, malformed known ones are errors.
Result<SessionDescription, SdpError> parse(std::string_view text);

/// Writes it with CRLF line ends, in the order of RFC 8866 section 5.
std::string toString(const SessionDescription& description);

}  // namespace genesys::sdp
