// A call between one phone and a media peer of the stand-in: what the caller on command and the
// service numbers have in common. Main thread.
#pragma once

#include "call/call.hpp"

namespace genesys::sim {

class MediaCall : public Call {
 public:
  /// Takes an RTP port at once; the error says why that failed. Call before anything else.
  Result<Done> openMedia(const MediaPeer::Settings& settings, const std::string& play,
                         const std::string& recordPath);

  MediaPeer* media() override { return media_ ? &*media_ : nullptr; }
  void hangUp(const std::string& reason) override { leg().hangUp(reason); }
  Result<Done> reinvite(const ReinviteOptions& options) override;

  void onAck(Leg& leg, const SipMessage& ack) override;
  void onRequest(Leg& leg, const ServerTransactionPtr& request) override;
  void onEnded(Leg& leg, const Ending& ending) override;

 protected:
  using Call::Call;
  Leg& leg() { return *legs().front(); }
  void answered() override;
  /// The peer's answer to an offer of ours; a bad one is noted and the call goes on without sound.
  void acceptAnswer(const std::string& sdp);
  /// The body for the ACK of a 2xx that carries an offer.
  Result<std::string> answerTo(const std::string& sdp);

 private:
  Result<std::optional<std::string>> reinviteBody(const ReinviteOptions& options);
  void onReinviteAnswered(bool offered, int status, const SipMessage* response);

  std::optional<MediaPeer> media_;
};

}  // namespace genesys::sim
