// Which a=crypto lines two sides agree on (RFC 4568 sections 5.1 and 7): the part of offer/answer
// that concerns encryption. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sdp/session_description.hpp"

namespace genesys::sdp {

/// What encryption a side allows.
struct SrtpTerms {
  SrtpPolicy policy = SrtpPolicy::Off;
  std::vector<const media::SrtpSuite*> suites;  ///< allowed, in order of preference
  bool operator==(const SrtpTerms&) const = default;
};

/// What this side says of encryption in one description.
struct LocalSrtp : SrtpTerms {
  std::vector<media::SrtpKey> fresh;  ///< a new key of ours for each suite
  /// What the dialog uses already. Its key stays ours in an offer, and in the answer to a far end
  /// that has kept its own.
  std::optional<media::SrtpKeys> inUse;
};

/// RTP/SAVP, or RTP/SAVPF whose feedback is optional: SRTP with keys from SDP. DTLS has another
/// name.
bool isSecureRtp(const Media& line);

/// What `line`, of an offer, asks for; Off if it has nothing of SDES that can be used.
SrtpPolicy srtpAskedBy(const Media& line);

/// RTP/SAVP if encryption is mandatory, RTP/AVP with a=crypto lines if it is optional: those who
/// do not know a=crypto skip it, and talk all the same (as Janus's SIP plugin does).
void offerSrtp(const LocalSrtp& local, Media& line);

/// None: plain RTP.
struct SrtpChoice {
  std::optional<media::SrtpKeys> keys;
  uint32_t tag = 1;  ///< of the line that was chosen
};

/// What answers the line `offered`: the first of its a=crypto lines whose suite is allowed. The
/// reason if it cannot be taken as it is. Nothing flows to a `blackHole` (0.0.0.0), which SIP
/// Server describes without keys: it may stay plain whatever the policy.
Result<SrtpChoice> answerSrtp(const Media& offered, const LocalSrtp& local, bool blackHole);

/// What the far end's answer to our line `offered` means; either profile does for either policy.
Result<SrtpChoice> acceptSrtp(const Media& offered, const Media& answered, bool blackHole);

}  // namespace genesys::sdp
