// A SIP message as it came from the network: typed fields read by sofia's parser, and every header
// line verbatim, because SIP Server echoes them in the order they came. A plain value.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.hpp"

namespace genesys::sim {

/// One header line, unfolded; compact names are written out.
struct RawHeader {
  std::string name;
  std::string value;
};

struct SipUri {
  std::string text;  ///< as sofia prints it, without angle brackets
  std::string user;
  std::string host;
  uint16_t port = 0;      ///< 0: none given
  std::string transport;  ///< the transport parameter, empty if none
};

struct TopVia {
  std::string host;
  uint16_t port = 5060;
  std::string branch;
};

struct SipMessage {
  bool isRequest = false;
  std::string method;  ///< of a request; of a response, the method in its CSeq
  SipUri requestUri;
  int status = 0;
  std::string phrase;

  SipUri from, to;
  std::string fromTag, toTag;
  std::string callId;
  uint32_t cseq = 0;
  TopVia via;
  std::optional<SipUri> contact;
  bool contactStar = false;                ///< `Contact: *`
  std::vector<SipUri> recordRoute;         ///< in the order in which they stand
  std::optional<uint32_t> contactExpires;  ///< seconds
  std::optional<uint32_t> expires;         ///< seconds
  /// Parameters of Authorization or Proxy-Authorization (Digest only), unquoted, names lower case.
  std::map<std::string, std::string> credentials;
  std::string contentType;
  std::string body;
  std::vector<RawHeader> headers;

  /// The first header of that name (compared without case) or nullptr.
  const std::string* header(std::string_view name) const;
};

/// At most 64 KiB. The error says what is missing or malformed.
Result<SipMessage> parseSip(std::string_view bytes);

}  // namespace genesys::sim
