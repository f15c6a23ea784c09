#include "api/address.hpp"

#include <algorithm>

#include "util/text.hpp"

namespace genesys::api {
namespace {

constexpr size_t kMaxDn = 32;
constexpr size_t kMaxUser = 64;

bool isAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool consistsOf(std::string_view text, std::string_view punctuation, size_t maxLength) {
  return !text.empty() && text.size() <= maxLength &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return isAlphanumeric(c) || punctuation.find(c) != std::string_view::npos;
         });
}

bool dropPrefix(std::string_view& text, std::string_view prefix) {
  if (!startsWithIgnoreCase(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Address splitAddress(std::string_view text) {
  Address address;
  if (dropPrefix(text, "tel:")) {
    std::copy_if(text.begin(), text.end(), std::back_inserter(address.user),
                 [](char c) { return std::string_view("-.()").find(c) == std::string_view::npos; });
    return address;
  }
  if (!dropPrefix(text, "sip:")) dropPrefix(text, "sips:");
  const auto at = text.find('@');
  address.hostDropped = at != std::string_view::npos;
  address.user = std::string(text.substr(0, at));
  return address;
}

bool isDn(std::string_view user) {
  return consistsOf(user, "+*#._-", kMaxDn);
}

bool isDialable(std::string_view user) {
  return consistsOf(user, "+*#._~!$&'()-", kMaxUser);
}

}  // namespace genesys::api
