#include "call/media_call.hpp"

#include <fmt/format.h>

namespace genesys::sim {

Result<Done> MediaCall::openMedia(const MediaPeer::Settings& settings, const std::string& play,
                                  const std::string& recordPath) {
  auto source = context_.sources.make(play);
  if (!source) return Failure{source.error()};
  auto ports = context_.ports.take();
  if (!ports) return Failure{ports.error()};
  MediaPeer::Settings filled = settings;
  filled.ip = context_.mediaIp;
  filled.sessionId = 1'700'000'000 + context_.sip.ids.random32() % 100'000'000;
  media_.emplace(context_.sip.loop, std::move(ports).value(), filled, context_.sip.ids.random32());
  media_->rtp().play(std::move(source).value());
  if (recordPath.empty()) return Done{};
  auto recorder = Recorder::create(recordPath);
  if (!recorder) return Failure{"record: " + recorder.error()};
  media_->rtp().record(std::move(recorder).value());
  return Done{};
}

void MediaCall::answered() {
  if (media_) media_->rtp().answered(MonoClock::now());
  Call::answered();
}

void MediaCall::acceptAnswer(const std::string& sdp) {
  const auto description = parseSdp(sdp);
  if (!description) return note("bad answer: " + description.error());
  const auto accepted = media_->accept(description.value());
  if (!accepted) note("bad answer: " + accepted.error());
}

Result<std::string> MediaCall::answerTo(const std::string& sdp) {
  const auto offer = parseSdp(sdp);
  if (!offer) return Failure{offer.error()};
  const auto answer = media_->answer(offer.value());
  if (!answer) return Failure{answer.error()};
  return writeSdp(answer.value());
}

void MediaCall::onAck(Leg&, const SipMessage& ack) {
  // With a body it answers the offer that our 2xx carried.
  if (!ack.body.empty()) acceptAnswer(ack.body);
}

void MediaCall::onRequest(Leg& leg, const ServerTransactionPtr& request) {
  if (answerCommon(leg, request)) return;
  const SipMessage& message = request->request();
  if (message.body.empty()) {
    const bool wantsOffer = message.method == "INVITE";
    return leg.answerRequest(request, wantsOffer ? writeSdp(media_->offer()) : std::string());
  }
  const auto answer = answerTo(message.body);
  if (answer) return leg.answerRequest(request, answer.value());
  note("refused: " + answer.error());
  request->respond(488);
}

void MediaCall::onEnded(Leg&, const Ending& ending) {
  const auto keep = shared_from_this();
  if (media_) {
    if (!media_->rtp().digits().empty()) note("digits received: " + media_->rtp().digits());
    media_->rtp().close();
  }
  over(ending);
}

Result<std::optional<std::string>> MediaCall::reinviteBody(const ReinviteOptions& options) {
  using Body = std::optional<std::string>;
  if (options.codec) media_->preferCodec(*options.codec);
  if (options.sdp == "none") return Body();
  if (options.sdp == "blackhole") return Body(writeSdp(media_->blackHoleOffer()));
  if (options.sdp == "hold")
    return Body(
        writeSdp(media_->offer(options.direction.empty() ? "sendonly" : options.direction)));
  if (options.sdp == "move") {
    auto ports = context_.ports.take();
    if (!ports) return Failure{ports.error()};
    media_->rtp().move(std::move(ports).value());
    return Body(writeSdp(media_->offer()));
  }
  if (options.sdp == "full") return Body(writeSdp(media_->offer()));
  return Failure{
      fmt::format("sdp: '{}' is none of none, full, blackhole, hold, move", options.sdp)};
}

Result<Done> MediaCall::reinvite(const ReinviteOptions& options) {
  if (state() != LegState::Answered) return Failure{std::string("the call is not answered")};
  if (leg().isNegotiating()) return Failure{std::string("an INVITE is under way")};
  const auto body = reinviteBody(options);
  if (!body) return Failure{body.error()};
  if (options.newCallUuid) setCallUuid(context_.sip.ids.callUuid());
  note("re-INVITE, sdp " + options.sdp);
  leg().reinvite(body.value(), [weak = weak_from_this(), offered = body.value().has_value()](
                                   int status, const SipMessage* response) {
    if (const auto self = weak.lock())
      std::static_pointer_cast<MediaCall>(self)->onReinviteAnswered(offered, status, response);
  });
  return Done{};
}

void MediaCall::onReinviteAnswered(bool offered, int status, const SipMessage* response) {
  note(fmt::format("re-INVITE answered {}", status));
  if (status < 200 || status >= 300 || !response) return;
  if (offered) {
    leg().ack();
    return acceptAnswer(response->body);
  }
  const auto answer = answerTo(response->body);
  if (!answer) note("bad offer: " + answer.error());
  leg().ack(answer ? answer.value() : writeSdp(media_->blackHoleAnswer()));
}

}  // namespace genesys::sim
