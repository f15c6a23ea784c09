// A far end on 127.0.0.1: one UDP socket that sends RTP and collects what comes.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <vector>

#include "media/media_engine.hpp"
#include "media/rtp_packet.hpp"
#include "util/clock.hpp"
#include "util/socket_address.hpp"
#include "util/unique_fd.hpp"

namespace genesys::media::test {

/// Whether a UDP socket is bound there on 127.0.0.1: what is sent is not refused by ICMP.
inline bool isOpen(uint16_t port) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const SocketAddress to = *SocketAddress::from("127.0.0.1", port);
  EXPECT_EQ(connect(fd.get(), to.raw(), to.length()), 0);
  EXPECT_EQ(send(fd.get(), "", 1, 0), 1);
  return send(fd.get(), "", 1, 0) == 1;
}

class UdpPeer {
 public:
  UdpPeer() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    SocketAddress any = *SocketAddress::from("127.0.0.1", 0);
    EXPECT_EQ(bind(fd_.get(), any.raw(), any.length()), 0);
    socklen_t length = sizeof(sockaddr_in6);
    EXPECT_EQ(getsockname(fd_.get(), any.raw(), &length), 0);
    port_ = any.port();
  }

  Endpoint endpoint() const { return {"127.0.0.1", port_}; }

  void send(std::span<const uint8_t> datagram, uint16_t toPort) const {
    const SocketAddress to = *SocketAddress::from("127.0.0.1", toPort);
    ASSERT_EQ(sendto(fd_.get(), datagram.data(), datagram.size(), 0, to.raw(), to.length()),
              static_cast<ssize_t>(datagram.size()));
  }
  void sendRtp(const RtpHeader& header, std::span<const uint8_t> payload, uint16_t toPort) const {
    std::vector<uint8_t> datagram(kRtpHeaderOctets);
    writeRtpHeader(header, datagram);
    datagram.insert(datagram.end(), payload.begin(), payload.end());
    send(datagram, toPort);
  }

  /// The next datagram; nullopt if none comes within `wait`.
  std::optional<std::vector<uint8_t>> receive(Millis wait) const {
    pollfd ready{fd_.get(), POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return std::nullopt;
    std::vector<uint8_t> datagram(2048);
    const ssize_t octets = recv(fd_.get(), datagram.data(), datagram.size(), 0);
    if (octets < 0) return std::nullopt;
    datagram.resize(static_cast<size_t>(octets));
    return datagram;
  }

 private:
  UniqueFd fd_;
  uint16_t port_ = 0;
};

}  // namespace genesys::media::test
