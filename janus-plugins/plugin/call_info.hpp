// A call of the SIP side as the API tells it. Pure.
#pragma once

#include <string>
#include <vector>

#include "api/event.hpp"
#include "sip/call.hpp"

namespace genesys::plugin {

/// `readableHeaders`: the allow-list of header names that reach the page; `now` is monotonic.
api::CallInfo describeCall(const sip::Call& call, const std::vector<std::string>& readableHeaders,
                           MonoTime now);

}  // namespace genesys::plugin
