// A request of the page: one sum type, parsed and checked as a whole before anything acts on it.
#pragma once

#include <jansson.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/error.hpp"
#include "util/result.hpp"

namespace genesys::api {

/// SDP from or to the browser. `sdp` is at most 16 KiB.
struct Jsep {
  enum class Type { Offer, Answer } type;
  std::string sdp;
};

using Headers = std::map<std::string, std::string>;

/// Sign in to a DN. Exactly one of token and secret, as the configuration demands.
struct Register {
  std::string dn;                     ///< from "7001", "sip:7001" or "sip:7001@ignored"
  std::optional<std::string> token;   ///< JWT
  std::optional<std::string> secret;  ///< the DN's agent password (lab)
  /// Instead of them: what `registered` told another page of the agent; this one is its helper.
  std::optional<uint64_t> masterId{};
  bool incomingOffer = true;         ///< no PeerConnection: put our own offer into incomingcall
  std::vector<std::string> ignored;  ///< fields of Janus's SIP plugin that the browser may not set
};
/// How a page wants the SIP side's audio encrypted, in the words of Janus's SIP plugin.
struct SrtpWish {
  enum class Kind {
    None,       ///< as the DN is configured
    Optional,   ///< "sdes_optional"
    Mandatory,  ///< "sdes_mandatory"
  } kind = Kind::None;
  std::string profile;  ///< the only crypto suite to use; empty: any that is configured
};
struct Unregister {};
struct Call {
  std::string target;  ///< SIP user part: from "5551234", "sip:5551234" or "sip:5551234@ignored"
  Headers headers;     ///< names still to be held against the allow-list
  bool earlyAnswer = false;  ///< JSEP answer already in `calling` (default: progress / accepted)
  std::optional<uint32_t>
      referId{};  ///< the call that a REFER asks for; `target` is not heeded then
  SrtpWish srtp{};
};
struct Accept {
  std::optional<std::string> callId;  ///< may be left out while only one call can be meant
  Headers headers;
  SrtpWish srtp{};
};
/// Early media to a call that rings (183 with SDP); `accept` may follow.
struct SendProgress {  ///< "progress"
  std::optional<std::string> callId;
  Headers headers;
  SrtpWish srtp{};
};
struct Decline {
  std::optional<std::string> callId;
  int code = 486;                   ///< 400-699
  std::optional<uint32_t> referId;  ///< declines a REFER instead of a call
};
struct Hangup {
  std::optional<std::string> callId;
};
/// The far end is not heard any more and hears nothing of the agent.
struct Hold {
  std::optional<std::string> callId;
  enum class Direction { SendOnly, Inactive, RecvOnly } direction = Direction::SendOnly;
};
/// Retrieves a call; other calls of the agent are held first.
struct Unhold {
  std::optional<std::string> callId;
};
/// One conversation of several calls and the agent, mixed in the gateway.
struct Merge {
  std::vector<std::string> callIds;  ///< 2-4 and each once; empty: every answered call
};
/// Sends the far end elsewhere: to a number, or to the far end of another call of this DN.
struct Transfer {
  std::optional<std::string> callId;
  std::string target;   ///< SIP user part; not heeded in an attended transfer
  std::string replace;  ///< id of the consultation call; empty for a blind transfer
};
/// A text in the call's dialog, or (a message) to a user of SIP Server.
struct SendInfo {
  std::optional<std::string> callId;
  std::string type, content;
  Headers headers;
};
struct SendMessage {
  std::optional<std::string> callId;
  std::string target;  ///< SIP user part; empty: in the call
  std::string type = "text/plain", content;
  Headers headers;
};
/// News of SIP Server about a user, in NOTIFYs (RFC 6665).
struct Subscribe {
  std::string event;               ///< event package, a token
  std::string target;              ///< SIP user part; empty: the DN itself
  std::string accept;              ///< media type; empty: the package's own
  std::chrono::seconds ttl{1800};  ///< 60-86400 s
};
struct Unsubscribe {
  std::string event, target;
};
struct SendDigit {  ///< "dtmf_info"
  std::optional<std::string> callId;
  char digit = '0';                         ///< 0-9 * # A-D
  std::chrono::milliseconds duration{160};  ///< 40-5000 ms
};
/// Writes both sides of a call, or one, into files of the gateway.
struct Record {  ///< "recording"
  std::optional<std::string> callId;
  enum class Action { Start, Stop, Pause, Resume } action = Action::Start;
  bool audio = false;      ///< the agent's side
  bool peerAudio = false;  ///< the far end's
  enum class Format { Mjr, Wav, Opus } format = Format::Mjr;
  std::string tag;  ///< 0-64 of A-Z a-z 0-9 . _ -, not beginning with a dot: part of the names
};
/// How loud either side of a call is for the other; what is not named stays as it is.
struct ChangeVolume {  ///< "volume"
  std::optional<std::string> callId;
  std::optional<bool> muted, peerMuted;
  std::optional<int> gainDb, peerGainDb;  ///< -20 to 20
};
/// A new PeerConnection or an ICE restart on this handle; audio follows it.
struct Update {};
/// Fresh TURN credentials.
struct IceServers {};
/// The state of DN and calls, as `registered` carries it.
struct Query {};

using Action = std::variant<Register, Unregister, Call, Accept, Decline, Hangup, SendDigit, Update,
                            IceServers, Query, Hold, Unhold, Merge, Transfer, SendInfo, SendMessage,
                            SendProgress, Subscribe, Unsubscribe, Record, ChangeVolume>;

struct Request {
  Action action;
  std::optional<Jsep> jsep;
};

/// Reads `message` (the request body) and `jsep` (may be null). Both stay the caller's; any thread.
/// Errors: InvalidJson, UnknownRequest, MissingField, InvalidField, InvalidAddress, MissingJsep.
Result<Request, ApiError> parseRequest(const json_t* message, const json_t* jsep);

}  // namespace genesys::api
