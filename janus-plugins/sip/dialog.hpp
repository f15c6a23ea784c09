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
                 UpdateReceived, InviteAnswered, ByeAnswered, DialogTerminated>;

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
  virtual void cancel() = 0;
  virtual void bye(const std::string& reason) = 0;
};

}  // namespace genesys::sip
