#include "call/referral.hpp"

#include <fmt/format.h>

#include <charconv>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

std::string parameter(std::string_view text, std::string_view name) {
  const std::string wanted = fmt::format(";{}=", name);
  const size_t at = text.find(wanted);
  if (at == std::string_view::npos) return {};
  const size_t begin = at + wanted.size();
  return std::string(text.substr(begin, text.find(';', begin) - begin));
}

}  // namespace

std::string unescapeUri(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const char* hex = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(hex, hex + 2, code, 16).ptr == hex + 2) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool Referral::read(const SipMessage& notify) {
  const std::string* event = notify.header("Event");
  if (!event || !startsWithIgnoreCase(*event, "refer")) return false;
  int code = 0;
  if (startsWithIgnoreCase(notify.body, "SIP/2.0 ") && notify.body.size() >= 11)
    std::from_chars(notify.body.data() + 8, notify.body.data() + 11, code);
  if (code) progress.push_back(code);
  const std::string* state = notify.header("Subscription-State");
  if (state && startsWithIgnoreCase(*state, "terminated")) over = true;
  return true;
}

std::optional<ReferTarget> parseReferTo(const std::string& value) {
  const size_t scheme = value.find("sip:");
  if (scheme == std::string::npos) return std::nullopt;
  const size_t user = scheme + 4;
  const size_t end = std::min(value.find('>', user), value.size());
  const size_t at = value.find('@', user);
  if (at == std::string::npos || at > end || at == user) return std::nullopt;
  ReferTarget target{value.substr(user, at - user), {}};
  const size_t replaces = value.find("Replaces=", at);
  if (replaces < end) {
    const size_t begin = replaces + 9;
    target.replaces = unescapeUri(
        std::string_view(value).substr(begin, std::min(value.find('&', begin), end) - begin));
  }
  return target;
}

ReplacesValue parseReplaces(const std::string& value) {
  return {value.substr(0, value.find(';')), parameter(value, "to-tag"),
          parameter(value, "from-tag")};
}

std::string escapeForUri(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace genesys::sim
