// What a sign-in token says (RFC 7519 section 4.1), read from its payload. Whether it may be
// believed and whether it is still good is decided elsewhere. Pure, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/error.hpp"
#include "util/result.hpp"

namespace genesys::api {

struct Claims {
  std::string subject;  ///< 1-128 octets
  std::string issuer;   ///< empty if there is none
  std::vector<std::string> audience;
  std::vector<std::string> dns;    ///< DNs and ranges of them
  std::vector<std::string> roles;  ///< at most 64, of 1-128 octets each
  std::chrono::sys_seconds expires;
  std::optional<std::chrono::sys_seconds> notBefore;
  std::optional<std::chrono::sys_seconds> issuedAt;
};

/// Reads `payload` (JSON text). `sub` and `exp` are required; `aud`, `dnClaim` and `rolesClaim` may
/// be a string or an array of strings. Errors: BadCredential naming the claim, never its value.
Result<Claims, ApiError> parseClaims(const std::string& payload, const std::string& dnClaim,
                                     const std::string& rolesClaim);

}  // namespace genesys::api
