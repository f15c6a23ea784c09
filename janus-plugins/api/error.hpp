// The one table of error codes of the JSON API. Codes below 460 are those of Janus's SIP plugin
// where they mean the same; the others are ours. docs/api.md lists them with examples.
#pragma once

#include <string>

namespace genesys::api {

enum class ErrorCode {
  InvalidJson = 441,     ///< the message is not a JSON object
  UnknownRequest = 442,  ///< no request of that name
  MissingField = 443,
  InvalidField = 444,     ///< wrong type, too long, control character, out of range
  AlreadySignedIn = 445,  ///< this handle has signed in to another DN
  InvalidAddress = 446,   ///< what is to be dialled is no number or SIP user
  WrongState = 447,       ///< not now: not signed in, no such call phase
  MissingJsep = 448,      ///< no PeerConnection and none offered
  SipFailure = 449,       ///< the SIP stack or SIP Server refused
  RecordingFailed = 451,  ///< not configured, not allowed, or none to act on
  UnusableJsep = 452,     ///< no audio line with Opus
  NoSuchCall = 454,
  BadCredential = 460,  ///< token or password wrong, missing, of the wrong kind
  TokenExpired = 461,
  DnNotAllowed = 462,  ///< the token does not name this DN
  UnknownDn = 463,     ///< not in the configuration
  DnInUse = 464,       ///< signed in by another subject
  TooManyHandles = 465,
  HeaderNotAllowed = 466,
  CallInProgress = 467,     ///< sign-out while a call lives
  NotInService = 468,       ///< the DN is not registered at SIP Server
  NoMedia = 469,            ///< RTP ports or descriptors exhausted
  DestinationDenied = 470,  ///< the dial plan does not let this agent call it
  TooManyCalls = 471,       ///< of this agent, at once or in a minute
  Draining = 472,           ///< this gateway takes no new calls and agents; others do
  Internal = 499,
};

/// A refused request: the code, a sentence, and the JSON field that is at fault ("" if none is).
struct ApiError {
  ErrorCode code;
  std::string message;
  std::string field;
};

/// The name in docs/api.md and in the event's `error_name`, such as "missing_field".
const char* errorName(ErrorCode code);

}  // namespace genesys::api
