// What the texts of the configuration may be. Pure functions.
#pragma once

#include "plugin/config_reader.hpp"

namespace genesys::plugin::rules {

/// An address of one interface: no wildcard, no multicast.
extern const TextRule kAddress;
extern const TextRule kHost;
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
extern const TextRule kReadableHeader;
extern const TextRule kWritableHeader;

/// AF_INET or AF_INET6 for an address literal, 0 for anything else.
int addressFamily(std::string_view text);

}  // namespace genesys::plugin::rules
