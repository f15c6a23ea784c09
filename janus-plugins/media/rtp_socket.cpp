#include "media/rtp_socket.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace genesys::media {
namespace {

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// A non-blocking UDP socket, or errno.
Result<UniqueFd, int> bindUdp(SocketAddress address, uint16_t port, uint8_t dscp) {
  UniqueFd fd(socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return Failure{int{errno}};
  const int trafficClass = dscp << 2;  // DSCP is the upper six bits (RFC 2474 section 3)
  const int on = 1;
  if (address.family() == AF_INET6) {
    setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    setsockopt(fd.get(), IPPROTO_IPV6, IPV6_TCLASS, &trafficClass, sizeof trafficClass);
  } else {
    setsockopt(fd.get(), IPPROTO_IP, IP_TOS, &trafficClass, sizeof trafficClass);
  }
  address.setPort(port);
  if (bind(fd.get(), address.raw(), address.length()) != 0) return Failure{int{errno}};
  return fd;
}

bool sendTo(int fd, std::span<const uint8_t> packet, const SocketAddress& to) {
  const ssize_t sent =
      sendto(fd, packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL, to.raw(), to.length());
  return sent == static_cast<ssize_t>(packet.size());
}

}  // namespace

DatagramBatch::DatagramBatch() {
  for (unsigned i = 0; i < kMost; ++i) {
    vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
    headers_[i] = {};
    headers_[i].msg_hdr.msg_name = sources_[i].raw();
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

unsigned DatagramBatch::receive(int fd) {
  for (mmsghdr& header : headers_) header.msg_hdr.msg_namelen = sizeof(SocketAddress);
  const int count = recvmmsg(fd, headers_.data(), kMost, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<unsigned>(count) : 0;
}

Result<RtpSocketPair> RtpSocketPair::open(const SocketAddress& address,
                                          const std::shared_ptr<PortPool>& pool, uint8_t dscp) {
  // A port that another process holds goes back into quarantine and the next one is tried.
  for (size_t tries = pool->capacity(); tries > 0; --tries) {
    const auto port = pool->take(MonoClock::now());
    if (!port) break;
    PortLease lease(pool, *port);
    auto rtp = bindUdp(address, *port, dscp);
    auto rtcp = rtp ? bindUdp(address, static_cast<uint16_t>(*port + 1), dscp)
                    : Result<UniqueFd, int>(Failure{int{rtp.error()}});
    if (rtp && rtcp)
      return RtpSocketPair(std::move(lease), std::move(rtp).value(), std::move(rtcp).value());
    if (rtcp.error() != EADDRINUSE)
      return Failure{fmt::format("cannot bind RTP port {}: {}", *port, reason(rtcp.error()))};
  }
  return Failure{std::string("no free RTP port: all are in use or in quarantine")};
}

bool RtpSocketPair::sendRtp(std::span<const uint8_t> packet, const SocketAddress& to) const {
  return sendTo(rtp_.get(), packet, to);
}

bool RtpSocketPair::sendRtcp(std::span<const uint8_t> packet, const SocketAddress& to) const {
  return sendTo(rtcp_.get(), packet, to);
}

}  // namespace genesys::media
