#include "sip/peer_filter.hpp"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "sip/stack_sockets.hpp"

namespace genesys::sip {
namespace {

constexpr size_t kMaxPeers = 64;

constexpr uint32_t kNetHeader = static_cast<uint32_t>(SKF_NET_OFF);
constexpr uint32_t kAcceptAll = 0x40000;  // octets to keep: more than any datagram

// One comparison of the source address, a word at a time; falls through when it differs.
void appendPeer(std::vector<sock_filter>& program, const uint32_t* words, size_t count,
                uint32_t sourceOffset) {
  for (size_t i = 0; i < count; ++i) {
    const auto left = static_cast<uint8_t>(2 * (count - i - 1) + 1);
    program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                               kNetHeader + sourceOffset + static_cast<uint32_t>(4 * i)));
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(words[i]), 0, left));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, kAcceptAll));
}

Result<std::vector<sock_filter>> programFor(const std::vector<std::string>& peers) {
  std::vector<sock_filter> program;
  for (const std::string& peer : peers) {
    uint32_t words[4] = {};
    // Source address: octets 12-15 of the IPv4 header, 8-23 of the IPv6 header.
    if (inet_pton(AF_INET, peer.c_str(), words) == 1)
      appendPeer(program, words, 1, 12);
    else if (inet_pton(AF_INET6, peer.c_str(), words) == 1)
      appendPeer(program, words, 4, 8);
    else
      return Failure{fmt::format("trusted peer '{}' is no IP address", peer)};
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
  return program;
}

}  // namespace

Result<Done> PeerFilter::attach(const std::string& address, uint16_t port,
                                const std::vector<std::string>& peers) {
  if (peers.size() > kMaxPeers) return Failure{fmt::format("more than {} peers", kMaxPeers)};
  auto program = programFor(peers);
  if (!program) return Failure{program.error()};
  std::vector<int> found;
  for (const StackSocket& socket : socketsAt(address))
    if (socket.localPort == port) found.push_back(socket.fd);
  if (found.empty())
    return Failure{fmt::format("no SIP socket is bound to {} port {}", address, port)};
  const sock_fprog filter{static_cast<unsigned short>(program->size()), program->data()};
  for (const int fd : found)
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
      return Failure{fmt::format("SO_ATTACH_FILTER: {}", std::strerror(errno))};
  sockets_ = found;
  return Done{};
}

uint64_t PeerFilter::dropped() const {
  uint64_t total = 0;
  for (const int fd : sockets_) {
    uint32_t info[SK_MEMINFO_VARS] = {};
    socklen_t length = sizeof info;
    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &length) == 0) total += info[SK_MEMINFO_DROPS];
  }
  return total;
}

}  // namespace genesys::sip
