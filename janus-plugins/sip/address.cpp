#include "sip/address.hpp"

#include <fmt/format.h>

#include <cctype>

#include "util/text.hpp"

namespace genesys::sip {
namespace {

struct Parts {
  std::string_view user;
  std::string_view host;
  std::string_view port;
};

Parts split(std::string_view uri) {
  Parts parts;
  if (const auto colon = uri.find(':');
      colon != std::string_view::npos &&
      (startsWithIgnoreCase(uri, "sip:") || startsWithIgnoreCase(uri, "sips:")))
    uri.remove_prefix(colon + 1);
  uri = uri.substr(0, uri.find_first_of(";?>"));
  if (const auto at = uri.find('@'); at != std::string_view::npos) {
    parts.user = uri.substr(0, at);
    uri.remove_prefix(at + 1);
  }
  const auto bracket = uri.find(']');
  const auto colon = uri.find(':', bracket == std::string_view::npos ? 0 : bracket);
  parts.host = uri.substr(0, colon);
  if (colon != std::string_view::npos) parts.port = uri.substr(colon + 1);
  return parts;
}

// user-unreserved and unreserved of RFC 3261 section 25.1; everything else is escaped.
bool plainInUser(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-_.!~*'()&=+$,/").find(c) != std::string_view::npos;
}

}  // namespace

std::string hostPort(std::string_view host, uint16_t port) {
  const bool v6 = host.find(':') != std::string_view::npos && host.front() != '[';
  std::string out = v6 ? fmt::format("[{}]", host) : std::string(host);
  if (port != 0) out += fmt::format(":{}", port);
  return out;
}

std::string sipUri(std::string_view user, std::string_view hostport) {
  std::string out = "sip:";
  for (const char c : user) {
    if (plainInUser(c))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (!user.empty()) out += '@';
  return out.append(hostport);
}

std::string nameAddr(std::string_view display, std::string_view uri) {
  if (display.empty()) return fmt::format("<{}>", uri);
  std::string quoted;
  for (const char c : display) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("\"{}\" <{}>", quoted, uri);
}

std::string unquote(std::string_view text) {
  text = trim(text);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string userOf(std::string_view uri) {
  return std::string(split(uri).user);
}

bool sameContact(std::string_view a, std::string_view b) {
  const auto port = [](std::string_view p) { return p.empty() ? std::string_view("5060") : p; };
  const Parts x = split(a);
  const Parts y = split(b);
  return x.user == y.user && equalsIgnoreCase(x.host, y.host) && port(x.port) == port(y.port);
}

}  // namespace genesys::sip
