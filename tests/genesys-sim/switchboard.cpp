#include "switchboard.hpp"

#include <fmt/format.h>

#include "call/caller_call.hpp"
#include "call/conference_call.hpp"
#include "call/joined_call.hpp"
#include "call/service_call.hpp"
#include "call/third_party_call.hpp"

namespace genesys::sim {
namespace {

bool answers(const ServiceNumber& service) {
  return service.behaviour == ServiceBehaviour::Answer ||
         service.behaviour == ServiceBehaviour::Record;
}

bool isNegotiating(const Call& call) {
  for (const auto& leg : call.legs())
    if (leg->isNegotiating()) return true;
  return false;
}

}  // namespace

struct Switchboard::Dialogs {
  std::shared_ptr<Call> primary, consultation;
  std::shared_ptr<Leg> primaryLeg, consultationLeg;
};

std::string Switchboard::uriOf(const std::string& user) const {
  const auto binding = registrar_.find(user, MonoClock::now());
  return binding ? binding->aor
                 : fmt::format("sip:{}@{}", user, context_.sip.transactions.local().hostPort());
}

template <class Kind>
std::shared_ptr<Kind> Switchboard::begin(const std::string& from, const std::string& to,
                                         const std::string& uuid) {
  const auto call = std::make_shared<Kind>(context_, calls_.nextId(), from, to);
  call->setCallUuid(uuid);
  calls_.add(call);
  return call;
}

Switchboard::CallResult Switchboard::makeCall(const std::string& by, const std::string& to,
                                              int flow) {
  const auto caller = registrar_.find(by, MonoClock::now());
  if (!caller) return Failure{fmt::format("DN {} is not registered", by)};
  if (const ServiceNumber* service = findService(to)) {
    if (!answers(*service)) return Failure{fmt::format("to: {} does not answer", to)};
    CallerOptions options;
    options.to = by;
    options.from = to;
    options.fromUri = uriOf(to);
    options.play = service->play;
    options.offerless = options.desktopAnswer = true;
    const auto call = std::make_shared<CallerCall>(context_, calls_.nextId(), std::move(options));
    const auto started = call->start(*caller);
    if (!started) return Failure{started.error()};
    calls_.add(call);
    return std::static_pointer_cast<Call>(call);
  }
  const auto called = registrar_.find(to, MonoClock::now());
  if (!called) return Failure{fmt::format("to: DN {} is not registered", to)};
  MakeCallOptions options{by, to, uriOf(by), uriOf(to), *caller, *called, flow};
  const auto call = std::make_shared<ThirdPartyCall>(context_, calls_.nextId(), std::move(options));
  calls_.add(call);
  call->start();
  return std::static_pointer_cast<Call>(call);
}

Result<Switchboard::Dialogs> Switchboard::dialogsOf(const std::shared_ptr<Call>& primary,
                                                    const std::string& consultation) {
  const auto second = calls_.find(consultation);
  if (!second) return Failure{fmt::format("consultation: no call {}", consultation)};
  for (const auto& call : {primary, second}) {
    if (call->state() != LegState::Answered || isNegotiating(*call))
      return Failure{fmt::format("call {} is not answered, or an INVITE is under way", call->id())};
    if (call->kind() == "conference")
      return Failure{std::string("a conference cannot be transferred")};
  }
  for (const auto& leg : primary->legs())
    if (const auto other = second->legOf(leg->dn()); other && other != leg)
      return Dialogs{primary, second, leg, other};
  return Failure{std::string("the two calls have no DN in common")};
}

std::shared_ptr<Call> Switchboard::join(FarEnd first, FarEnd second, const std::string& uuid) {
  if (first.media && second.media) {  // they would talk without a phone of ours
    first.media->rtp().close();
    second.media->rtp().close();
    return nullptr;
  }
  std::shared_ptr<Call> joined;
  if (first.leg && second.leg) {
    const auto call = begin<BridgedCall>(first.name, second.name, uuid);
    call->take(first.leg, second.leg);
    joined = call;
  } else {
    const bool firstHasPhone = first.leg != nullptr;
    const FarEnd& phone = firstHasPhone ? first : second;
    const FarEnd& other = firstHasPhone ? second : first;
    const auto call = begin<JoinedCall>(other.name, phone.name, uuid);
    call->take(phone.leg, other.media);
    joined = call;
  }
  const auto sent = joined->reinvite({});
  if (!sent) joined->note("not connected: " + sent.error());
  return joined;
}

Switchboard::CallResult Switchboard::complete(const std::shared_ptr<Call>& primary,
                                              const Completion& how) {
  const auto found = dialogsOf(primary, how.consultation);
  if (!found) return Failure{found.error()};
  const Dialogs& dialogs = found.value();
  if (how.conference) return confer(dialogs, how.sdp);
  const auto joined =
      join(primary->releaseFarEnd(*dialogs.primaryLeg),
           dialogs.consultation->releaseFarEnd(*dialogs.consultationLeg), primary->callUuid());
  const auto& [first, last] = how.primaryFirst
                                  ? std::tie(dialogs.primaryLeg, dialogs.consultationLeg)
                                  : std::tie(dialogs.consultationLeg, dialogs.primaryLeg);
  first->hangUp();
  last->hangUp();
  return joined ? joined : primary;
}

Switchboard::CallResult Switchboard::confer(const Dialogs& dialogs, const std::string& sdp) {
  const Call& primary = *dialogs.primary;
  const auto conference = begin<ConferenceCall>(primary.from(), primary.to(), primary.callUuid());
  FarEnd others[] = {dialogs.primary->releaseFarEnd(*dialogs.primaryLeg),
                     dialogs.consultation->releaseFarEnd(*dialogs.consultationLeg)};
  for (const FarEnd& other : others)
    if (other.media) {
      (void)conference->invite(other.media->playing());
      other.media->rtp().close();
    }
  auto seated = conference->seat(dialogs.primary->releaseLeg(*dialogs.primaryLeg));
  for (const FarEnd& other : others)
    if (seated && other.leg) seated = conference->seat(other.leg);
  dialogs.primary->dissolve();
  dialogs.consultationLeg->hangUp();
  if (!seated) {
    conference->hangUp({});
    return Failure{seated.error()};
  }
  conference->begin(sdp);
  return std::static_pointer_cast<Call>(conference);
}

Result<std::string> Switchboard::replacesOf(const std::string& callId, const std::string& dn,
                                            bool ofPhone) const {
  const auto call = calls_.find(callId);
  const auto leg = call ? call->legOf(dn) : nullptr;
  if (!leg || leg->dialog().remoteTag.empty())
    return Failure{fmt::format("replaces: no call {} with DN {}", callId, dn)};
  const Dialog& dialog = leg->dialog();
  return fmt::format("{};to-tag={};from-tag={}", dialog.callId,
                     ofPhone ? dialog.remoteTag : dialog.localTag,
                     ofPhone ? dialog.localTag : dialog.remoteTag);
}

Switchboard::CallResult Switchboard::refer(const std::shared_ptr<Call>& call, const std::string& dn,
                                           const std::string& to, const std::string& replaces) {
  const auto leg = call->legOf(dn);
  if (!leg) return Failure{fmt::format("dn: {} has no part in this call", dn)};
  if (call->state() != LegState::Answered || isNegotiating(*call))
    return Failure{std::string("the call is not answered, or an INVITE is under way")};
  std::string header;
  if (!replaces.empty()) {
    const auto value = replacesOf(replaces, {}, false);
    if (!value) return Failure{value.error()};
    header = value.value();
  }
  if (call->legs().size() < 2 || call->kind() == "conference") {
    call->refer(*leg, to, header, call->from());
    return call;
  }
  const auto agent = leg == call->legs().front() ? call->legs().back() : call->legs().front();
  auto nobody = context_.openPeer({}, "none", true);
  if (!nobody) return Failure{nobody.error()};
  const FarEnd referred = call->releaseFarEnd(*agent);
  const auto rest = begin<JoinedCall>(agent->dn(), referred.name, call->callUuid());
  rest->take(referred.leg, std::move(nobody).value());
  rest->refer(*leg, to, header, agent->dn());
  agent->hangUp();
  return std::static_pointer_cast<Call>(rest);
}

}  // namespace genesys::sim
