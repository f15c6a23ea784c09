// The gateway's state as JSON, for query_session and the admin API. SIP loop.
#pragma once

#include "api/event.hpp"
#include "plugin/dn_ownership.hpp"
#include "sip/call.hpp"

namespace genesys::plugin {

class Gateway;
class Line;

/// One page: its DN, registration, PeerConnection and calls with their media counters.
api::Json sessionStatus(Gateway& gateway, PageId page);

/// Counts of everything.
api::Json gatewayStatus(Gateway& gateway);
/// A DN's registration in a word, for operators and figures: "registered", …; "static" if it never
/// registers.
const char* registrationWord(Line& line);
/// A DN: its registration, in words, too, and with `withCalls` its calls.
api::Json lineStatus(Line& line, bool withCalls);
api::Json callStatus(Line& line, const sip::Call& call);
/// Whether the gateway drains, and what is left of its work.
api::Json drainStatus(Gateway& gateway);

}  // namespace genesys::plugin
