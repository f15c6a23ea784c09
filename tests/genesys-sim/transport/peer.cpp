#include "transport/peer.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace genesys::sim {

std::string Peer::ipText() const {
  char text[INET_ADDRSTRLEN] = "";
  const in_addr address{ip};
  inet_ntop(AF_INET, &address, text, sizeof text);
  return text;
}

std::string Peer::hostPort() const {
  return fmt::format("{}:{}", ipText(), port);
}

std::string Peer::text() const {
  return (transport == TransportKind::Udp ? "udp:" : "tcp:") + hostPort();
}

sockaddr_in Peer::socketAddress() const {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ip;
  address.sin_port = htons(port);
  return address;
}

Result<Peer> makePeer(const std::string& host, uint16_t port, TransportKind transport) {
  in_addr address{};
  if (inet_pton(AF_INET, host.c_str(), &address) != 1)
    return Failure{fmt::format("'{}' is not an IPv4 address", host)};
  return Peer{transport, address.s_addr, port};
}

Peer peerOf(const sockaddr_in& address, TransportKind transport) {
  return Peer{transport, address.sin_addr.s_addr, ntohs(address.sin_port)};
}

}  // namespace genesys::sim
