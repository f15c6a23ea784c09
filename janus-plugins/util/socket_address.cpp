#include "util/socket_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <cstring>

namespace genesys {

std::optional<SocketAddress> SocketAddress::from(const std::string& literal, uint16_t port) {
  SocketAddress address;
  if (inet_pton(AF_INET, literal.c_str(), &address.v4().sin_addr) == 1) {
    address.v4().sin_family = AF_INET;
  } else {
    address = SocketAddress();
    if (inet_pton(AF_INET6, literal.c_str(), &address.storage_.sin6_addr) != 1) return std::nullopt;
    address.storage_.sin6_family = AF_INET6;
  }
  address.setPort(port);
  return address;
}

socklen_t SocketAddress::length() const {
  return family() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

// The port stands at the same place in both families.
uint16_t SocketAddress::port() const {
  return ntohs(storage_.sin6_port);
}
void SocketAddress::setPort(uint16_t port) {
  storage_.sin6_port = htons(port);
}

bool SocketAddress::isAny() const {
  if (family() == AF_INET) return v4().sin_addr.s_addr == htonl(INADDR_ANY);
  return IN6_IS_ADDR_UNSPECIFIED(&storage_.sin6_addr);
}

bool SocketAddress::sameHost(const SocketAddress& other) const {
  if (family() != other.family()) return false;
  if (family() == AF_INET) return v4().sin_addr.s_addr == other.v4().sin_addr.s_addr;
  return std::memcmp(&storage_.sin6_addr, &other.storage_.sin6_addr, sizeof(in6_addr)) == 0;
}

std::string SocketAddress::text() const {
  char literal[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &v4().sin_addr, literal, sizeof literal);
    return fmt::format("{}:{}", literal, port());
  }
  inet_ntop(AF_INET6, &storage_.sin6_addr, literal, sizeof literal);
  return fmt::format("[{}]:{}", literal, port());
}

}  // namespace genesys
