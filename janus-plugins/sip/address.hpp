// SIP URIs and name-addr as text: read leniently, built strictly (RFC 3261 sections 19.1, 25.1).
#pragma once

#include <string>
#include <string_view>

namespace genesys::sip {

/// host, host:port or [v6]:port as a URI's hostport; port 0 leaves it out.
std::string hostPort(std::string_view host, uint16_t port);

/// sip:user@hostport. The user is escaped where section 25.1 demands it.
std::string sipUri(std::string_view user, std::string_view hostport);

/// "Display" <uri>; the display name is quoted and escaped, and left out when empty.
std::string nameAddr(std::string_view display, std::string_view uri);

/// The text without surrounding quotes and backslash escapes.
std::string unquote(std::string_view text);

/// User part of a sip: URI, "" if it has none.
std::string userOf(std::string_view uri);

/// Whether two plain URIs name the same binding: user, host and port (5060 if absent), host without
/// letter case.
bool sameContact(std::string_view a, std::string_view b);

}  // namespace genesys::sip
