// One TCP connection of SIP: bytes in, whole messages out (RFC 3261 section 18.3). Main thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/event_loop.hpp"
#include "transport/peer.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sim {

/// Cuts a stream into SIP messages by Content-Length. Pure.
class StreamFramer {
 public:
  /// Appends bytes from the stream. False: the stream is no SIP any more, close it.
  bool append(std::string_view bytes);
  /// Takes the next whole message; empty if there is none yet.
  std::string next();

 private:
  std::string buffer_;
};

class TcpConnection {
 public:
  using OnMessage = std::function<void(std::string_view bytes, const Peer& from)>;
  using OnClosed = std::function<void(const Peer& peer)>;

  TcpConnection(EventLoop& loop, UniqueFd fd, const Peer& peer, OnMessage onMessage,
                OnClosed onClosed);
  /// False when more than 1 MiB waits to be sent.
  bool send(std::string_view bytes);

 private:
  void ready(short events);
  bool flush();
  bool receive();

  UniqueFd fd_;
  Peer peer_;
  OnMessage onMessage_;
  OnClosed onClosed_;
  StreamFramer framer_;
  std::string outgoing_;
  FdWatch watch_;  // last: its callbacks use the rest
};

}  // namespace genesys::sim
