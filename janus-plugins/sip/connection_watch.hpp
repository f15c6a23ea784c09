// The stack's connections to SIP Servers by TCP and TLS: each is asked by the kernel whether the
// other side is still there, so that a dead one is closed in time, and the loss of one is told.
// sofia-sip's own CRLF pings (RFC 5626) need a server that answers them; the kernel's need none.
// SIP loop.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sip/stack_sockets.hpp"
#include "util/scheduler.hpp"

namespace genesys::sip {

class ConnectionWatch {
 public:
  struct Settings {
    std::string localAddress;
    uint16_t localPort = 5060;  ///< of the listener
    Seconds keepalive{10};      ///< of silence until the other side is asked
  };
  using OnLost = std::function<void(const ServerTarget& server)>;
  using Sockets = std::function<std::vector<StackSocket>(const std::string& address)>;

  /// `onLost` is called when a connection that the stack had opened to one of setServers() is gone,
  /// whoever closed it. `sockets` is replaced in tests.
  ConnectionWatch(Scheduler& scheduler, Settings settings, OnLost onLost,
                  Sockets sockets = socketsAt);

  /// A request to that server was answered: a connection is there, or is gone already.
  void answered(const ServerTarget& server) { answered_.push_back(server); }
  void setServers(std::vector<ServerTarget> servers) { servers_ = std::move(servers); }

 private:
  void look();
  void lost(const ServerTarget& server);
  void keepAlive(int fd) const;

  Scheduler& scheduler_;
  Settings settings_;
  OnLost onLost_;
  Sockets sockets_;
  std::vector<ServerTarget> servers_;
  std::map<ino_t, StackSocket> known_;  ///< listener, connections from and to SIP Servers
  std::vector<ServerTarget> answered_;  ///< since the last look
  Timer timer_;
};

}  // namespace genesys::sip
