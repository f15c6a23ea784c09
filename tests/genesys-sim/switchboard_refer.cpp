// What phones ask of the switchboard: transfer by REFER, and INVITEs with Replaces.
#include <fmt/format.h>

#include "call/caller_call.hpp"
#include "call/joined_call.hpp"
#include "call/service_call.hpp"
#include "switchboard.hpp"

namespace genesys::sim {
namespace {

/// How far the transfer is, for the phone that asked for it (RFC 3515 section 2.4.5).
void report(const std::shared_ptr<Leg>& leg, int status) {
  if (leg->state() == LegState::Ended) return;
  const bool last = status >= 200;
  leg->request(
      "NOTIFY",
      {{"Event", "refer"},
       {"Subscription-State", last ? "terminated;reason=noresource" : "active;expires=60"}},
      "message/sipfrag;version=2.0", fmt::format("SIP/2.0 {} {}\r\n", status, phraseOf(status)),
      nullptr);
}

int refusalOf(ServiceBehaviour behaviour) {
  switch (behaviour) {
    case ServiceBehaviour::Busy:
      return 486;
    case ServiceBehaviour::Forbidden:
      return 403;
    case ServiceBehaviour::NoAnswer:
      return 480;
    default:
      return 0;
  }
}

}  // namespace

void Switchboard::onRefer(Call& call, Leg& leg, const ServerTransactionPtr& request) {
  const std::string* header = request->request().header("Refer-To");
  const auto target = header ? parseReferTo(*header) : std::nullopt;
  if (!target) return request->respond(400);
  if (call.state() != LegState::Answered) return request->respond(481);
  request->respond(ResponseParts{202, {}, {}, {{"Contact", leg.dialog().localContact}}, {}, {}});
  const auto referrer = leg.shared_from_this();
  report(referrer, 100);
  if (target->replaces.empty()) return transferTo(call.shared_from_this(), referrer, target->user);
  const auto [consultation, agent] = calls_.dialog(parseReplaces(target->replaces));
  const FarEnd far = agent ? consultation->releaseFarEnd(*agent) : FarEnd{};
  if (!far) return report(referrer, 481);
  call.note("transferred to the other party of " + consultation->id());
  join(call.releaseFarEnd(leg), far, call.callUuid());
  report(referrer, 200);
  agent->hangUp();  // who is called so ends the dialog that was replaced (RFC 3891 section 3)
}

void Switchboard::transferTo(const std::shared_ptr<Call>& call, const std::shared_ptr<Leg>& leg,
                             const std::string& user) {
  call->note("transferred to " + user);
  if (const ServiceNumber* service = findService(user)) {
    if (const int refusal = refusalOf(service->behaviour)) return report(leg, refusal);
    auto media = context_.openPeer({}, service->play, false);
    if (!media) return report(leg, 503);
    join(call->releaseFarEnd(*leg), {nullptr, std::move(media).value(), user}, call->callUuid());
    return report(leg, 200);
  }
  if (!registrar_.isProvisioned(user)) return report(leg, 404);
  const auto binding = registrar_.find(user, MonoClock::now());
  if (!binding) return report(leg, 480);
  transferToDn(call, leg, user, *binding);
}

void Switchboard::transferToDn(const std::shared_ptr<Call>& call, const std::shared_ptr<Leg>& leg,
                               const std::string& dn, const Binding& binding) {
  CallerOptions options;
  options.to = dn;
  options.from = call->from();
  options.fromUri = uriOf(options.from);
  const auto target = std::make_shared<CallerCall>(context_, calls_.nextId(), std::move(options));
  if (!target->start(binding)) return report(leg, 503);
  calls_.add(target);
  target->onRinging = [leg](Call&) { report(leg, 180); };
  target->onConnected = [this, call, leg](Call& answered) { connected(call, leg, answered); };
  target->onOver = [keep = target->onOver, leg](Call& over) {
    // Once it is connected, its phone goes on elsewhere and there is nothing to report.
    if (!over.legs().empty())
      report(leg, over.ending() && over.ending()->status >= 300 ? over.ending()->status : 480);
    keep(over);
  };
}

void Switchboard::connected(const std::shared_ptr<Call>& call, const std::shared_ptr<Leg>& leg,
                            Call& target) {
  const FarEnd far = call->state() == LegState::Answered ? call->releaseFarEnd(*leg) : FarEnd{};
  if (!far) return target.hangUp("SIP;cause=487;text=\"the transferred party has gone\"");
  const auto phone = target.releaseLeg(*target.legs().front());
  target.dissolve();
  join(far, {phone, nullptr, target.to()}, call->callUuid());
  report(leg, 200);
}

void Switchboard::onReplaces(const ServerTransactionPtr& invite, const std::string& replaces) {
  const auto [call, leg] = calls_.dialog(parseReplaces(replaces));
  if (!leg || call->state() != LegState::Answered) return invite->respond(481);
  if (!call->media()) return invite->respond(488);  // between two phones: not played here
  FarEnd far = call->releaseFarEnd(*leg);
  const auto next = begin<JoinedCall>(invite->request().from.user, far.name, call->callUuid());
  next->note("takes the place of " + leg->dn() + " in " + call->id());
  next->start(invite, std::move(far.media));
  leg->hangUp();
}

}  // namespace genesys::sim
