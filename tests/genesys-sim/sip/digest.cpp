#include "sip/digest.hpp"

#include <fmt/format.h>
#include <sofia-sip/su_md5.h>

#include <charconv>

namespace genesys::sim {
namespace {

std::string at(const std::map<std::string, std::string>& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

int64_t millisOf(MonoTime time) {
  return std::chrono::duration_cast<Millis>(time.time_since_epoch()).count();
}

}  // namespace

std::string md5Hex(const std::string& text) {
  su_md5_t context;
  su_md5_init(&context);
  su_md5_update(&context, text.data(), text.size());
  char digest[2 * SU_MD5_DIGEST_SIZE + 1] = "";
  su_md5_hexdigest(&context, digest);
  su_md5_deinit(&context);
  return digest;
}

std::string digestResponse(const std::map<std::string, std::string>& parameters,
                           const std::string& user, const std::string& password,
                           const std::string& method) {
  const std::string ha1 = md5Hex(user + ':' + at(parameters, "realm") + ':' + password);
  const std::string ha2 = md5Hex(method + ':' + at(parameters, "uri"));
  if (at(parameters, "qop").empty()) return md5Hex(ha1 + ':' + at(parameters, "nonce") + ':' + ha2);
  return md5Hex(fmt::format("{}:{}:{}:{}:{}:{}", ha1, at(parameters, "nonce"), at(parameters, "nc"),
                            at(parameters, "cnonce"), at(parameters, "qop"), ha2));
}

std::string DigestChallenger::nonceAt(int64_t millis) const {
  const std::string stamp = fmt::format("{:016x}", millis);
  return stamp + md5Hex(stamp + ':' + secret_);
}

std::string DigestChallenger::challenge(bool stale, MonoTime now) const {
  return fmt::format("Digest realm=\"{}\",nonce=\"{}\",algorithm=MD5{}{}", settings_.realm,
                     nonceAt(millisOf(now)), settings_.qop ? ",qop=\"auth\"" : "",
                     stale ? ",stale=true" : "");
}

DigestChallenger::Verdict DigestChallenger::check(
    const std::map<std::string, std::string>& credentials, const std::string& user,
    const std::string& password, const std::string& method, MonoTime now) const {
  if (credentials.empty()) return Verdict::Missing;
  if (at(credentials, "realm") != settings_.realm || at(credentials, "username") != user ||
      at(credentials, "response") != digestResponse(credentials, user, password, method))
    return Verdict::Wrong;
  const std::string nonce = at(credentials, "nonce");
  int64_t issued = 0;
  std::from_chars(nonce.data(), nonce.data() + std::min<size_t>(16, nonce.size()), issued, 16);
  if (nonce != nonceAt(issued)) return Verdict::Stale;
  const int64_t age = millisOf(now) - issued;
  return age >= 0 && Millis(age) <= settings_.nonceLifetime ? Verdict::Valid : Verdict::Stale;
}

}  // namespace genesys::sim
