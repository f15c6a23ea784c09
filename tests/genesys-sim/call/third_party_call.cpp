#include "call/third_party_call.hpp"

#include <fmt/format.h>

namespace genesys::sim {

void ThirdPartyCall::start() {
  InviteSpec spec;
  spec.from = options_.toUri;  // the caller's phone sees the number that is dialled
  spec.to = options_.caller.aor;
  spec.target = options_.caller.contact.text;
  spec.peer = options_.caller.peer;
  spec.contactUser = options_.to;
  spec.callUuid = callUuid();
  note("INVITE without SDP to " + options_.by);
  addLeg()->invite(spec);
}

void ThirdPartyCall::ring(const std::optional<std::string>& offer) {
  InviteSpec spec;
  spec.from = options_.byUri;
  spec.to = options_.called.aor;
  spec.target = options_.called.contact.text;
  spec.peer = options_.called.peer;
  spec.contactUser = options_.by;
  spec.callUuid = callUuid();
  spec.sdp = offer;
  note("INVITE to " + options_.to);
  addLeg()->invite(spec);
}

void ThirdPartyCall::onProgress(Leg& leg, const SipMessage& response) {
  note(fmt::format("{} {} of {}", response.status, response.phrase, leg.dn()));
  if (!isCaller(leg)) return ringing();
  if (talked_ || response.toTag.empty()) return;
  talked_ = true;
  leg.notify("talk", nullptr);
}

void ThirdPartyCall::onAnswer(Leg& leg, const SipMessage& response) {
  if (isCaller(leg)) {
    if (options_.flow == 1) return ring(response.body);
    leg.ack(writeSdp(blackHole(1)));
    return ring(std::nullopt);
  }
  if (options_.flow == 2) return connectCaller(response.body);
  leg.ack();
  legs().front()->ack(response.body);
  answered();
}

/// Flow 2: the called phone's offer goes to the caller, its answer back in the ACK.
void ThirdPartyCall::connectCaller(const std::string& offer) {
  legs().front()->reinvite(offer,
                           [weak = weak_from_this()](int status, const SipMessage* response) {
                             const auto self = weak.lock();
                             if (!self || self->legs().size() < 2) return;
                             if (!response || status < 200 || status >= 300)
                               return self->hangUp("SIP;cause=488;text=\"Not Acceptable Here\"");
                             self->legs().front()->ack();
                             self->legs().back()->ack(response->body);
                             std::static_pointer_cast<ThirdPartyCall>(self)->answered();
                           });
}

void ThirdPartyCall::onEnded(Leg& leg, const Ending& ending) {
  if (isCaller(leg) || state() == LegState::Answered) return BridgedCall::onEnded(leg, ending);
  const auto keep = shared_from_this();
  over(ending);
  const auto caller = legs().front();
  if (caller->owesAck()) caller->ack(writeSdp(blackHole(1)), true);
  caller->hangUp(!ending.reason.empty() || !ending.status
                     ? ending.reason
                     : fmt::format("SIP;cause={};text=\"{}\"", ending.status, ending.phrase));
}

}  // namespace genesys::sim
