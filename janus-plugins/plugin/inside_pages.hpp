// What the gateway answers by HTTP on the inside: /health, /token-check and /metrics
// (docs/operations.md).
#pragma once

#include <chrono>
#include <string>

#include "observe/http_listener.hpp"
#include "settings/sign_in.hpp"

namespace genesys::plugin {

class Gateway;

struct Health {
  bool inService = true;
  std::string reason;  ///< why not, in words
  size_t dns = 0;
  size_t registered = 0;
  size_t calls = 0;
};

/// SIP loop.
Health healthOf(Gateway& gateway);

/// 200 in service, 503 if not. Pure.
observe::HttpAnswer healthPage(const Health& health);

/// Whether the bearer token of an Authorization header (RFC 6750 section 2.1) would do for a
/// sign-in at `now`: 204, or 401 with the reason; never anything of the token itself. Where pages
/// sign in by password there is nothing to check: 204. Pure.
observe::HttpAnswer tokenPage(const settings::SignIn& signIn, const std::string& authorization,
                              settings::SignIn::Time now);

/// SIP loop. `loopDelay`: how long the request waited for it.
observe::HttpAnswer insidePage(Gateway& gateway, const observe::HttpRequest& request,
                               settings::SignIn::Time now, std::chrono::nanoseconds loopDelay);

}  // namespace genesys::plugin
