#include "call/media_link.hpp"

namespace genesys::sim {
namespace {

bool isSuccess(int status, const SipMessage* response) {
  return response && status >= 200 && status < 300;
}

}  // namespace

Result<std::string> answerTo(MediaPeer& media, const std::string& offer) {
  const auto description = parseSdp(offer);
  if (!description) return Failure{description.error()};
  const auto answer = media.answer(description.value());
  if (!answer) return Failure{answer.error()};
  return writeSdp(answer.value());
}

Result<Done> takeAnswer(MediaPeer& media, const std::string& answer) {
  const auto description = parseSdp(answer);
  if (!description) return Failure{description.error()};
  return media.accept(description.value());
}

Result<Done> answerPhone(Leg& leg, MediaPeer& media, const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  if (message.body.empty()) {
    const bool wantsOffer = message.method == "INVITE";
    leg.answerRequest(request, wantsOffer ? writeSdp(media.offer()) : std::string());
    return Done{};
  }
  const auto answer = answerTo(media, message.body);
  if (!answer) {
    request->respond(488);
    return Failure{answer.error()};
  }
  leg.answerRequest(request, answer.value());
  return Done{};
}

void link(const std::shared_ptr<Leg>& leg, const std::shared_ptr<MediaPeer>& media,
          const std::optional<std::string>& offer, OnLinked onLinked) {
  leg->reinvite(offer, [leg, media, offered = offer.has_value(), onLinked](
                           int status, const SipMessage* response) {
    if (!isSuccess(status, response)) return onLinked(status, {});
    if (offered) {
      leg->ack();
      const auto taken = takeAnswer(*media, response->body);
      return onLinked(status, taken ? std::string() : "bad answer: " + taken.error());
    }
    const auto answer = answerTo(*media, response->body);
    leg->ack(answer ? answer.value() : writeSdp(media->blackHoleAnswer()));
    onLinked(status, answer ? std::string() : "bad offer: " + answer.error());
  });
}

void linkTwice(const std::shared_ptr<Leg>& leg, const std::shared_ptr<MediaPeer>& media,
               OnLinked onLinked) {
  leg->reinvite(std::nullopt, [leg, media, onLinked](int status, const SipMessage* response) {
    if (!isSuccess(status, response)) return onLinked(status, {});
    leg->ack(writeSdp(media->blackHoleAnswer()));
    link(leg, media, writeSdp(media->offer()), onLinked);
  });
}

}  // namespace genesys::sim
