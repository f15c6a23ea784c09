// A phone that talks with a media peer which another call had before: after a transfer, or because
// the phone's INVITE replaced another. Main thread.
#pragma once

#include "call/media_call.hpp"

namespace genesys::sim {

class JoinedCall : public MediaCall {
 public:
  JoinedCall(const CallContext& context, std::string id, const std::string& from,
             const std::string& to)
      : MediaCall(context, std::move(id), "joined", from, to) {}
  /// The phone's dialog goes on here, with this at its other end; nothing is sent yet.
  void take(const std::shared_ptr<Leg>& leg, std::shared_ptr<MediaPeer> media);
  /// Answers the INVITE of a phone; an offer that cannot be answered gets 488.
  void start(const ServerTransactionPtr& invite, std::shared_ptr<MediaPeer> media);

  void onProgress(Leg&, const SipMessage&) override {}
  void onAnswer(Leg&, const SipMessage&) override {}
};

}  // namespace genesys::sim
