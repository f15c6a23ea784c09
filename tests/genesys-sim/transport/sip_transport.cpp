#include "transport/sip_transport.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>

#include "transport/socket.hpp"
#include "util/log.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxConnections = 2000;
constexpr int kBatch = 64;  // datagrams read before timers get their turn

}  // namespace

SipTransport::SipTransport(EventLoop& loop, const Settings& settings, OnMessage onMessage)
    : loop_(loop), settings_(settings), onMessage_(std::move(onMessage)) {}

Result<Done> SipTransport::open() {
  if (settings_.udp) {
    settings_.listen.transport = TransportKind::Udp;
    auto socket = openUdp(settings_.listen);
    if (!socket) return Failure{socket.error()};
    udp_ = std::move(socket).value();
    udpWatch_ =
        std::make_unique<FdWatch>(loop_, udp_.get(), POLLIN, [this](short) { receiveUdp(); });
  }
  if (settings_.tcp) {
    settings_.listen.transport = TransportKind::Tcp;
    auto socket = openTcpListener(settings_.listen);
    if (!socket) return Failure{socket.error()};
    listener_ = std::move(socket).value();
    listenerWatch_ =
        std::make_unique<FdWatch>(loop_, listener_.get(), POLLIN, [this](short) { accept(); });
  }
  return Done{};
}

bool SipTransport::send(std::string_view bytes, const Peer& to) {
  trace("sent", bytes, to);
  if (to.transport == TransportKind::Tcp) return sendTcp(bytes, to);
  const sockaddr_in address = to.socketAddress();
  return udp_ && ::sendto(udp_.get(), bytes.data(), bytes.size(), 0,
                          reinterpret_cast<const sockaddr*>(&address), sizeof address) >= 0;
}

bool SipTransport::sendTcp(std::string_view bytes, const Peer& to) {
  const auto known = connections_.find(to);
  if (known != connections_.end()) return known->second->send(bytes);
  if (!settings_.tcp) return false;
  auto socket = connectTcp(to);
  if (!socket) {
    logWarning("{}", socket.error());
    return false;
  }
  TcpConnection* connection = adopt(std::move(socket).value(), to);
  return connection && connection->send(bytes);
}

TcpConnection* SipTransport::adopt(UniqueFd fd, const Peer& peer) {
  if (connections_.size() >= kMaxConnections) return nullptr;
  auto connection = std::make_unique<TcpConnection>(
      loop_, std::move(fd), peer,
      [this](std::string_view bytes, const Peer& from) { deliver(bytes, from); },
      [this](const Peer& gone) { connections_.erase(gone); });
  return (connections_[peer] = std::move(connection)).get();
}

void SipTransport::accept() {
  sockaddr_in from{};
  socklen_t length = sizeof from;
  UniqueFd fd(::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&from), &length,
                        SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd) adopt(std::move(fd), peerOf(from, TransportKind::Tcp));
}

void SipTransport::receiveUdp() {
  static std::array<char, 65536> datagram;
  for (int i = 0; i < kBatch; ++i) {
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const ssize_t got = ::recvfrom(udp_.get(), datagram.data(), datagram.size(), 0,
                                   reinterpret_cast<sockaddr*>(&from), &length);
    if (got < 0) return;
    // Keep-alives are four octets or fewer (CRLFCRLF, a zero word).
    if (got > 4)
      deliver({datagram.data(), static_cast<size_t>(got)}, peerOf(from, TransportKind::Udp));
  }
}

void SipTransport::deliver(std::string_view bytes, const Peer& from) {
  trace("received", bytes, from);
  onMessage_(bytes, from);
}

void SipTransport::trace(const char* direction, std::string_view bytes, const Peer& peer) const {
  if (!settings_.trace) return;
  const auto now = std::chrono::system_clock::now();
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  fmt::print(settings_.trace, "{:%H:%M:%S}.{:03d} {} {} bytes {} {}\n{}\n",
             fmt::localtime(std::chrono::system_clock::to_time_t(now)), millis, direction,
             bytes.size(), direction[0] == 's' ? "to" : "from", peer.text(), bytes);
  std::fflush(settings_.trace);
}

}  // namespace genesys::sim
