// The gateway's state as JSON, for query_session and the admin API. SIP loop.
#pragma once

#include "api/event.hpp"
#include "plugin/dn_ownership.hpp"

namespace genesys::plugin {

class Gateway;
class Line;

/// One page: its DN, registration, PeerConnection and calls with their media counters.
api::Json sessionStatus(Gateway& gateway, PageId page);

/// Answers an admin request: {"request": "status"}, {"request": "list_dns"},
/// {"request": "show_dn", "dn": "7001"} or {"request": "list_calls"}. Errors come as
/// {"error_code", "error", "field"}.
api::Json adminAnswer(Gateway& gateway, const json_t* request);

}  // namespace genesys::plugin
