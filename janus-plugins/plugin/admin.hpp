// What an administrator may ask of the gateway by Janus's admin API. SIP loop.
#pragma once

#include "api/event.hpp"

namespace genesys::plugin {

class Gateway;

/// Answers a request such as {"request": "show_dn", "dn": "7001"}; docs/operations.md lists them.
/// Errors come as {"error_code", "error_name", "error", "field"}.
api::Json adminAnswer(Gateway& gateway, const json_t* request);

}  // namespace genesys::plugin
