// ICE of one PeerConnection by libnice, until it has found its way. Everything on one thread, which
// turns the IceLoop.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "datagrams.hpp"
#include "session_description.hpp"

struct _GMainContext;
struct _NiceAgent;

namespace genesys::load {

/// What libnice's timers and sockets hang on.
class IceLoop {
 public:
  IceLoop();
  /// Does what is due and never waits.
  void turn();
  _GMainContext* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(_GMainContext* context) const;
  };
  std::unique_ptr<_GMainContext, Free> context_;
};

class Ice {
 public:
  struct Observer {
    std::function<void()> gathered, connected, failed;
    std::function<void(std::span<const uint8_t>)> received;  ///< whatever is no STUN
  };

  /// Controlling, one component, host candidates at `address` only; gathers at once.
  static Result<std::unique_ptr<Ice>> create(IceLoop& loop, const std::string& address,
                                             Observer observer);
  ~Ice();
  Ice(const Ice&) = delete;
  Ice& operator=(const Ice&) = delete;

  IceCredentials credentials() const;
  std::vector<Candidate> candidates() const;
  void setRemote(const IceCredentials& credentials);
  void add(const std::vector<Candidate>& candidates);
  bool send(std::span<const uint8_t> datagram);

  struct Way {
    UniqueFd socket;  ///< a duplicate: libnice may go
    sockaddr_in remote;
  };
  /// The socket and the far address that were chosen; only when connected.
  Result<Way> way() const;

 private:
  struct Free {
    void operator()(_NiceAgent* agent) const;
  };
  explicit Ice(Observer observer) : observer_(std::move(observer)) {}
  bool open(IceLoop& loop, const std::string& address);
  static void onGathered(_NiceAgent*, unsigned stream, void* self);
  static void onState(_NiceAgent*, unsigned stream, unsigned component, unsigned state, void* self);
  static void onReceived(_NiceAgent*, unsigned stream, unsigned component, unsigned octets,
                         char* data, void* self);

  Observer observer_;
  unsigned stream_ = 0;
  std::unique_ptr<_NiceAgent, Free> agent_;
};

}  // namespace genesys::load
