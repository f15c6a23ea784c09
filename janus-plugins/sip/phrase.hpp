// Reason phrases of the statuses that we send ourselves (RFC 3261 section 21).
#pragma once

namespace genesys::sip {

/// A literal, since nua keeps the pointer; "Decline" or "Declined" for a status without one here.
const char* reasonPhrase(int status);

}  // namespace genesys::sip
