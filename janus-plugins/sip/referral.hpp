// What REFER and Replaces say (RFC 3515, RFC 3891), read and written as text. Pure functions, any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genesys::sip {

/// The identifiers of one dialog as this side sees them (RFC 3261 section 12).
struct DialogId {
  std::string callId;
  std::string localTag;
  std::string remoteTag;
  bool complete() const { return !callId.empty() && !localTag.empty() && !remoteTag.empty(); }
};

/// A Refer-To: where the call goes. Host and parameters are not ours to heed: every call goes by
/// SIP Server.
struct ReferTarget {
  std::string user;      ///< user part, unescaped; never empty
  std::string replaces;  ///< the Replaces that the new INVITE has to carry; "" for a blind transfer
};
/// Reads the value of a Refer-To header; nullopt if it names no user or has control characters.
std::optional<ReferTarget> parseReferTo(std::string_view value);
/// <uri>, or <uri?Replaces=…> for the dialog that the referred party shall take over. `replaced` is
/// that dialog as we see it: its to-tag is that of the far end (RFC 3891 section 3).
std::string formatReferTo(std::string_view uri, const DialogId* replaced);

struct Replaces {
  std::string callId;
  std::string toTag;    ///< our own tag of the dialog that is replaced
  std::string fromTag;  ///< the far end's
  bool earlyOnly = false;
};
/// nullopt if a part is missing.
std::optional<Replaces> parseReplaces(std::string_view value);

/// The status that a message/sipfrag reports ("SIP/2.0 180 Ringing"); code 0 if it is none.
struct SipfragStatus {
  int code = 0;
  std::string phrase;
};
SipfragStatus parseSipfrag(std::string_view body);

/// The digit and its duration of an application/dtmf-relay ("Signal=5\r\nDuration=160") or
/// application/dtmf ("5") body; nullopt if there is none. Default duration: 160 ms.
struct InfoDigit {
  char digit;
  int durationMs = 160;
};
std::optional<InfoDigit> parseDigitInfo(std::string_view contentType, std::string_view body);

}  // namespace genesys::sip
