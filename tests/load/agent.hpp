// An agent's page: signs in, brings a PeerConnection up, and dials the number of the stand-in SIP
// Server whose media is ours (9016*PORT).
#pragma once

#include <memory>
#include <optional>

#include "janus_handle.hpp"
#include "line.hpp"
#include "peer_connection.hpp"

namespace genesys::load {

/// What all agents have in common; outlives them.
struct Office {
  JanusHandle::Server server;
  bool stock = false;      ///< Janus's own SIP plugin: signs in as a guest, SIP URIs in full
  bool standing = true;    ///< the PeerConnection comes up at sign-in, else with each call
  std::string password;    ///< of every agent
  std::string sipServer;   ///< IP:PORT, for `stock`
  std::string address;     ///< IPv4 of the browsers
  std::string sipAddress;  ///< IPv4 of the far ends' RTP
  const Format* format;    ///< of the browser's side
  const Voice* agentVoice;
  const Voice* customerVoice;
  const DtlsIdentity* identity;
};

class Agent : public Line {
 public:
  enum class State { Opening, SigningIn, Idle, Calling, Talking, HangingUp, Gone };

  /// `port`: even, of the far end's RTP; RTCP is the next. `number` tells agents apart.
  Agent(const Office& office, IceLoop& loop, std::string dn, uint16_t port, size_t number,
        Random random);

  void signIn();
  void call();
  void hangUp();
  void leave();
  void read() { handle_->read(); }
  void keepAlive() { handle_->keepAlive(); }
  void onTime();
  int fd() const { return handle_ ? handle_->fd() : -1; }
  State state() const { return state_; }
  const SrtpSuite* suite() const { return suite_; }
  /// Packets have come on both sides.
  bool heard() const;

  /// Of the last call, from the request: until `accepted`, and until both sides hear something; ns.
  Nanos acceptedAfter() const { return accepted_ - asked_; }
  Nanos heardAfter() const;

  Leg* browser() override { return browser_ ? &*browser_ : nullptr; }
  Leg* sip() override { return sip_ ? &*sip_ : nullptr; }
  bool talking() const override { return state_ == State::Talking; }
  const std::string& fault() const override { return fault_; }

 private:
  void fail(const std::string& why);
  void said(const PluginEvent& event);
  void openPeerConnection();
  void offered();
  void registerWith(const std::string& offer);
  void dial(const std::string& offer);
  void ended(const PluginEvent& event);

  const Office& office_;
  IceLoop& loop_;
  std::string dn_, fault_;
  uint16_t port_;
  size_t number_;
  Random random_;
  State state_ = State::Opening;
  bool registered_ = false;
  bool asking_ = false;  ///< the offer is not ready yet
  std::unique_ptr<JanusHandle> handle_;
  std::unique_ptr<PeerConnection> connection_;  ///< while it comes up
  std::optional<Leg> browser_, sip_;
  UniqueFd rtcp_;      ///< so that reports meet an open port; nobody reads them
  uint32_t ssrc_ = 0;  ///< of the PeerConnection
  const SrtpSuite* suite_ = nullptr;
  Nanos asked_ = 0, accepted_ = 0;
};

}  // namespace genesys::load
