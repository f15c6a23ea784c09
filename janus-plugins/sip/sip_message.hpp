// What a SIP message says that a call or a registration acts on, copied out of sofia-sip at the
// border: nobody beyond it sees a sip_t. A plain value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "util/clock.hpp"

struct sip_s;

namespace genesys::sip {

struct SipHeader {
  std::string name;
  std::string value;
};

/// What a message says of the session timer (RFC 4028).
struct SessionTimerHeaders {
  enum class Refresher { Unsaid, Uac, Uas };
  bool supported = false;  ///< Supported or Require: timer
  Seconds expires{0};      ///< Session-Expires; 0 if absent
  Seconds min{0};          ///< Min-SE; 0 if absent
  Refresher refresher = Refresher::Unsaid;
};

struct SipMessage {
  int status = 0;  ///< 0 for a request
  std::string phrase;
  std::string source;       ///< IP literal that a new INVITE has come from
  std::string requestUser;  ///< user part of the request-URI: the DN of an INVITE to us
  std::string fromUri;      ///< sip:user@host, without parameters
  std::string fromName;     ///< display name, without quotes
  std::string toUri;
  std::string callId;
  std::string fromTag;
  std::string toTag;
  std::string event;    ///< Event header, for NOTIFY
  std::string referTo;  ///< Refer-To as it came, for REFER
  std::string contentType;
  std::string body;       ///< at most 16 KiB
  std::string reason;     ///< Reason header as it came (RFC 3326)
  Seconds minExpires{0};  ///< of a 423
  Seconds retryAfter{0};
  SessionTimerHeaders sessionTimer;
  bool allows = false;        ///< has an Allow header
  bool allowsUpdate = false;  ///< which names UPDATE
  /// A provisional response that is acknowledged by PRACK, or an INVITE that wants its ones to be
  /// (RFC 3262).
  bool requires100rel = false;
  unsigned site = 0;               ///< that an INVITE outside a dialog came from
  std::vector<SipHeader> headers;  ///< every header in the message's order, at most 64

  /// The first value of a header, "" if absent; any letter case.
  std::string_view header(std::string_view name) const;
};

/// `sip` may be null (an error that the stack made itself); then all is empty.
SipMessage readMessage(const sip_s* sip);

/// Expiry that a 2xx to REGISTER grants to `contactUri` (compared by user, host and port);
/// 0 if it is not among the contacts.
Seconds grantedExpiry(const sip_s* sip, std::string_view contactUri);

}  // namespace genesys::sip
