#include "sip/session_refresh.hpp"

#include <algorithm>

namespace genesys::sip {

// The rules are those by which the stack agrees (RFC 4028 sections 7.2, 8.2 and 9): who refreshes
// is what the far end's Session-Expires says, else the UAC of the request, else whoever knows
// timers.
void SessionRefresh::agree(const SipMessage& message, bool farEndIsUac) {
  using Refresher = SessionTimerHeaders::Refresher;
  const SessionTimerHeaders& timer = message.sessionTimer;
  timerKnown_ = timerKnown_ || timer.supported;
  if (message.allows) updateAllowed_ = message.allowsUpdate;
  interval_ = timer.expires.count() > 0 ? timer.expires : ours_;
  if (ours_.count() > 0) interval_ = std::min(interval_, ours_);
  if (interval_.count() > 0) interval_ = std::max(interval_, timer.min);
  if (timer.refresher == Refresher::Unsaid)
    refreshHere_ = !timerKnown_ || !farEndIsUac;
  else
    refreshHere_ = (timer.refresher == Refresher::Uac) != farEndIsUac;
}

// At two fifths, so that the stack, whose turn is at the half, finds a session that has been
// refreshed.
std::optional<Millis> SessionRefresh::due() const {
  if (!refreshHere_ || updateAllowed_ || interval_.count() == 0) return std::nullopt;
  return Millis(interval_) * 2 / 5;
}

}  // namespace genesys::sip
