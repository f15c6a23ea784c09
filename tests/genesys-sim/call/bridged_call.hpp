// A call between two DNs: two dialogs, SDP handed through verbatim, media from phone to phone.
// Main thread.
#pragma once

#include "call/call.hpp"
#include "sip/registrar.hpp"

namespace genesys::sim {

class BridgedCall : public Call {
 public:
  BridgedCall(const CallContext& context, std::string id, const std::string& from,
              const std::string& to)
      : Call(context, std::move(id), "dn-to-dn", from, to) {}
  /// `fromUri` is the caller as its DN registered it.
  void start(const ServerTransactionPtr& invite, const std::string& fromUri, const Binding& callee);
  /// Two phones that talked with others go on with each other.
  void take(const std::shared_ptr<Leg>& first, const std::shared_ptr<Leg>& second);

  void hangUp(const std::string& reason) override;
  /// Only without SDP: the called phone's offer goes to the caller in a re-INVITE, its answer back.
  Result<Done> reinvite(const ReinviteOptions& options) override;

  std::map<std::string, MediaPeer*> parties() override;
  /// The phone of `leg` gets a black hole, the other one music.
  Result<Done> hold(Leg& leg) override;
  Result<Done> retrieve(Leg&) override { return reinvite({}); }
  FarEnd releaseFarEnd(const Leg& agent) override;

  void onProgress(Leg& leg, const SipMessage& response) override;
  void onAnswer(Leg& leg, const SipMessage& response) override;
  void onAck(Leg& leg, const SipMessage& ack) override;
  void onRequest(Leg& leg, const ServerTransactionPtr& request) override;
  void onEnded(Leg& leg, const Ending& ending) override;

 private:
  Leg& other(const Leg& leg) const;
  bool canNegotiate() const;
  bool holds(const SipMessage& request) const;
  void holdWithMusic(Leg& holder, const ServerTransactionPtr& request);
  Result<Done> playMusic(Leg& held);
  void endMusic();
  void passInvite(Leg& from, const ServerTransactionPtr& request);
  void pass(Leg& from, const ServerTransactionPtr& request);
  void onOfferOfCallee(int status, const SipMessage* response);

  std::shared_ptr<MediaPeer> music_;   // what the held party hears
  std::shared_ptr<MediaPeer> nobody_;  // what answers the phone that holds
};

}  // namespace genesys::sim
