#include "api/claims.hpp"

#include <cmath>

#include "api/json_writer.hpp"
#include "util/text.hpp"

namespace genesys::api {
namespace {

using std::chrono::sys_seconds;

constexpr size_t kMaxSubject = 128;
constexpr size_t kMaxRoles = 64;
constexpr size_t kMaxRole = 128;              ///< octets
constexpr double kYear9999 = 253402300799.0;  ///< seconds since 1970

/// Reads claims one by one and remembers the first fault.
class ClaimReader {
 public:
  explicit ClaimReader(const json_t* payload) : payload_(payload) {}

  std::string text(const std::string& name) {
    const json_t* value = find(name);
    if (value && !json_is_string(value)) refuse(name, "must be a string");
    return stringOf(value);
  }

  std::vector<std::string> texts(const std::string& name) {
    std::vector<std::string> found;
    const json_t* value = find(name);
    if (json_is_string(value)) found.push_back(stringOf(value));
    if (!value || json_is_string(value)) return found;
    if (!json_is_array(value)) refuse(name, "must be a string or an array of strings");
    for (size_t i = 0; i < json_array_size(value); ++i) {
      const json_t* entry = json_array_get(value, i);
      if (!json_is_string(entry)) refuse(name, "must be a string or an array of strings");
      found.push_back(stringOf(entry));
    }
    return found;
  }

  /// NumericDate: seconds since 1970, perhaps with a fraction.
  std::optional<sys_seconds> time(const std::string& name) {
    const json_t* value = find(name);
    if (!value) return std::nullopt;
    const double number = json_number_value(value);
    if (!json_is_number(value) || !(number >= 0 && number <= kYear9999)) {
      refuse(name, "must be a number of seconds since 1970");
      return std::nullopt;
    }
    return sys_seconds(std::chrono::seconds(static_cast<int64_t>(std::floor(number))));
  }

  void refuse(const std::string& name, const char* reason) {
    if (!error_)
      error_ = ApiError{ErrorCode::BadCredential,
                        "register: the token's claim '" + name + "' " + reason, "token"};
  }
  const std::optional<ApiError>& error() const { return error_; }

 private:
  const json_t* find(const std::string& name) const {
    return json_object_get(payload_, name.c_str());
  }
  static std::string stringOf(const json_t* value) {
    return json_is_string(value) ? std::string(json_string_value(value), json_string_length(value))
                                 : std::string();
  }

  const json_t* payload_;
  std::optional<ApiError> error_;
};

}  // namespace

Result<Claims, ApiError> parseClaims(const std::string& payload, const std::string& dnClaim,
                                     const std::string& rolesClaim) {
  const Json json(json_loadb(payload.data(), payload.size(), JSON_REJECT_DUPLICATES, nullptr));
  if (!json_is_object(json.get()))
    return Failure{ApiError{ErrorCode::BadCredential,
                            "register: the token's payload is not a JSON object", "token"}};
  ClaimReader reader(json.get());
  Claims claims;
  claims.subject = reader.text("sub");
  if (claims.subject.empty()) reader.refuse("sub", "is missing or empty");
  if (claims.subject.size() > kMaxSubject) reader.refuse("sub", "is longer than 128 octets");
  if (hasControls(claims.subject)) reader.refuse("sub", "holds a control character");
  const auto expires = reader.time("exp");
  if (!expires) reader.refuse("exp", "is missing");
  claims.expires = expires.value_or(sys_seconds{});
  claims.notBefore = reader.time("nbf");
  claims.issuedAt = reader.time("iat");
  claims.issuer = reader.text("iss");
  claims.audience = reader.texts("aud");
  claims.dns = reader.texts(dnClaim);
  claims.roles = reader.texts(rolesClaim);
  if (claims.roles.size() > kMaxRoles) reader.refuse(rolesClaim, "holds more than 64 roles");
  for (const std::string& role : claims.roles)
    if (role.empty() || role.size() > kMaxRole || hasControls(role))
      reader.refuse(rolesClaim, "holds a role that is no text of 1 to 128 octets");
  if (reader.error()) return Failure{*reader.error()};
  return claims;
}

}  // namespace genesys::api
