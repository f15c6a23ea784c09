// JWTs of tests, made with OpenSSL alone, so that libjwt is held against RFC 7515 and not against
// itself.
#pragma once

#include <string>

namespace genesys::settings {

struct KeyPair {
  std::string privatePem;
  std::string publicPem;
};

/// Fresh keys.
KeyPair rsaKey(unsigned bits);
KeyPair ecKey(const char* curve = "P-256");

/// RFC 4648 section 5, without padding.
std::string base64url(const std::string& octets);

std::string hs256Token(const std::string& payload, const std::string& secret,
                       const std::string& header = R"({"alg":"HS256","typ":"JWT"})");
/// `algorithm` is "HS256" or "HS512".
std::string hmacToken(const std::string& payload, const std::string& secret,
                      const std::string& algorithm);
/// {"alg":"none"}, without a signature.
std::string noneToken(const std::string& payload);
/// `algorithm` is "RS256" or "ES256" (signature R || S, RFC 7518 section 3.4).
std::string signedToken(const std::string& payload, const std::string& algorithm,
                        const KeyPair& key);

}  // namespace genesys::settings
