// The Reason header (RFC 3326) and what it tells the agent: SIP Server puts the failure of the far
// leg on the BYE of ours (dialect, section 2). Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genesys::sip {

struct Reason {
  std::string protocol;  ///< "SIP", "Q.850", ...
  int cause = 0;         ///< 0 if it names none
  std::string text;      ///< without quotes; "" if it has none
};

/// The first SIP reason of a header value, else its first reason; nullopt if there is none.
std::optional<Reason> parseReason(std::string_view header);

/// "403 Forbidden from 5551234": why a call that the desktop made did not come about. `peerUri` is
/// the number that was dialled; a Reason without a text gets RFC 3261's phrase.
std::string explainFailure(const Reason& reason, std::string_view peerUri);

}  // namespace genesys::sip
