#include "settings/sign_in.hpp"

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "util/text.hpp"

namespace genesys::settings {
namespace {

using api::ApiError;
using api::ErrorCode;
using std::chrono::seconds;

constexpr seconds kClockSkew{60};  ///< by which the issuer's clock may be ahead, for `iat`
constexpr size_t kMinSecret = 32;  ///< octets
constexpr int kMinRsaBits = 2048;

template <auto release>
struct FreeWith {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);  // NOLINT(cppcoreguidelines-no-malloc): the texts of libjwt are malloced
  }
};
using Jwt = std::unique_ptr<jwt_t, FreeWith<jwt_free>>;
using Text = std::unique_ptr<char, FreeWith<std::free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

Failure<ApiError> refuse(ErrorCode code, const char* reason, const char* field = "token") {
  return Failure{ApiError{code, std::string("register: ") + reason, field}};
}

/// Null if the token is malformed, or signed with anything but `key` (an empty one checks nothing).
Jwt decode(const std::string& token, const std::string& key) {
  jwt_t* jwt = nullptr;
  const auto* octets = reinterpret_cast<const unsigned char*>(key.data());
  const int failed =
      jwt_decode(&jwt, token.c_str(), key.empty() ? nullptr : octets, static_cast<int>(key.size()));
  ERR_clear_error();  // what stays in the thread's queue would be taken for an error of its TLS
  return failed ? nullptr : Jwt(jwt);
}

/// Equal in a time that depends on neither text.
bool sameSecret(const std::string& a, const std::string& b) {
  const auto digest = [](const std::string& text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data());
    return out;
  };
  const auto x = digest(a);
  const auto y = digest(b);
  return CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

bool isNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "7000-7099" holds 7000 and 7099; digits compare as text once they are of one length.
bool rangeHolds(std::string_view range, std::string_view number) {
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view first = range.substr(0, dash);
  const std::string_view last = range.substr(dash + 1);
  if (!isNumber(first) || !isNumber(last) || !isNumber(number)) return false;
  const bool sameLength = first.size() == last.size();
  if (!sameLength && (first.front() == '0' || last.front() == '0' || number.front() == '0'))
    return false;
  const auto notAfter = [](std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a <= b;
  };
  return notAfter(first, number) && notAfter(number, last) &&
         (!sameLength || number.size() == first.size());
}

bool names(const std::vector<std::string>& claim, const std::string& number) {
  return std::any_of(claim.begin(), claim.end(), [&](const std::string& entry) {
    return entry == number || rangeHolds(entry, number);
  });
}

}  // namespace

Result<SignIn::Subject, ApiError> SignIn::check(const api::Register& request, const DnConfig& dn,
                                                Time now) const {
  if (byToken()) {
    if (!request.token)
      return refuse(ErrorCode::BadCredential, "sign-in is by 'token' here, not by 'secret'",
                    "token");
    const auto claims = claimsOf(*request.token, now);
    if (!claims) return Failure{claims.error()};
    if (!names(claims->dns, dn.number))
      return refuse(ErrorCode::DnNotAllowed, "the token does not name this DN", "username");
    return Subject{claims->subject, claims->expires, claims->roles};
  }
  if (!request.secret)
    return refuse(ErrorCode::BadCredential, "sign-in is by 'secret' here, not by 'token'",
                  "secret");
  const bool same = sameSecret(*request.secret, dn.agentPassword);
  if (!same || dn.agentPassword.empty())
    return refuse(ErrorCode::BadCredential, "the password is wrong, or the DN has none", "secret");
  return Subject{"dn:" + dn.number, std::nullopt, {}};
}

Result<SignIn::Subject, ApiError> SignIn::checkToken(const std::string& token, Time now) const {
  const auto claims = claimsOf(token, now);
  if (!claims) return Failure{claims.error()};
  return Subject{claims->subject, claims->expires, claims->roles};
}

Result<api::Claims, ApiError> SignIn::claimsOf(const std::string& token, Time now) const {
  // The header is looked at before any key is used: what is not signed with the configured
  // algorithm (`none`, or HMAC with a public key for its secret) never meets the key.
  const Jwt unverified = decode(token, "");
  if (!unverified) return refuse(ErrorCode::BadCredential, "the token is no JWT");
  const char* algorithm = jwt_get_header(unverified.get(), "alg");  // null if it is no string
  if (!algorithm || config_.algorithm != algorithm || config_.algorithm == "none")
    return refuse(ErrorCode::BadCredential, "the token is signed with another algorithm");
  if (Text(jwt_get_headers_json(unverified.get(), "crit")))  // RFC 7515 section 4.1.11
    return refuse(ErrorCode::BadCredential, "the token has critical headers, which none are known");
  const Jwt verified = config_.key.empty() ? nullptr : decode(token, config_.key);
  if (!verified || config_.algorithm != jwt_alg_str(jwt_get_alg(verified.get())))
    return refuse(ErrorCode::BadCredential, "the token's signature does not match");

  const Text payload(jwt_get_grants_json(verified.get(), nullptr));
  auto claims = api::parseClaims(payload ? payload.get() : "", config_.dnClaim, config_.rolesClaim);
  if (!claims) return claims;
  if (now >= claims->expires) return refuse(ErrorCode::TokenExpired, "the token has expired");
  if (claims->notBefore > now)
    return refuse(ErrorCode::BadCredential, "the token is not valid yet (claim 'nbf')");
  if (claims->issuedAt > now + kClockSkew)
    return refuse(ErrorCode::BadCredential, "the token is issued in the future (claim 'iat')");
  const auto& audience = claims->audience;
  if (std::find(audience.begin(), audience.end(), config_.audience) == audience.end())
    return refuse(ErrorCode::BadCredential, "the token is for another audience (claim 'aud')");
  if (!config_.issuer.empty() && claims->issuer != config_.issuer)
    return refuse(ErrorCode::BadCredential, "the token is of another issuer (claim 'iss')");
  return claims;
}

Result<Done> checkKey(const std::string& algorithm, const std::string& key) {
  const bool pem = key.find("-----BEGIN") != std::string::npos;
  if (algorithm == "HS256") {
    if (pem) return Failure{std::string("holds a PEM key, but HS256 wants a shared secret")};
    if (key.size() < kMinSecret)
      return Failure{std::string("holds a secret of less than 32 octets")};
    return Done{};
  }
  const Bio bio(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  const auto noPrompt = [](char*, int, int, void*) { return -1; };
  const Key parsed(PEM_read_bio_PUBKEY(bio.get(), nullptr, noPrompt, nullptr));
  ERR_clear_error();
  if (!parsed) return Failure{"holds no PEM public key, which " + algorithm + " wants"};
  if (algorithm == "RS256" && (EVP_PKEY_get_base_id(parsed.get()) != EVP_PKEY_RSA ||
                               EVP_PKEY_get_bits(parsed.get()) < kMinRsaBits))
    return Failure{std::string("must hold an RSA key of 2048 bits or more for RS256")};
  std::array<char, 32> curve{};
  if (algorithm == "ES256" &&
      (EVP_PKEY_get_group_name(parsed.get(), curve.data(), curve.size(), nullptr) != 1 ||
       std::string_view(curve.data()) != "prime256v1"))
    return Failure{std::string("must hold a key of the curve P-256 for ES256")};
  return Done{};
}

}  // namespace genesys::settings
