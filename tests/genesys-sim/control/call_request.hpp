// Reads the bodies of the control interface into what they ask for. Pure.
#pragma once

#include <string>

#include "call/caller_call.hpp"
#include "sip_server.hpp"

namespace genesys::sim {

/// POST /calls. The error names the field.
Result<CallerOptions> parseCallRequest(const std::string& body);
/// POST /calls/ID/reinvite.
Result<ReinviteOptions> parseReinvite(const std::string& body);
/// POST /calls/ID/connect.
Result<PartyOptions> parseConnect(const std::string& body);
/// POST /calls/ID/complete.
Result<Completion> parseCompletion(const std::string& body);
/// POST /fail: `{"register": 503, "count": 3}`, one method or several.
struct FaultRequest {
  std::map<std::string, int> statuses;  ///< method in upper case → status, 0 for silence
  int64_t count = -1;
  unsigned stale = 0;  ///< so many valid digests are called stale
};
Result<FaultRequest> parseFaults(const std::string& body);

}  // namespace genesys::sim
