#include "call/media_call.hpp"

#include <fmt/format.h>

namespace genesys::sim {
namespace {

constexpr size_t kMostParties = 16;

}  // namespace

Result<Done> MediaCall::openMedia(const MediaPeer::Settings& settings, const std::string& play,
                                  const std::string& recordPath) {
  auto opened = context_.openPeer(settings, play, false);
  if (!opened) return Failure{opened.error()};
  media_ = std::move(opened).value();
  if (recordPath.empty()) return Done{};
  auto recorder = Recorder::create(recordPath);
  if (!recorder) return Failure{"record: " + recorder.error()};
  media_->rtp().record(std::move(recorder).value());
  return Done{};
}

std::map<std::string, MediaPeer*> MediaCall::parties() {
  std::map<std::string, MediaPeer*> out;
  if (media_) out[party_] = media_.get();
  for (const auto& [name, media] : others_) out[name] = media.get();
  return out;
}

void MediaCall::answered() {
  if (media_) media_->rtp().answered(MonoClock::now());
  Call::answered();
}

void MediaCall::acceptAnswer(const std::string& sdp) {
  const auto taken = takeAnswer(*media_, sdp);
  if (!taken) note("bad answer: " + taken.error());
}

void MediaCall::onAck(Leg&, const SipMessage& ack) {
  // With a body it answers the offer that our 2xx carried.
  if (!ack.body.empty() && media_) acceptAnswer(ack.body);
}

void MediaCall::onRequest(Leg& leg, const ServerTransactionPtr& request) {
  if (answerCommon(leg, request)) return;
  if (!media_) return request->respond(488);  // whom it talked with went elsewhere
  const auto done = answerPhone(leg, *media_, request);
  if (!done) note("refused: " + done.error());
}

void MediaCall::onEnded(Leg&, const Ending& ending) {
  const auto keep = shared_from_this();
  if (media_) {
    if (!media_->rtp().digits().empty()) note("digits received: " + media_->rtp().digits());
    media_->rtp().close();
  }
  for (const auto& [name, media] : others_) media->rtp().close();
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
  }
  return Body(writeSdp(media_->offer()));
}

Result<Done> MediaCall::mayReinvite() {
  if (state() != LegState::Answered || !media_)
    return Failure{std::string("the call is not answered")};
  if (leg().isNegotiating()) return Failure{std::string("an INVITE is under way")};
  return Done{};
}

Result<Done> MediaCall::reinvite(const ReinviteOptions& options) {
  const auto possible = mayReinvite();
  if (!possible) return possible;
  const OnLinked linked = [weak = weak_from_this()](int status, const std::string& fault) {
    const auto self = weak.lock();
    if (!self) return;
    if (!fault.empty()) self->note(fault);
    self->note(fmt::format("re-INVITE answered {}", status));
  };
  const auto body = reinviteBody(options);
  if (!body) return Failure{body.error()};
  if (options.newCallUuid) setCallUuid(context_.sip.ids.callUuid());
  note("re-INVITE, sdp " + options.sdp);
  if (options.sdp == "twice")
    linkTwice(legs().front(), media_, linked);
  else
    link(legs().front(), media_, body.value(), linked);
  return Done{};
}

/// What others_ has by that name takes the place of the party that is heard now.
void MediaCall::turnTo(const std::string& party) {
  media_->pause();
  const auto next = others_.extract(party);
  others_[party_] = std::exchange(media_, next.mapped());
  party_ = party;
}

Result<Done> MediaCall::connect(const PartyOptions& options) {
  const auto possible = mayReinvite();
  if (!possible) return possible;
  if (options.party != party_ && others_.count(options.party) == 0) {
    if (others_.size() >= kMostParties) return Failure{std::string("party: too many of them")};
    auto opened = context_.openPeer({}, options.play, options.atMediaServer);
    if (!opened) return Failure{opened.error()};
    others_[options.party] = std::move(opened).value();
  }
  if (options.party != party_) turnTo(options.party);
  note("connected with " + party_);
  return reinvite(options.how);
}

FarEnd MediaCall::releaseFarEnd(const Leg&) {
  return {nullptr, std::exchange(media_, nullptr), from()};
}

}  // namespace genesys::sim
