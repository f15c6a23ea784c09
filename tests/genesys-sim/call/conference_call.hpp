// A conference: each phone is connected with a port of the media server's bridge. Main thread.
#pragma once

#include "call/call.hpp"
#include "media/conference_room.hpp"

namespace genesys::sim {

class ConferenceCall : public Call {
 public:
  ConferenceCall(const CallContext& context, std::string id, const std::string& from,
                 const std::string& to)
      : Call(context, std::move(id), "conference", from, to),
        room_(std::make_shared<ConferenceRoom>(context.sources)) {}
  /// Guests first: who takes a seat hears those that are there. The error says why not.
  Result<Done> invite(const std::string& play) { return room_->invite(play); }
  Result<Done> seat(const std::shared_ptr<Leg>& leg);
  /// Moves every phone's media to the bridge; `sdp` as of ReinviteOptions.
  void begin(const std::string& sdp);

  std::map<std::string, MediaPeer*> parties() override;
  void hangUp(const std::string& reason) override;
  Result<Done> reinvite(const ReinviteOptions& options) override;
  Result<Done> hold(Leg& leg) override;
  Result<Done> retrieve(Leg& leg) override;

  void onProgress(Leg&, const SipMessage&) override {}
  void onAnswer(Leg&, const SipMessage&) override {}
  void onAck(Leg& leg, const SipMessage& ack) override;
  void onRequest(Leg& leg, const ServerTransactionPtr& request) override;
  void onEnded(Leg& leg, const Ending& ending) override;

 private:
  std::shared_ptr<MediaPeer> portOf(const Leg& leg) const;
  void connect(const std::shared_ptr<Leg>& leg, const std::string& sdp);

  std::shared_ptr<ConferenceRoom> room_;
  std::map<const Leg*, std::shared_ptr<MediaPeer>> ports_;
};

}  // namespace genesys::sim
