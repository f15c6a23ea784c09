#include "sip/connection_watch.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "sip/address.hpp"
#include "util/log.hpp"

namespace genesys::sip {
namespace {

// How soon a new connection is under watch, and a lost one told.
constexpr Millis kLook{1000};
// Unanswered probes, a third of the silence apart, until the kernel gives a connection up.
constexpr int kProbes = 3;

void setOption(int fd, int level, int name, int value) {
  setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

ConnectionWatch::ConnectionWatch(Scheduler& scheduler, Settings settings, OnLost onLost,
                                 Sockets sockets)
    : scheduler_(scheduler),
      settings_(std::move(settings)),
      onLost_(std::move(onLost)),
      sockets_(std::move(sockets)) {
  look();
}

// Accepted connections have inherited the listener's options (tcp(7)).
void ConnectionWatch::look() {
  std::map<ino_t, StackSocket> now;
  for (StackSocket& socket : sockets_(settings_.localAddress)) {
    const bool listener = !socket.peer && socket.localPort == settings_.localPort;
    const bool ours = socket.peer && std::ranges::find(servers_, *socket.peer) != servers_.end();
    if (!socket.stream || (!listener && !ours)) continue;
    if (!known_.contains(socket.inode)) keepAlive(socket.fd);
    now.emplace(socket.inode, std::move(socket));
  }
  timer_ = scheduler_.after(kLook, [this] { look(); });
  const auto before = std::exchange(known_, std::move(now));
  std::vector<ServerTarget> gone;
  for (const auto& [inode, socket] : before)
    if (socket.peer && !known_.contains(inode)) gone.push_back(*socket.peer);
  // One that came and went between two looks was never known, but has carried something.
  for (const ServerTarget& server : std::exchange(answered_, {}))
    if (std::ranges::none_of(known_, [&](const auto& one) { return one.second.peer == server; }))
      gone.push_back(server);
  for (auto one = gone.begin(); one != gone.end(); ++one)
    if (std::find(gone.begin(), one, *one) == one) lost(*one);
}

void ConnectionWatch::lost(const ServerTarget& server) {
  logWarning("the connection to SIP Server {} is gone", hostPort(server.address, server.port));
  onLost_(server);
}

// Silence is over after `keepalive` and kProbes probes; data that is not acknowledged has the same
// time (TCP_USER_TIMEOUT), instead of the kernel's quarter of an hour.
void ConnectionWatch::keepAlive(int fd) const {
  const int idle = static_cast<int>(settings_.keepalive.count());
  const int interval = std::max(1, idle / kProbes);
  setOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle);
  setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval);
  setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  setOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (idle + kProbes * interval) * 1000);
}

}  // namespace genesys::sip
