// What the plugin tells a page: one sum type, turned into JSON in one place.
#pragma once

#include <jansson.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/error.hpp"
#include "api/request.hpp"

namespace genesys::api {

struct JsonDelete {
  void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, JsonDelete>;

struct IceServer {
  std::vector<std::string> urls;
  std::string username;  ///< empty for STUN
  std::string credential;
};

/// How loud either side of a call is for the other.
struct CallVolume {
  bool muted = false;
  bool peerMuted = false;
  int gainDb = 0;
  int peerGainDb = 0;
  bool operator==(const CallVolume&) const = default;
};

/// One live call, as `registered` lists it.
struct CallInfo {
  std::string callId;
  std::string direction;  ///< "in" or "out"
  std::string state;      ///< "ringing", "calling", "early", "established", "ending"
  std::string peerUri;
  std::string peerName;
  std::string uuid;  ///< X-Genesys-CallUUID
  Headers headers;
  std::chrono::milliseconds age{0};       ///< since INVITE
  std::chrono::milliseconds answered{0};  ///< since the answer, 0 before
  std::string sipCodec;                   ///< "PCMU/8000", empty before it is known
  std::string browserCodec;               ///< "opus/48000/2"
  std::string hold = "none";              ///< "none", "local", "remote", "both"
  bool merged = false;                    ///< in one conversation with other calls
  bool heard = false;                     ///< its audio is what the agent hears
  std::string srtp{};                     ///< crypto suite of the SIP side; empty: plain RTP
  std::string recording{};                ///< "on", "paused", or empty
  CallVolume volume{};
  bool operator==(const CallInfo&) const = default;
};

/// The answer to a sign-in and to `query`, and part of every later change of the DN's state.
struct SignedIn {
  std::string dn;
  std::string subject;
  std::string displayName;
  std::vector<CallInfo> calls;
  std::vector<IceServer> iceServers;
  std::vector<std::string> ignored;
  std::optional<std::chrono::seconds> tokenExpiresIn;
  std::chrono::seconds resumeWindow{30};
  uint64_t masterId = 0;  ///< whoever names it becomes a helper of this page's
  bool helper = false;    ///< this page is one
};

struct Registering {
  SignedIn session;
};
struct Registered {
  SignedIn session;
};
struct RegistrationFailed {
  std::string dn;
  int code = 0;        ///< SIP status; 0 if there was no answer
  std::string reason;  ///< in words
  std::chrono::milliseconds retryIn{0};
};
/// The answer to `unregister`; `unregistered` follows.
struct Unregistering {
  std::string dn;
};
struct Unregistered {
  std::string dn;
};
/// Another page of the same subject signed in to the DN; this handle has nothing any more.
struct TakenOver {
  std::string dn;
};
/// The gateway drains and this DN is idle: the handle is signed out, another gateway takes it.
struct Draining {
  std::string dn;
};
struct IncomingCall {
  std::string callId, callerUri, callerName, callee, uuid;
  Headers headers;
  /// Who sends the call here and whose place it takes, as the INVITE says it; absent if empty.
  struct Origin {
    std::string referredBy, replaces, assertedIdentity, diversion, historyInfo;
  } origin{};
  std::optional<std::chrono::milliseconds> autoAnswer{};  ///< the gateway answers after so long
  std::string srtp{};  ///< what the caller asks for: "sdes_optional", "sdes_mandatory" or nothing
};
struct Calling {
  std::string callId, target;
  std::string srtp{};  ///< what is offered: as in IncomingCall
};
struct Proceeding {
  std::string callId;
  int code = 0;
};
struct Ringing {
  std::string callId;
};
/// Early media: 180 or 183 with SDP.
struct Progress {
  std::string callId, peerUri;
};
struct Accepting {
  std::string callId;
};
struct Accepted {
  std::string callId, peerUri;
  Headers headers;
  std::string sipCodec, browserCodec;
  std::string uuid;
  std::string srtp{};  ///< as in CallInfo
};
struct Declining {
  std::string callId;
  int code = 0;
};
struct HangingUp {
  std::string callId;
};
struct HungUp {  ///< "hangup"
  std::string callId;
  int code = 0;              ///< SIP status, or 200 for a normal end
  std::string reason;        ///< in words
  std::string reasonHeader;  ///< the far end's Reason header as it came, empty if none
};
struct DigitSent {
  std::string callId;
  char digit;
};
struct DigitReceived {
  std::string callId;
  char digit;
  std::chrono::milliseconds duration;
};
/// The call is heard one way at best, or both ways again; "audio".
struct AudioNews {
  std::string callId;
  bool browser = false;   ///< it is the agent's voice that is missing, else the far end's
  bool received = false;  ///< it is back
  std::string reason;     ///< in words, while it is missing
};
/// The answer to `update`, and the news that audio rides on the new PeerConnection.
struct Updated {
  std::vector<std::string> callIds;
};
struct Holding {
  std::string callId;
};
struct Resuming {
  std::string callId;
};
struct Merged {
  std::vector<std::string> callIds;
};
/// Hold, retrieve, another UUID, codec or place in the mix: what the page is shown has changed.
struct CallChanged {
  std::string callId;
  CallInfo call;
};
struct UpdateFailed {
  std::string callId;
  std::string request;  ///< "hold" or "unhold"
  int code = 0;         ///< SIP status
  std::string reason;
};
/// The desktop asks the phone to answer (NOTIFY Event: talk).
struct Talk {
  std::string callId;
  bool answers = false;    ///< the gateway answers; else the agent has to
  std::string waitingFor;  ///< "audio", "agent" or nothing
};
struct IceServersEvent {
  std::vector<IceServer> iceServers;
};
/// The REFER is out.
struct Transferring {
  std::string callId, referTo;
};
struct TransferProgress {
  std::string callId;
  int code = 0;  ///< SIP status
  std::string reason;
  bool final = false;
};
/// SIP Server asks this DN to call somebody (REFER); "transfer".
struct TransferAsked {
  std::string callId;
  uint32_t referId = 0;
  std::string referTo, referredBy, replaces;
  bool accepted = false;  ///< the gateway calls by itself
};
/// That call is not made after all.
struct CallDenied {
  std::string callId;
  uint32_t referId = 0;
  std::string target;
  ErrorCode code{};
  std::string reason;
};
/// A text that was sent or came; without a call its callId is empty.
struct InfoSent {
  std::string callId;
};
struct MessageSent {
  std::string inCall;
};
struct MessageDelivery {
  std::string inCall;
  int code = 0;
  std::string reason;
};
struct TextReceived {
  std::string sender, senderName, type, content;
  Headers headers;
};
struct InfoReceived {
  std::string callId;
  TextReceived text;
};
struct MessageReceived {
  std::string inCall;
  TextReceived text;
};

struct Subscribing {
  std::string package, target;
};
struct SubscribeSucceeded {
  std::string package, target;
  int code = 0;  ///< SIP status
};
struct SubscribeFailed {
  std::string package, target;
  int code = 0;
  std::string reason;
};
struct Unsubscribing {
  std::string package, target;
};
/// A NOTIFY: of a subscription, or about a transfer (then in its call).
struct Notify {
  std::string inCall;
  std::string package;   ///< "message-summary", "refer", ...
  std::string target;    ///< whom it is about; empty in a call
  std::string substate;  ///< Subscription-State without its parameters
  TextReceived text;
};

/// A recording begins, goes on, pauses, or is over; the answer to `recording`, too.
struct RecordingUpdated {
  std::string callId;
  std::string state;  ///< "recording", "paused", "stopping", "stopped", "failed"
  std::vector<std::string> files;
  std::string reason;  ///< why it is over, if the page has not asked for that
  std::optional<std::chrono::milliseconds> length{};   ///< of what is in the files, at the end
  std::optional<std::chrono::milliseconds> dropped{};  ///< of it, silence for want of disk speed
};

/// The answer to `volume`: all that holds now.
struct VolumeChanged {  ///< "volume"
  std::string callId;
  CallVolume volume;
};

using Event =
    std::variant<Registering, Registered, RegistrationFailed, Unregistered, TakenOver, IncomingCall,
                 Calling, Proceeding, Ringing, Progress, Accepting, Accepted, Declining, HangingUp,
                 HungUp, DigitSent, DigitReceived, AudioNews, Updated, IceServersEvent, Holding,
                 Resuming, Merged, CallChanged, UpdateFailed, Talk, Transferring, TransferProgress,
                 TransferAsked, InfoSent, MessageSent, MessageDelivery, InfoReceived,
                 MessageReceived, Unregistering, Subscribing, SubscribeSucceeded, SubscribeFailed,
                 Unsubscribing, Notify, CallDenied, RecordingUpdated, VolumeChanged, Draining>;

/// What Janus's event handlers are told of: an agent wanted to make a call that it may not make.
struct Incident {
  ErrorCode code{};
  std::string dn, subject, target, reason;
};

/// {"sip":"event","call_id":...,"result":{"event":...,...}}, the envelope of Janus's SIP plugin.
Json toJson(const Event& event);
/// {"sip":"event","error_code":...,"error":...,"error_name":...,"field":...}
Json toJson(const ApiError& error);
/// {"event":"destination_denied","code":470,"dn":...,"subject":...,"number":...,"reason":...}
Json toJson(const Incident& incident);
/// {"type":"offer"|"answer","sdp":...}
Json toJson(const Jsep& jsep);

}  // namespace genesys::api
