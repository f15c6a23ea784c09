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

  void hangUp(const std::string& reason) override;
  /// Only without SDP: the called phone's offer goes to the caller in a re-INVITE, its answer back.
  Result<Done> reinvite(const ReinviteOptions& options) override;

  void onProgress(Leg& leg, const SipMessage& response) override;
  void onAnswer(Leg& leg, const SipMessage& response) override;
  void onAck(Leg& leg, const SipMessage& ack) override;
  void onRequest(Leg& leg, const ServerTransactionPtr& request) override;
  void onEnded(Leg& leg, const Ending& ending) override;

 private:
  Leg& other(const Leg& leg) const;
  void passInvite(Leg& from, const ServerTransactionPtr& request);
  void pass(Leg& from, const ServerTransactionPtr& request);
  void onOfferOfCallee(int status, const SipMessage* response);
};

}  // namespace genesys::sim
