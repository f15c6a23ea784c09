// The ICE servers a page is told of, with TURN credentials that expire. Pure, any thread.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "api/event.hpp"
#include "settings/config.hpp"

namespace genesys::settings {

/// STUN URLs as they are; TURN URLs with the credentials that coturn's use-auth-secret checks
/// (draft-uberti-behave-turn-rest-00): username "<unix time of expiry>:<subject>", credential
/// base64(HMAC-SHA1(secret, username)). Of `subject`, what is not [A-Za-z0-9._@-] becomes "_" and
/// 64 characters count. `now` is wall-clock time.
std::vector<api::IceServer> makeIceServers(const IceConfig& config, std::string_view subject,
                                           std::chrono::system_clock::time_point now);

}  // namespace genesys::settings
