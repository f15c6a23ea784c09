// When a call has to refresh its session by a re-INVITE (RFC 4028), as a value without I/O. The
// stack agrees on the timer, refreshes by UPDATE, and ends a session that the far end ought to have
// refreshed; this is for a far end without UPDATE, to which only a call knows the SDP. SIP loop.
#pragma once

#include <optional>

#include "sip/sip_message.hpp"

namespace genesys::sip {

class SessionRefresh {
 public:
  /// `ours` is what we ask for; 0: nothing.
  explicit SessionRefresh(Seconds ours) : ours_(ours) {}

  /// An INVITE or UPDATE of the far end that we have answered with 2xx.
  void answered(const SipMessage& request) { agree(request, true); }
  /// A 2xx to an INVITE of ours.
  void accepted(const SipMessage& response) { agree(response, false); }

  /// How long after the last of these the re-INVITE is due; none if it is not ours to send.
  std::optional<Millis> due() const;

 private:
  void agree(const SipMessage& message, bool farEndIsUac);

  Seconds ours_;
  bool timerKnown_ = false;     ///< the far end supports the extension
  bool updateAllowed_ = false;  ///< as its last Allow says
  bool refreshHere_ = false;
  Seconds interval_{0};  ///< 0: no session timer
};

}  // namespace genesys::sip
