// A call's media side: offer/answer in both directions, re-INVITEs of either side, hold. SIP loop.
#include <string>
#include <utility>

#include "sdp/body.hpp"
#include "sdp/direction.hpp"
#include "sip/call.hpp"
#include "sip/phrase.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

int statusOf(const sdp::BodyError& error) {
  return error.kind == sdp::BodyError::Kind::NotSdp ? 415 : 400;
}

int statusOf(const sdp::NegotiationError& error) {
  using Kind = sdp::NegotiationError::Kind;
  if (error.kind == Kind::Disagreed) return 488;
  return error.kind == Kind::Malformed ? 400 : 491;
}

}  // namespace

// SIP Server moves media, holds and retrieves by re-INVITE, with SDP or without; the browser never
// hears of it (dialect, sections 3.2-3.4).
void Call::reinvited(const SipMessage& message) {
  const auto [status, body] = answerTo(message, true);
  dialog_->respond(status, reasonPhrase(status), body);
  observer_.onChanged(*this);
}

void Call::updated(const SipMessage& message) {
  const auto [status, body] = answerTo(message, false);
  dialog_->respondToUpdate(status, reasonPhrase(status), body);
  scheduleRefresh();
  observer_.onChanged(*this);
}

Call::Answer Call::answerTo(const SipMessage& message, bool offerIfNone) {
  resumeIfTransferred(message);
  const bool offered = !message.body.empty();
  // An offer that crosses another one (RFC 3311 section 5.2) leaves that one alone.
  if (offered && negotiation_.state() == sdp::Negotiation::State::LocalOfferSent) return {491, {}};
  if (offered && negotiation_.state() == sdp::Negotiation::State::RemoteOfferReceived)
    return {500, {"", {{"Retry-After", std::to_string(random_.between(0, 10))}}}};
  int status = offered ? takeOffer(message) : 0;
  std::string sdp = status == 0 && (offered || offerIfNone) ? describe(status) : "";
  if (status != 0) {
    if (offered) negotiation_.reject();
    return {status, {}};
  }
  session_.answered(message);
  return {200, {std::move(sdp), {}}};
}

// Another UUID in a call that we hold means that a transfer is complete: somebody else is there now
// (dialect, section 2).
void Call::resumeIfTransferred(const SipMessage& message) {
  const bool known = !facts_.uuid.empty();
  if (!learn(message)) return;
  if (known && wantsHold()) steer(HoldMachine::Resumed{});
}

HoldState Call::holdState() const {
  HoldState state;
  state.local = hold_.held();
  if (!answered() || !negotiation_.agreed()) return state;
  const sdp::Agreed& agreed = *negotiation_.agreed();
  state.remote = agreed.remoteAddress.empty() || agreed.direction != negotiation_.localDirection();
  return state;
}

void Call::steer(const HoldMachine::Event& event) {
  for (const auto& action : hold_.on(event, random_)) perform(action);
}

void Call::perform(const HoldMachine::Action& action) {
  using Machine = HoldMachine;
  std::visit(Overloaded{
                 [this](const Machine::SendOffer&) { sendOffer(); },
                 [this](const Machine::StartRetry& a) {
                   holdRetry_ = scheduler_.after(a.delay, [this] { steer(Machine::RetryNow{}); });
                 },
                 [this](const Machine::Changed&) { observer_.onChanged(*this); },
                 [this](const Machine::Failed& a) { observer_.onHoldFailed(*this, a); },
                 [this](const Machine::EndCall& a) { giveUp(a.code, a.reason); },
             },
             action);
}

void Call::sendOffer() {
  const auto offer = negotiation_.offer(localAudio());
  // The far end's own offer is open: as good as a glare, and tried again after it.
  if (!offer) return steer(HoldMachine::Answered{491, "Request Pending", false});
  dialog_->invite({offer.value(), {}});
}

void Call::scheduleRefresh() {
  refreshTimer_.reset();
  if (const auto due = session_.due())
    refreshTimer_ = scheduler_.after(*due, [this] { steer(HoldMachine::Refresh{}); });
}

