// What the texts of the configuration may be. Pure functions.
#pragma once

#include <optional>

#include "settings/reader.hpp"
#include "sip/server_list.hpp"

namespace genesys::settings::rules {

/// An address of one interface: no wildcard, no multicast.
extern const TextRule kAddress;
/// Loopback, or of a private network (RFC 1918, RFC 4193).
extern const TextRule kInsideAddress;
extern const TextRule kHost;
extern const TextRule kDnsName;
/// An address, with a port or without.
extern const TextRule kHostPort;
extern const TextRule kNumber;
extern const TextRule kRange;
extern const TextRule kFile;
extern const TextRule kName;
extern const TextRule kUser;
extern const TextRule kPassword;
extern const TextRule kProduct;
extern const TextRule kAlgorithm;
extern const TextRule kClaim;
extern const TextRule kStunUrl;
extern const TextRule kTurnUrl;
extern const TextRule kPortRange;
extern const TextRule kCodec;
extern const TextRule kSrtpSuite;
extern const TextRule kReadableHeader;
extern const TextRule kWritableHeader;
extern const TextRule kEventPackage;
/// Names that stand in logs, events and counters.
extern const TextRule kLabel;
/// What may be dialled, or a part of it.
extern const TextRule kDialable;
/// A list's text that is checked by who reads the list.
extern const TextRule kAnyText;

/// The parts of a kHostPort text; nullopt if it is none. `defaultPort` if it has no port.
std::optional<sip::ServerTarget> hostPort(std::string_view text, uint16_t defaultPort = 5060);

/// AF_INET or AF_INET6 for an address literal, 0 for anything else.
int addressFamily(std::string_view text);

/// 127.0.0.0/8 or ::1.
bool isLoopback(std::string_view text);

}  // namespace genesys::settings::rules
