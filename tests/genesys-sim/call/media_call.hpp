// A call between one phone and a media peer of the stand-in: what the caller on command and the
// service numbers have in common. Main thread.
#pragma once

#include "call/call.hpp"
#include "call/media_link.hpp"

namespace genesys::sim {

class MediaCall : public Call {
 public:
  /// Takes an RTP port at once; the error says why that failed. Call before anything else.
  Result<Done> openMedia(const MediaPeer::Settings& settings, const std::string& play,
                         const std::string& recordPath);

  MediaPeer* media() override { return media_.get(); }
  std::map<std::string, MediaPeer*> parties() override;
  void hangUp(const std::string& reason) override { leg().hangUp(reason); }
  Result<Done> reinvite(const ReinviteOptions& options) override;
  Result<Done> connect(const PartyOptions& options) override;
  FarEnd releaseFarEnd(const Leg&) override;

  void onAck(Leg& leg, const SipMessage& ack) override;
  void onRequest(Leg& leg, const ServerTransactionPtr& request) override;
  void onEnded(Leg& leg, const Ending& ending) override;

 protected:
  using Call::Call;
  Leg& leg() { return *legs().front(); }
  void answered() override;
  void takeMedia(std::shared_ptr<MediaPeer> media) { media_ = std::move(media); }
  /// The peer's answer to an offer of ours; a bad one is noted and the call goes on without sound.
  void acceptAnswer(const std::string& sdp);
  /// The body for the ACK of a 2xx that carries an offer.
  Result<std::string> answerTo(const std::string& sdp) { return sim::answerTo(*media_, sdp); }

 private:
  Result<std::optional<std::string>> reinviteBody(const ReinviteOptions& options);
  Result<Done> mayReinvite();
  void turnTo(const std::string& party);

  std::shared_ptr<MediaPeer> media_;  // the party that the phone is connected with
  std::string party_ = "caller";
  std::map<std::string, std::shared_ptr<MediaPeer>> others_;  // that it was connected with before
};

}  // namespace genesys::sim
