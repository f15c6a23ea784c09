#include "sip/reason.hpp"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "sip/address.hpp"
#include "sip/phrase.hpp"
#include "util/text.hpp"

namespace genesys::sip {
namespace {

// Splits at `mark` outside of quoted strings.
std::vector<std::string_view> splitUnquoted(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == mark && !quoted) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

Reason readOne(std::string_view value) {
  const auto parts = splitUnquoted(value, ';');
  Reason reason;
  reason.protocol = trim(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = trim(parts[i].substr(0, equals));
    const auto content = trim(parts[i].substr(equals + 1));
    if (equalsIgnoreCase(name, "cause"))
      std::from_chars(content.data(), content.data() + content.size(), reason.cause);
    else if (equalsIgnoreCase(name, "text"))
      reason.text = unquote(content);
  }
  return reason;
}

}  // namespace

std::optional<Reason> parseReason(std::string_view header) {
  std::optional<Reason> first;
  for (const auto value : splitUnquoted(header, ',')) {
    if (trim(value).empty()) continue;
    Reason reason = readOne(value);
    if (equalsIgnoreCase(reason.protocol, "SIP")) return reason;
    if (!first) first = std::move(reason);
  }
  return first;
}

std::string explainFailure(const Reason& reason, std::string_view peerUri) {
  const std::string user = userOf(peerUri);
  return fmt::format("{} {} from {}", reason.cause,
                     reason.text.empty() ? reasonPhrase(reason.cause) : reason.text,
                     user.empty() ? std::string(peerUri) : user);
}

}  // namespace genesys::sip
