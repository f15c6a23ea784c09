#include "datagrams.hpp"

#include <arpa/inet.h>

#include <cerrno>
#include <cstring>

namespace genesys::load {

Result<sockaddr_in> addressOf(const std::string& ip, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, ip.c_str(), &address.sin_addr) != 1)
    return Failure{"no IPv4 address: " + ip};
  return address;
}

Result<Done> wantTimes(int socket) {
  const int on = 1;
  if (setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0)
    return Failure{std::string("SO_TIMESTAMPNS: ") + std::strerror(errno)};
  return Done{};
}

Result<UniqueFd> bindUdp(const std::string& ip, uint16_t port) {
  const auto address = addressOf(ip, port);
  if (!address) return Failure{address.error()};
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.value()),
                    sizeof address.value()) != 0)
    return Failure{"UDP port " + std::to_string(port) + " of " + ip + ": " + std::strerror(errno)};
  const auto times = wantTimes(fd.get());
  if (!times) return Failure{times.error()};
  return fd;
}

DatagramBatch::DatagramBatch() {
  for (size_t i = 0; i < kMost; ++i) {
    vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &sources_[i];
    headers_[i].msg_hdr.msg_control = controls_[i].data();
  }
}

size_t DatagramBatch::receive(int socket) {
  for (size_t i = 0; i < kMost; ++i) {
    headers_[i].msg_hdr.msg_namelen = sizeof sources_[i];
    headers_[i].msg_hdr.msg_controllen = controls_[i].size();
  }
  const int count = recvmmsg(socket, headers_.data(), kMost, MSG_DONTWAIT, nullptr);
  return count > 0 ? static_cast<size_t>(count) : 0;
}

Nanos DatagramBatch::at(size_t i) {
  msghdr& header = headers_[i].msg_hdr;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec time{};
    std::memcpy(&time, CMSG_DATA(part), sizeof time);
    return nanosOf(time);
  }
  return realNow();
}

}  // namespace genesys::load
