#include "plugin/switchboard.hpp"

#include <fmt/format.h>

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "sip/phrase.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

/// The line, unless its DN was taken out of the configuration.
Line* lineOf(Gateway& gateway, const std::string& number) {
  Line* line = gateway.line(number);
  return line != nullptr && line->retirement() == Retirement::Removed ? nullptr : line;
}

dialplan::Called calledOf(const Line* line) {
  if (line == nullptr) return dialplan::Called::Nobody;
  return dialplan::calledOf(line->config().registerWhen == settings::RegisterWhen::Never);
}

}  // namespace

void Switchboard::invited(std::unique_ptr<sip::Dialog> dialog, const sip::SipMessage& invite) {
  const dialplan::Plan& plan = gateway_.config().dialPlan;
  Line* line = lineOf(gateway_, invite.requestUser);
  const std::string trunk = plan.trunkOf(invite.source);
  const auto* rule = routeIncoming(plan, invite.requestUser, trunk, calledOf(line));
  if (rule != nullptr) {
    if (rule->ring.empty())
      return reject(*dialog, invite, rule->reject, fmt::format("rule '{}'", rule->match.name));
    if (rule->ring.size() > 1) return hunt(*rule, std::move(dialog), invite);
    line = lineOf(gateway_, rule->ring.front());
  }
  if (line == nullptr) return reject(*dialog, invite, 404, "unknown DN");
  line->dn().invited(std::move(dialog), invite);
}

void Switchboard::reject(sip::Dialog& dialog, const sip::SipMessage& invite, int status,
                         const std::string& why) {
  ++counters_.rejected;
  logWarning("call from {} ({}) to '{}' refused with {}: {}", invite.fromUri, invite.source,
             invite.requestUser, status, why);
  dialog.respond(status, sip::reasonPhrase(status), {});
}

void Switchboard::hunt(const dialplan::IncomingRule& rule, std::unique_ptr<sip::Dialog> dialog,
                       const sip::SipMessage& invite) {
  std::vector<sip::Hunt::Member> members;
  for (const std::string& number : rule.ring) {
    if (lineOf(gateway_, number) == nullptr) continue;
    const auto ring = [this, number](std::unique_ptr<sip::Dialog> leg, const sip::SipMessage& m) {
      Line* line = lineOf(gateway_, number);  // it may have gone while others rang
      if (line == nullptr) return leg->respond(404, "Not Found", {});
      line->dn().invited(std::move(leg), m);
    };
    members.push_back({number, ring});
  }
  Hunting& hunting = hunts_.emplace_back();
  const auto onOver = [this, &hunting] {
    hunting.over = true;
    sweep_ = gateway_.scheduler().after(
        Millis(0), [this] { hunts_.remove_if([](const Hunting& one) { return one.over; }); });
  };
  hunting.hunt =
      std::make_unique<sip::Hunt>(gateway_.scheduler(), sip::Hunt::Order{rule.inTurn, rule.turn},
                                  std::move(members), std::move(dialog), invite, onOver);
  hunting.hunt->start();
}

void Switchboard::close() {
  for (Hunting& hunting : hunts_) hunting.hunt->giveUp(503);
}

}  // namespace genesys::plugin
