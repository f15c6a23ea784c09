#include "transport/socket.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace genesys::sim {
namespace {

constexpr int kBacklog = 256;
constexpr int kUdpBuffer = 4 << 20;  // bytes: a storm of 2,000 REGISTERs at once

auto failed(const char* what, const Peer& peer) {
  return Failure{fmt::format("{} {}: {}", what, peer.text(), std::strerror(errno))};
}

UniqueFd makeSocket(int type) {
  return UniqueFd(::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

bool bindTo(const UniqueFd& fd, const Peer& at) {
  const sockaddr_in address = at.socketAddress();
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void set(const UniqueFd& fd, int level, int option, int value) {
  setsockopt(fd.get(), level, option, &value, sizeof value);
}

}  // namespace

Result<UniqueFd> openUdp(const Peer& at) {
  UniqueFd fd = makeSocket(SOCK_DGRAM);
  if (!fd) return failed("socket", at);
  set(fd, SOL_SOCKET, SO_RCVBUF, kUdpBuffer);
  if (!bindTo(fd, at)) return failed("cannot listen on", at);
  return fd;
}

Result<UniqueFd> openTcpListener(const Peer& at) {
  UniqueFd fd = makeSocket(SOCK_STREAM);
  if (!fd) return failed("socket", at);
  set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (!bindTo(fd, at) || ::listen(fd.get(), kBacklog) != 0) return failed("cannot listen on", at);
  return fd;
}

Result<UniqueFd> connectTcp(const Peer& to) {
  UniqueFd fd = makeSocket(SOCK_STREAM);
  if (!fd) return failed("socket", to);
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  const sockaddr_in address = to.socketAddress();
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS)
    return failed("cannot connect to", to);
  return fd;
}

}  // namespace genesys::sim
