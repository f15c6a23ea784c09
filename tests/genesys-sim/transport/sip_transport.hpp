// Carries SIP bytes over UDP and TCP at one address, and writes them into the trace. Main thread.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/event_loop.hpp"
#include "transport/peer.hpp"
#include "transport/tcp_connection.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sim {

class SipTransport {
 public:
  struct Settings {
    Peer listen;  ///< its transport field is not looked at
    bool udp = true;
    bool tcp = false;
    std::FILE* trace = nullptr;  ///< every message in and out; null for none
  };
  using OnMessage = std::function<void(std::string_view bytes, const Peer& from)>;

  SipTransport(EventLoop& loop, const Settings& settings, OnMessage onMessage);
  /// Opens the sockets. The error names address and reason.
  Result<Done> open();
  /// False when it could not be handed to the network; over UDP nothing else is known. Over TCP
  /// an open connection to `to` is used, else one is opened.
  bool send(std::string_view bytes, const Peer& to);
  const Peer& local() const { return settings_.listen; }
  size_t connections() const { return connections_.size(); }

 private:
  void receiveUdp();
  void accept();
  bool sendTcp(std::string_view bytes, const Peer& to);
  TcpConnection* adopt(UniqueFd fd, const Peer& peer);
  void deliver(std::string_view bytes, const Peer& from);
  void trace(const char* direction, std::string_view bytes, const Peer& peer) const;

  EventLoop& loop_;
  Settings settings_;
  OnMessage onMessage_;
  UniqueFd udp_, listener_;
  std::unique_ptr<FdWatch> udpWatch_, listenerWatch_;
  std::map<Peer, std::unique_ptr<TcpConnection>> connections_;
};

}  // namespace genesys::sim
