#include "call/bridged_call.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

std::optional<std::string> bodyOf(const SipMessage& message) {
  return message.body.empty() ? std::nullopt : std::optional(message.body);
}

}  // namespace

Leg& BridgedCall::other(const Leg& leg) const {
  return &leg == legs().front().get() ? *legs().back() : *legs().front();
}

void BridgedCall::start(const ServerTransactionPtr& invite, const std::string& fromUri,
                        const Binding& callee) {
  const SipMessage& request = invite->request();
  const auto caller = addLeg();
  const auto called = addLeg();
  caller->adopt(invite, to(), callUuid());
  InviteSpec spec;
  spec.from = fromUri;
  spec.to = callee.aor;
  spec.target = callee.contact.text;
  spec.peer = callee.peer;
  spec.contactUser = from();
  spec.callUuid = callUuid();
  spec.sdp = bodyOf(request);
  note("INVITE passed on");
  called->invite(spec);
}

void BridgedCall::take(const std::shared_ptr<Leg>& first, const std::shared_ptr<Leg>& second) {
  takeLeg(first);
  takeLeg(second);
  answered();
}

std::map<std::string, MediaPeer*> BridgedCall::parties() {
  std::map<std::string, MediaPeer*> out;
  if (music_) out["music"] = music_.get();
  return out;
}

bool BridgedCall::canNegotiate() const {
  if (state() != LegState::Answered) return false;
  for (const auto& leg : legs())
    if (leg->isNegotiating()) return false;
  return true;
}

FarEnd BridgedCall::releaseFarEnd(const Leg& agent) {
  Leg& far = other(agent);
  if (&far == &agent || !canNegotiate()) return {};
  const std::string name = far.dn();
  return {releaseLeg(far), nullptr, name};
}

void BridgedCall::onProgress(Leg& leg, const SipMessage& response) {
  note(fmt::format("{} {}", response.status, response.phrase));
  ringing();
  other(leg).progress(response.status, bodyOf(response));
}

void BridgedCall::onAnswer(Leg& leg, const SipMessage& response) {
  // An offerless INVITE gets its ACK when the caller has answered the offer.
  if (!other(leg).initialInvite().body.empty()) leg.ack();
  other(leg).answer(response.body);
  answered();
}

void BridgedCall::onAck(Leg& leg, const SipMessage& ack) {
  if (other(leg).owesAck()) other(leg).ack(bodyOf(ack));
}

void BridgedCall::onRequest(Leg& leg, const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  if (message.method == "INVITE") return passInvite(leg, request);
  // What SIP Server keeps for itself is form-encoded user data; the rest goes to the far end.
  const bool passes = message.method == "UPDATE" || message.method == "MESSAGE" ||
                      (message.method == "INFO" &&
                       !equalsIgnoreCase(message.contentType, "application/x-www-form-urlencoded"));
  if (passes) return pass(leg, request);
  answerCommon(leg, request);
}

void BridgedCall::passInvite(Leg& from, const ServerTransactionPtr& request) {
  Leg& to = other(from);
  if (state() != LegState::Answered || to.isNegotiating()) return request->respond(491);
  if (holds(request->request())) return holdWithMusic(from, request);
  endMusic();
  const bool offered = !request->request().body.empty();
  note(offered ? "re-INVITE passed on" : "re-INVITE without SDP passed on");
  to.reinvite(bodyOf(request->request()), [weak = weak_from_this(), &from, &to, request, offered](
                                              int status, const SipMessage* response) {
    const auto self = weak.lock();
    if (!self) return;
    if (status < 200 || status >= 300 || !response) return request->respond(status ? status : 408);
    if (offered) to.ack();
    from.answerRequest(request, response->body);
  });
}

void BridgedCall::pass(Leg& from, const ServerTransactionPtr& request) {
  const SipMessage& message = request->request();
  note(message.method + " passed on");
  other(from).request(
      message.method, {}, message.contentType, message.body,
      [weak = weak_from_this(), &from, request](int status, const SipMessage* response) {
        if (!weak.lock()) return;
        if (status >= 200 && status < 300 && response)
          from.answerRequest(request, response->body);
        else
          request->respond(status ? status : 408);
      });
}

void BridgedCall::onEnded(Leg& leg, const Ending& ending) {
  const auto keep = shared_from_this();
  endMusic();
  Leg& remaining = other(leg);
  if (remaining.state() != LegState::Ended) {
    const bool rejected =
        ending.status >= 300 && !remaining.isCalling() && remaining.state() != LegState::Answered;
    if (rejected)
      remaining.reject(ending.status, ending.phrase,
                       ending.reason.empty() ? std::vector<RawHeader>{}
                                             : std::vector<RawHeader>{{"Reason", ending.reason}});
    else
      remaining.hangUp(ending.reason);
  }
  over(ending);
}

void BridgedCall::hangUp(const std::string& reason) {
  legs().front()->hangUp(reason);
  legs().back()->hangUp(reason);
}

Result<Done> BridgedCall::reinvite(const ReinviteOptions& options) {
  if (options.sdp != "none")
    return Failure{std::string("sdp: only none is possible in a call between DNs")};
  if (!canNegotiate())
    return Failure{std::string("the call is not answered, or an INVITE is under way")};
  endMusic();
  if (options.newCallUuid) setCallUuid(context_.sip.ids.callUuid());
  note("re-INVITE without SDP to " + to());
  legs().back()->reinvite(
      std::nullopt, [weak = weak_from_this()](int status, const SipMessage* response) {
        if (const auto self = weak.lock())
          std::static_pointer_cast<BridgedCall>(self)->onOfferOfCallee(status, response);
      });
  return Done{};
}

void BridgedCall::onOfferOfCallee(int status, const SipMessage* response) {
  note(fmt::format("re-INVITE answered {}", status));
  if (status < 200 || status >= 300 || !response) return;
  legs().front()->reinvite(response->body, [weak = weak_from_this(), offer = response->body](
                                               int result, const SipMessage* answer) {
    const auto self = weak.lock();
    if (!self) return;
    const auto& legs = self->legs();
    if (result >= 200 && result < 300 && answer) {
      legs.front()->ack();
      return legs.back()->ack(answer->body);
    }
    legs.back()->ack(writeSdp(blackHole(1)));
  });
}

}  // namespace genesys::sim
