// One SIP dialog (or the attempt at one) as a call sees it: what can be done to it and what it
// tells. user_agent.cpp implements it over sofia-sip's nua; tests implement it in memory. SIP loop.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sip/sip_message.hpp"

namespace genesys::sip {

// What a dialog tells its owner.
struct InviteReceived {
  SipMessage message;
};  ///< a re-INVITE; the first one comes to the UserAgent
struct AckReceived {
  SipMessage message;
};
struct CancelReceived {
  SipMessage message;
};
struct ByeReceived {
  SipMessage message;
};  ///< answered 200 already
struct NotifyReceived {
  SipMessage message;
};  ///< answered 200 already
struct UpdateReceived {
  SipMessage message;
};
struct PrackReceived {
  SipMessage message;
};  ///< answered 200 already
struct InfoReceived {
  SipMessage message;
};  ///< answered 200 already
struct MessageReceived {
  SipMessage message;
};  ///< answered 200 already
struct ReferReceived {
  SipMessage message;
};  ///< to be answered at once, by respondToRefer()
/// The final answer to a SendInfo, SendMessage or SendRefer; they are answered in order.
struct RequestAnswered {
  std::string method;  ///< "INFO", "MESSAGE", "REFER"
  int status = 0;
  std::string phrase;
};
struct InviteAnswered {
  SipMessage message;
};  ///< provisional or final; status is set
struct ByeAnswered {
  int status = 0;
};
/// The dialog is gone whatever the reason; nothing comes after it. `status` 0 for a plain end.
struct DialogTerminated {
  int status = 0;
  std::string phrase;
};
using DialogEvent =
    std::variant<InviteReceived, AckReceived, CancelReceived, ByeReceived, NotifyReceived,
                 UpdateReceived, PrackReceived, InfoReceived, MessageReceived, ReferReceived,
                 RequestAnswered, InviteAnswered, ByeAnswered, DialogTerminated>;

class DialogOwner {
 public:
  virtual ~DialogOwner() = default;
  virtual void onDialogEvent(const DialogEvent& event) = 0;
};

/// What a request or response carries beyond its start line. Strings are checked by the caller:
/// no control characters (api/ guarantees it for what came from a page).
struct DialogBody {
  std::string sdp;  ///< empty: no body
  std::vector<SipHeader> headers;
};

/// A text of any type in a request; checked by the caller like DialogBody's headers.
struct SipContent {
  std::string type;  ///< such as "application/x-www-form-urlencoded"
  std::string text;
  std::vector<SipHeader> headers;
};

// Requests in an established dialog besides INVITE and BYE.
struct SendInfo {
  SipContent content;
};
struct SendMessage {
  SipContent content;
};
struct SendRefer {
  std::string referTo;     ///< as formatReferTo() writes it
  std::string referredBy;  ///< our own URI in angle brackets
};
/// How far the call is that a REFER asked for (RFC 3515 section 2.4.5).
struct SendReferProgress {
  int status = 100;  ///< 200 and above is the last
  std::string phrase;
};
using DialogRequest = std::variant<SendInfo, SendMessage, SendRefer, SendReferProgress>;

class Dialog {
 public:
  virtual ~Dialog() = default;
  /// Events go to `owner` from now on; nullptr: nowhere.
  virtual void setOwner(DialogOwner* owner) = 0;
  /// The first INVITE, or a re-INVITE in an established dialog.
  virtual void invite(const DialogBody& body) = 0;
  /// Responds to the INVITE that waits, 180-699. `phrase` must live for ever: nua keeps the pointer
  /// and reads it later.
  virtual void respond(int status, const char* phrase, const DialogBody& body) = 0;
  /// Responds to the UPDATE that waits.
  virtual void respondToUpdate(int status, const char* phrase, const DialogBody& body) = 0;
  /// Answers the REFER that is being told: 202, or a refusal.
  virtual void respondToRefer(int status, const char* phrase) = 0;
  virtual void send(const DialogRequest& request) = 0;
  virtual void cancel() = 0;
  virtual void bye(const std::string& reason) = 0;
};

}  // namespace genesys::sip
