// Decides who a page is and whether it may use a DN: by a JWT (RFC 7519) or, in a lab, by the DN's
// agent password. Immutable once made; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/claims.hpp"
#include "api/error.hpp"
#include "api/request.hpp"
#include "settings/config.hpp"
#include "util/result.hpp"

namespace genesys::settings {

class SignIn {
 public:
  using Time = std::chrono::system_clock::time_point;

  struct Subject {
    std::string name;                ///< the token's `sub`, or "dn:7001" in password mode
    std::optional<Time> expires;     ///< of the token; none in password mode
    std::vector<std::string> roles;  ///< of the token
  };

  explicit SignIn(SignInConfig config) : config_(std::move(config)) {}

  /// Checks the credential of `request` for `dn` at wall-clock time `now`. Errors: BadCredential,
  /// TokenExpired, DnNotAllowed; no message holds the token, its claims' values or the password.
  Result<Subject, api::ApiError> check(const api::Register& request, const DnConfig& dn,
                                       Time now) const;

  /// False: pages sign in by password, and there are no tokens.
  bool byToken() const { return config_.mode == SignInConfig::Mode::Token; }
  /// The same check of a token, but for no DN in particular: whom it is of, if it is good at `now`.
  Result<Subject, api::ApiError> checkToken(const std::string& token, Time now) const;

 private:
  Result<api::Claims, api::ApiError> claimsOf(const std::string& token, Time now) const;

  SignInConfig config_;
};

/// Whether `key` can check signatures of `algorithm`: HS256 wants 32 octets or more (RFC 7518
/// section 3.2), RS256 a PEM public key of RSA with 2048 bits or more, ES256 one of P-256.
Result<Done> checkKey(const std::string& algorithm, const std::string& key);

}  // namespace genesys::settings