void Call::reinviteAnswered(const SipMessage& message) {
  if (message.status < 200) return;
  learn(message);
  if (message.status < 300) {
    session_.accepted(message);
    scheduleRefresh();
  }
  HoldMachine::Answered answer{message.status, message.phrase, false};
  const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
  if (message.status < 300 && body) {
    const auto agreed = negotiation_.takeAnswer(body.value());
    answer.agreed = agreed.ok();
    if (agreed) apply(agreed.value());
    if (!agreed) answer.phrase = agreed.error().reason;
  } else {
    negotiation_.reject();
    if (message.status < 300) answer.phrase = "without an answer to the offer";
  }
  steer(answer);
}

// The ACK carries the answer when our 200 carried the offer. A black hole or an echo of our own
// offer is no error: a BYE or a re-INVITE follows (dialect, sections 2 and 3.3).
void Call::takeLateAnswer(const SipMessage& message) {
  if (!std::exchange(answerInAck_, false)) return;
  const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
  if (!body) return negotiation_.reject();
  const auto agreed = negotiation_.takeAnswer(body.value());
  if (!agreed)
    return logWarning("call {}: the answer in the ACK is of no use: {}", facts_.id,
                      agreed.error().reason);
  apply(agreed.value());
  steer(HoldMachine::Described{negotiation_.localDirection()});
  observer_.onChanged(*this);
}

int Call::takeOffer(const SipMessage& message) {
  const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
  if (!body) return statusOf(body.error());
  const auto taken = negotiation_.takeOffer(body.value());
  if (!taken) return statusOf(taken.error());
  // What cannot be answered must not ring first.
  const auto answerable = negotiation_.answerable(localAudio());
  if (!answerable) logWarning("call {}: 488: {}", facts_.id, answerable.error().reason);
  return answerable ? 0 : 488;
}

Result<Done> Call::useSrtp(sdp::SrtpTerms terms) {
  if (terms.policy == sdp::SrtpPolicy::Mandatory && hasAudio() && srtpSuite() == nullptr)
    return Failure{std::string("its early media are not encrypted")};
  std::swap(settings_.srtp, terms);
  if (negotiation_.state() != sdp::Negotiation::State::RemoteOfferReceived) return Done{};
  const auto answerable = negotiation_.answerable(localAudio());
  if (answerable) return Done{};
  std::swap(settings_.srtp, terms);
  return Failure{answerable.error().reason};
}

const media::SrtpSuite* Call::srtpSuite() const {
  const auto& agreed = negotiation_.agreed();
  return agreed && agreed->srtp ? &agreed->srtp->send.suite() : nullptr;
}

std::string Call::describe(int& status) {
  if (negotiation_.state() == sdp::Negotiation::State::RemoteOfferReceived) {
    auto answer = negotiation_.answer(localAudio());
    if (answer) {
      apply(answer->agreed);
      steer(HoldMachine::Described{negotiation_.localDirection()});
      return answer->sdp;
    }
    status = statusOf(answer.error());
    return "";
  }
  auto offer = negotiation_.offer(localAudio(), sdp::Answerer::Anybody);
  answerInAck_ = offer.ok();
  if (offer) return offer.value();
  status = statusOf(offer.error());
  return "";
}

sdp::LocalAudio Call::localAudio() const {
  sdp::LocalAudio local;
  local.address = settings_.mediaAddress;
  local.port = audio_ ? audio_->localPort() : 9;  // 9, discard: only when the call is ending
  local.codecs = settings_.codecs;
  if (!settings_.telephoneEvents) local.digitsPayloadType.reset();
  local.direction = hold_.wanted();
  local.srtp.policy = settings_.srtp.policy;
  local.srtp.suites = settings_.srtp.suites;
  return local;
}

void Call::apply(const sdp::Agreed& agreed) {
  if (audio_) audio_->apply(agreed);
  if (!agreed.remoteAddress.empty()) handle(CallMachine::Connected{});
}

}  // namespace genesys::sip
