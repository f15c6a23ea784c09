// An IPv4 or IPv6 address with a port, as the kernel wants it. A value, for any thread.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

namespace genesys {

class SocketAddress {
 public:
  SocketAddress() = default;
  /// nullopt if `literal` is no IPv4 or IPv6 address literal (no names, no zones, no brackets).
  static std::optional<SocketAddress> from(const std::string& literal, uint16_t port);

  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t length() const;
  int family() const { return storage_.sin6_family; }
  uint16_t port() const;
  void setPort(uint16_t port);
  /// 0.0.0.0 or ::, which SDP uses for "nowhere" (RFC 3264 section 8.4).
  bool isAny() const;

  bool sameHost(const SocketAddress& other) const;
  bool operator==(const SocketAddress& other) const {
    return sameHost(other) && port() == other.port();
  }
  /// "192.0.2.1:40000" or "[2001:db8::1]:40000".
  std::string text() const;

 private:
  const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage_); }
  sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(storage_); }

  sockaddr_in6 storage_{};  // large enough for both families
};

}  // namespace genesys
