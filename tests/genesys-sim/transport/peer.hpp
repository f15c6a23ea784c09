// The address of a SIP element: IPv4, port and transport. A plain value.
#pragma once

#include <netinet/in.h>

#include <compare>
#include <cstdint>
#include <string>

#include "util/result.hpp"

namespace genesys::sim {

enum class TransportKind { Udp, Tcp };

struct Peer {
  TransportKind transport = TransportKind::Udp;
  uint32_t ip = 0;  ///< network byte order
  uint16_t port = 0;

  auto operator<=>(const Peer&) const = default;
  std::string ipText() const;
  /// ip:port
  std::string hostPort() const;
  /// udp:ip:port
  std::string text() const;
  sockaddr_in socketAddress() const;
};

/// `host` must be an IPv4 literal: the stand-in resolves no names.
Result<Peer> makePeer(const std::string& host, uint16_t port, TransportKind transport);
Peer peerOf(const sockaddr_in& address, TransportKind transport);

}  // namespace genesys::sim
