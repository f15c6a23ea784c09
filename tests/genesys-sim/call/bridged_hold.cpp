// Hold in a call between DNs: music of the media server for the other party.
#include <fmt/format.h>

#include "call/bridged_call.hpp"
#include "call/media_link.hpp"

namespace genesys::sim {

/// Does this offer hold, and is there music for whom it holds?
bool BridgedCall::holds(const SipMessage& request) const {
  if (context_.music.empty() || request.body.empty()) return false;
  const auto offer = parseSdp(request.body);
  return offer &&
         (offer->isBlackHole() || offer->direction == "sendonly" || offer->direction == "inactive");
}

Result<Done> BridgedCall::playMusic(Leg& held) {
  endMusic();
  const std::string& play = context_.music.empty() ? "silence" : context_.music;
  auto opened = context_.openPeer({}, play, true);
  if (!opened) return Failure{opened.error()};
  music_ = std::move(opened).value();
  note("music for " + held.dn());
  link(held.shared_from_this(), music_, writeSdp(music_->offer()), [](int, const std::string&) {});
  return Done{};
}

void BridgedCall::endMusic() {
  for (auto* peer : {&music_, &nobody_})
    if (*peer) std::exchange(*peer, nullptr)->rtp().close();
}

void BridgedCall::holdWithMusic(Leg& holder, const ServerTransactionPtr& request) {
  auto opened = context_.openPeer({}, "none", true);
  const auto playing = opened ? playMusic(other(holder)) : Failure{opened.error()};
  if (!playing) {
    note("no music: " + playing.error());
    return request->respond(500);
  }
  nobody_ = std::move(opened).value();
  const auto answer = answerPhone(holder, *nobody_, request);
  if (!answer) note("refused: " + answer.error());
}

Result<Done> BridgedCall::hold(Leg& leg) {
  if (!canNegotiate())
    return Failure{std::string("the call is not answered, or an INVITE is under way")};
  const auto playing = playMusic(other(leg));
  if (!playing) return playing;
  leg.reinvite(writeSdp(blackHole(1)), [weak = weak_from_this(), held = leg.shared_from_this()](
                                           int status, const SipMessage*) {
    if (status >= 200 && status < 300) held->ack();
    if (const auto self = weak.lock()) self->note(fmt::format("re-INVITE answered {}", status));
  });
  return Done{};
}

}  // namespace genesys::sim
