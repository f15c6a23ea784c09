#include "sdp/negotiation.hpp"

#include <fmt/format.h>

#include <cassert>

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

/// Nothing flows to a black hole, and its description need not name keys: those in use are.
void keepKeys(Agreed& agreed, const std::optional<Agreed>& before) {
  if (!agreed.srtp && agreed.remoteAddress.empty() && before) agreed.srtp = before->srtp;
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

void Negotiation::addKeys(LocalAudio& local, bool keep) const {
  LocalSrtp& srtp = local.srtp;
  if (srtp.policy == SrtpPolicy::Off) return;
  assert(secrets_);
  for (const media::SrtpSuite* suite : srtp.suites) srtp.fresh.emplace_back(*suite, secrets_);
  if (keep && !keyIsStale_ && agreed_) srtp.inUse = agreed_->srtp;
}

void Negotiation::settle(Agreed agreed) {
  keepKeys(agreed, agreed_);
  if (agreed_ && agreed_->srtp && agreed.srtp) {
    const bool kept = agreed_->srtp->send == agreed.srtp->send;
    keyIsStale_ = kept && (keyIsStale_ || agreed_->srtp->receive != agreed.srtp->receive);
  }
  agreed_ = std::move(agreed);
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

Result<std::string, NegotiationError> Negotiation::offer(LocalAudio local, Answerer answerer) {
  if (state_ != State::Idle) return fail(Kind::WrongState, std::string(pendingName(state_)));
  const bool peer = answerer == Answerer::Peer && agreed_;
  // A peer that has chosen plain RTP is not asked again: a refresh must not look like a change.
  if (peer && !agreed_->srtp && local.srtp.policy == SrtpPolicy::Optional) local.srtp = {};
  addKeys(local, peer);
  pending_ = makeOffer(local);
  wanted_ = local.direction;
  remember();
  state_ = State::LocalOfferSent;
  return write(pending_);
}

Result<Agreed, NegotiationError> Negotiation::takeEarlyAnswer(std::string_view sdp) {
  auto agreed = read(sdp);
  if (!agreed) return agreed;
  settle(std::move(agreed).value());
  return *agreed_;
}

Result<Agreed, NegotiationError> Negotiation::takeAnswer(std::string_view sdp) {
  auto agreed = read(sdp);
  if (agreed) {
    settle(std::move(agreed).value());
    direction_ = wanted_;
    state_ = State::Idle;
    return *agreed_;
  }
  if (agreed.error().kind != Kind::WrongState) reject();
  return agreed;
}

Result<Done, NegotiationError> Negotiation::takeOffer(std::string_view sdp) {
  if (state_ != State::Idle) return fail(Kind::WrongState, std::string(pendingName(state_)));
  auto offer = parse(sdp);
  if (!offer) return malformed(offer.error());
  pending_ = std::move(offer).value();
  remember();
  state_ = State::RemoteOfferReceived;
  return Done{};
}

Result<Done, Disagreement> Negotiation::answerable(LocalAudio local) const {
  if (state_ != State::RemoteOfferReceived)
    return Failure{Disagreement{std::string(pendingName(state_))}};
  addKeys(local, true);
  const auto answered = makeAnswer(pending_, local);
  if (!answered) return Failure{answered.error()};
  return Done{};
}

SrtpPolicy Negotiation::srtpAsked() const {
  if (state_ != State::RemoteOfferReceived) return SrtpPolicy::Off;
  for (const Media& line : pending_.media)
    if (line.kind == "audio" && line.port != 0) return srtpAskedBy(line);
  return SrtpPolicy::Off;
}

Result<LocalAnswer, NegotiationError> Negotiation::answer(LocalAudio local) {
  if (state_ != State::RemoteOfferReceived)
    return fail(Kind::WrongState, fmt::format("nothing to answer: {}", pendingName(state_)));
  addKeys(local, true);
  auto answered = makeAnswer(pending_, local);
  if (!answered) return fail(Kind::Disagreed, answered.error().reason);
  settle(std::move(answered->agreed));
  direction_ = local.direction;
  state_ = State::Idle;
  return LocalAnswer{write(std::move(answered->answer)), *agreed_};
}

void Negotiation::remember() {
  agreedBefore_ = agreed_;
  keyWasStale_ = keyIsStale_;
}

void Negotiation::reject() {
  if (state_ == State::Idle) return;
  agreed_ = agreedBefore_;
  keyIsStale_ = keyWasStale_;
  state_ = State::Idle;
}

}  // namespace genesys::sdp
