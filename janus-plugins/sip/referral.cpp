#include "sip/referral.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <vector>

#include "util/text.hpp"

namespace genesys::sip {
namespace {

std::string unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, code, 16).ptr == &text[i + 1] + 2) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// hvalue of RFC 3261 section 25.1: unreserved and hnv-unreserved stand as they are.
std::string escapeHeaderValue(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
        std::string_view("-_.!~*'()[]/?:+$").find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(mark);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view uriIn(std::string_view value) {
  const auto open = value.find('<');
  if (open == std::string_view::npos) return trim(value);
  value.remove_prefix(open + 1);
  return value.substr(0, value.find('>'));
}

}  // namespace

std::optional<ReferTarget> parseReferTo(std::string_view value) {
  std::string_view uri = uriIn(value);
  if (!startsWithIgnoreCase(uri, "sip:") && !startsWithIgnoreCase(uri, "sips:"))
    return std::nullopt;
  uri.remove_prefix(uri.find(':') + 1);
  const auto question = uri.find('?');
  const auto at = uri.substr(0, question).find('@');
  if (at == std::string_view::npos) return std::nullopt;
  ReferTarget target;
  target.user = unescape(uri.substr(0, uri.substr(0, at).find_first_of(":;")));
  target.user = target.user.substr(0, target.user.find('@'));
  if (question != std::string_view::npos)
    for (const auto header : split(uri.substr(question + 1), '&'))
      if (startsWithIgnoreCase(header, "Replaces="))
        target.replaces = unescape(header.substr(header.find('=') + 1));
  if (target.user.empty() || hasControls(target.user) || hasControls(target.replaces))
    return std::nullopt;
  return target;
}

std::string formatReferTo(std::string_view uri, const DialogId* replaced) {
  if (replaced == nullptr) return fmt::format("<{}>", uri);
  const std::string replaces = fmt::format("{};to-tag={};from-tag={}", replaced->callId,
                                           replaced->remoteTag, replaced->localTag);
  return fmt::format("<{}?Replaces={}>", uri, escapeHeaderValue(replaces));
}

std::optional<Replaces> parseReplaces(std::string_view value) {
  Replaces replaces;
  const auto parts = split(value, ';');
  replaces.callId = trim(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    const auto name = trim(parts[i].substr(0, equals));
    const auto content =
        equals == std::string_view::npos ? std::string_view() : trim(parts[i].substr(equals + 1));
    if (equalsIgnoreCase(name, "to-tag")) replaces.toTag = content;
    if (equalsIgnoreCase(name, "from-tag")) replaces.fromTag = content;
    if (equalsIgnoreCase(name, "early-only")) replaces.earlyOnly = true;
  }
  if (replaces.callId.empty() || replaces.toTag.empty() || replaces.fromTag.empty())
    return std::nullopt;
  return replaces;
}

SipfragStatus parseSipfrag(std::string_view body) {
  SipfragStatus status;
  const std::string_view line = body.substr(0, body.find_first_of("\r\n"));
  if (!startsWithIgnoreCase(line, "SIP/2.0 ")) return status;
  const std::string_view rest = line.substr(8);
  int code = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), code);
  if (read.ec != std::errc() || code < 100 || code > 699) return status;
  status.code = code;
  status.phrase = trim(rest.substr(static_cast<size_t>(read.ptr - rest.data())));
  return status;
}

std::optional<InfoDigit> parseDigitInfo(std::string_view contentType, std::string_view body) {
  const std::string_view type = trim(contentType.substr(0, contentType.find(';')));
  InfoDigit found{'\0'};
  const auto take = [&](std::string_view text) {
    text = trim(text);
    if (text.size() == 1) found.digit = static_cast<char>(std::toupper(text[0]));
  };
  if (equalsIgnoreCase(type, "application/dtmf")) {
    take(body.substr(0, body.find_first_of("\r\n")));
  } else if (equalsIgnoreCase(type, "application/dtmf-relay")) {
    for (const auto line : split(body, '\n')) {
      const auto equals = line.find('=');
      if (equals == std::string_view::npos) continue;
      auto value = line.substr(equals + 1);
      value = trim(value.substr(0, value.find('\r')));
      const auto name = trim(line.substr(0, equals));
      if (equalsIgnoreCase(name, "Signal")) take(value);
      if (equalsIgnoreCase(name, "Duration"))
        std::from_chars(value.data(), value.data() + value.size(), found.durationMs);
    }
  }
  if (found.digit == '\0' ||
      std::string_view("0123456789*#ABCD").find(found.digit) == std::string_view::npos)
    return std::nullopt;
  return found;
}

}  // namespace genesys::sip
