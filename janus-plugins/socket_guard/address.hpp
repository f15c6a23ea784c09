// An IPv4 or IPv6 address with a port, from a command line. A value.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>

namespace genesys::socket_guard {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// "127.0.0.1:8189" or "[::1]:8189"; no names. nullopt if it is neither.
std::optional<Address> parseAddress(const std::string& text);

}  // namespace genesys::socket_guard
