// Session descriptions of one audio line, read leniently and written the way SIP Server's peers
// write them: lower-case names, few attributes (RFC 4566, RFC 3264). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.hpp"

namespace genesys::sim {

struct PayloadFormat {
  int payloadType = 0;
  std::string encoding;  ///< `pcmu/8000`, as written; empty for an unknown static type
  std::string fmtp;      ///< empty: none

  std::string name() const { return encoding.substr(0, encoding.find('/')); }
};

struct SessionDescription {
  std::string user = "Genesys";
  uint64_t sessionId = 0;
  uint64_t version = 1;
  std::string originIp;  ///< empty: as `ip`
  std::string name = "GSept-9.0.022.05";
  std::string ip;
  uint16_t port = 0;
  std::vector<PayloadFormat> formats;
  std::string direction;  ///< sendrecv when empty; written only if not empty
  int ptime = 0;          ///< ms; 0: not given

  /// `c=IN IP4 0.0.0.0` or port 0: nobody listens there.
  bool isBlackHole() const { return port == 0 || ip == "0.0.0.0"; }
  const PayloadFormat* telephoneEvent() const;
};

/// At most 16 KiB; takes the first audio line. The error names what is missing.
Result<SessionDescription> parseSdp(std::string_view text);
std::string writeSdp(const SessionDescription& description);

/// What SIP Server puts into an ACK when it has no answer: telephone-event first, no fmtp for it.
SessionDescription blackHole(uint64_t sessionId);

/// The formats that Genesys' own softphone offers: 0 8 9 102 103 104 18 120 101.
std::vector<PayloadFormat> referenceFormats();

}  // namespace genesys::sim
