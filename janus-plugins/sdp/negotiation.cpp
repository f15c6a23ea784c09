#include "sdp/negotiation.hpp"

#include <fmt/format.h>

namespace genesys::sdp {
namespace {

using Kind = NegotiationError::Kind;

auto fail(Kind kind, std::string reason) {
  return Failure{NegotiationError{kind, std::move(reason)}};
}

auto malformed(const SdpError& error) {
  return fail(Kind::Malformed, error.line ? fmt::format("SDP line {}: {}", error.line, error.reason)
                                          : fmt::format("SDP: {}", error.reason));
}

std::string_view pendingName(Negotiation::State state) {
  switch (state) {
    case Negotiation::State::LocalOfferSent:
      return "our offer waits for its answer";
    case Negotiation::State::RemoteOfferReceived:
      return "the far end's offer waits for its answer";
    case Negotiation::State::Idle:
      break;
  }
  return "no offer is pending";
}

}  // namespace

std::string Negotiation::write(SessionDescription description) {
  description.sessionId = sessionId_;
  description.version = version_;
  std::string text = toString(description);
  if (text == lastText_) return text;
  description.version = ++version_;
  lastText_ = toString(description);
  return lastText_;
}

Result<Agreed, NegotiationError> Negotiation::read(std::string_view sdp) const {
  if (state_ != State::LocalOfferSent)
    return fail(Kind::WrongState, fmt::format("an answer, but {}", pendingName(state_)));
  const auto answer = parse(sdp);
  if (!answer) return malformed(answer.error());
  auto agreed = acceptAnswer(pending_, answer.value());
  if (!agreed) return fail(Kind::Disagreed, agreed.error().reason);
  return std::move(agreed).value();
}

Result<std::string, NegotiationError> Negotiation::offer(LocalAudio local) {
  if (state_ != State::Idle) return fail(Kind::WrongState, std::string(pendingName(state_)));
  pending_ = makeOffer(local);
  wanted_ = local.direction;
  agreedBefore_ = agreed_;
  state_ = State::LocalOfferSent;
  return write(pending_);
}

Result<Agreed, NegotiationError> Negotiation::takeEarlyAnswer(std::string_view sdp) {
  auto agreed = read(sdp);
  if (agreed) agreed_ = agreed.value();
  return agreed;
}

Result<Agreed, NegotiationError> Negotiation::takeAnswer(std::string_view sdp) {
  auto agreed = read(sdp);
  if (agreed) {
    agreed_ = agreed.value();
    direction_ = wanted_;
    state_ = State::Idle;
  } else if (agreed.error().kind != Kind::WrongState) {
    reject();
  }
  return agreed;
}

Result<Done, NegotiationError> Negotiation::takeOffer(std::string_view sdp) {
  if (state_ != State::Idle) return fail(Kind::WrongState, std::string(pendingName(state_)));
  auto offer = parse(sdp);
  if (!offer) return malformed(offer.error());
  pending_ = std::move(offer).value();
  agreedBefore_ = agreed_;
  state_ = State::RemoteOfferReceived;
  return Done{};
}

bool Negotiation::answerable(const LocalAudio& local) const {
  return state_ == State::RemoteOfferReceived && makeAnswer(pending_, local).ok();
}

Result<LocalAnswer, NegotiationError> Negotiation::answer(LocalAudio local) {
  if (state_ != State::RemoteOfferReceived)
    return fail(Kind::WrongState, fmt::format("nothing to answer: {}", pendingName(state_)));
  auto answered = makeAnswer(pending_, local);
  if (!answered) return fail(Kind::Disagreed, answered.error().reason);
  agreed_ = answered->agreed;
  direction_ = local.direction;
  state_ = State::Idle;
  return LocalAnswer{write(std::move(answered->answer)), *agreed_};
}

void Negotiation::reject() {
  if (state_ == State::Idle) return;
  agreed_ = agreedBefore_;
  state_ = State::Idle;
}

}  // namespace genesys::sdp
