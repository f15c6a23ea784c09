#include "settings/ice_servers.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace genesys::settings {
namespace {

constexpr size_t kMaxSubject = 64;

bool isPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
         c == '_' || c == '@' || c == '-';
}

std::string base64HmacSha1(const std::string& secret, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), mac.data(), static_cast<int>(length));
  return {encoded.begin(), encoded.begin() + size};
}

}  // namespace

std::vector<api::IceServer> makeIceServers(const IceConfig& config, std::string_view subject,
                                           std::chrono::system_clock::time_point now) {
  std::vector<api::IceServer> servers;
  if (!config.stunUrls.empty()) servers.push_back({config.stunUrls, "", ""});
  if (config.turnUrls.empty() || config.turnSecret.empty()) return servers;
  const auto expiry = std::chrono::floor<std::chrono::seconds>(now) + config.turnLifetime;
  std::string username = std::to_string(expiry.time_since_epoch().count()) + ":";
  for (const char c : subject.substr(0, kMaxSubject)) username += isPlain(c) ? c : '_';
  std::string credential = base64HmacSha1(config.turnSecret, username);
  servers.push_back({config.turnUrls, std::move(username), std::move(credential)});
  return servers;
}

}  // namespace genesys::settings
