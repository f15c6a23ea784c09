// HTTP Digest as SIP uses it (RFC 3261 section 22, RFC 2617): challenges and their check. Pure but
// for the random secret; time is a parameter.
#pragma once

#include <map>
#include <string>

#include "util/clock.hpp"

namespace genesys::sim {

/// MD5 of `text` in 32 lower-case hexadecimal digits.
std::string md5Hex(const std::string& text);

/// The `response` parameter. `parameters` holds realm, nonce, uri and, with qop, nc, cnonce, qop.
std::string digestResponse(const std::map<std::string, std::string>& parameters,
                           const std::string& user, const std::string& password,
                           const std::string& method);

class DigestChallenger {
 public:
  struct Settings {
    std::string realm = "genesys";
    bool qop = true;             ///< offer qop="auth"
    Seconds nonceLifetime{300};  ///< older ones are stale
  };
  enum class Verdict { Valid, Missing, Stale, Wrong };

  DigestChallenger(Settings settings, std::string secret)
      : settings_(std::move(settings)), secret_(std::move(secret)) {}

  /// The value of WWW-Authenticate or Proxy-Authenticate.
  std::string challenge(bool stale, MonoTime now) const;
  Verdict check(const std::map<std::string, std::string>& credentials, const std::string& user,
                const std::string& password, const std::string& method, MonoTime now) const;

 private:
  /// 16 digits of issue time and 32 of MD5(time:secret): no table of nonces is needed.
  std::string nonceAt(int64_t millis) const;

  Settings settings_;
  std::string secret_;
};

}  // namespace genesys::sim
