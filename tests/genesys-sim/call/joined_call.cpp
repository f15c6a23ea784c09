#include "call/joined_call.hpp"

namespace genesys::sim {

void JoinedCall::take(const std::shared_ptr<Leg>& leg, std::shared_ptr<MediaPeer> media) {
  takeLeg(leg);
  takeMedia(std::move(media));
  answered();
}

void JoinedCall::start(const ServerTransactionPtr& invite, std::shared_ptr<MediaPeer> peer) {
  const auto leg = addLeg();
  leg->adopt(invite, to(), callUuid());
  takeMedia(std::move(peer));
  const std::string& body = invite->request().body;
  const auto sdp = body.empty() ? Result<std::string>(writeSdp(media()->offer())) : answerTo(body);
  if (!sdp) {
    note("refused: " + sdp.error());
    return leg->reject(488);
  }
  leg->answer(sdp.value());
  answered();
}

}  // namespace genesys::sim
