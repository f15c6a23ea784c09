// The bytes of SIP Server: which headers stand in which order, From and To without angle brackets.
// Pure functions; nothing here knows sockets, timers or calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/sip_message.hpp"

namespace genesys::sim {

/// Allow of a first INVITE and of a re-INVITE: SIP Server writes two different ones.
inline constexpr const char* kAllowInitial =
    "ACK, BYE, CANCEL, INFO, INVITE, MESSAGE, NOTIFY, OPTIONS, PRACK, REFER, UPDATE";
inline constexpr const char* kAllowReinvite =
    "INVITE, ACK, PRACK, CANCEL, BYE, REFER, INFO, MESSAGE, NOTIFY, OPTIONS";

/// A request of ours. Empty fields leave their header out; the order is fixed (see the README).
struct RequestParts {
  std::string method;
  std::string uri;
  std::string from;  ///< whole value with tag
  std::string to;    ///< whole value, verbatim from the peer once it is known
  std::string callId;
  uint32_t cseq = 1;
  std::string viaTransport = "UDP";
  std::string viaSentBy;  ///< ip:port
  std::string branch;
  std::vector<std::string> routes;  ///< URIs of the proxies to pass, the next one first
  std::string contact;              ///< with angle brackets
  std::string allow;
  std::vector<RawHeader> methodHeaders;  ///< Event, Subscription-State, Reason: before Max-Forwards
  bool maxForwards = true;
  std::string callUuid;       ///< X-Genesys-CallUUID
  bool sessionTimer = false;  ///< Session-Expires: 1800;refresher=uac and Min-SE: 90
  std::string supported;
  std::vector<RawHeader> extra;  ///< last
  std::string contentType;
  std::string body;
};
std::string writeRequest(const RequestParts& parts);

/// The ACK of a non-2xx answer: Via first, no X-Genesys-CallUUID (RFC 3261 section 17.1.1.3).
std::string writeFailureAck(const RequestParts& invite, const std::string& toOfResponse);

/// The CANCEL of `invite`: same Via branch, To without tag, no X-Genesys-CallUUID.
std::string writeCancel(const RequestParts& invite);

struct ResponseParts {
  int status = 200;
  std::string phrase = "OK";
  std::string toTag;  ///< added to To when the request had none; empty for 100
  std::vector<RawHeader> headers;
  std::string contentType;
  std::string body;
};
/// Echoes From, To, Call-ID, CSeq, Via in the order of the request; Via gets `;received=` at its
/// end and a valueless rport stays valueless (RFC 3581 is not honoured).
std::string writeResponse(const SipMessage& request, const std::string& receivedFrom,
                          const ResponseParts& parts);

/// The usual phrase of a status, "Unknown" for one without.
const char* phraseOf(int status);

}  // namespace genesys::sim
