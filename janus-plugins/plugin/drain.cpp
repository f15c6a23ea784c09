#include "plugin/drain.hpp"

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "util/log.hpp"

namespace genesys::plugin {

Millis Drain::lasting() const {
  if (!since_) return Millis(0);
  return std::chrono::duration_cast<Millis>(gateway_.scheduler().now() - *since_);
}

void Drain::begin() {
  if (on()) return;
  since_ = gateway_.scheduler().now();
  for (const auto& [number, line] : gateway_.lines()) line->retire(Retirement::Draining);
  logInfo("draining: {} call(s) go on, no new ones", left().calls);
  gateway_.forEachLine([](Line& line) { line.leaveIfIdle(); });
}

void Drain::end() {
  if (!on()) return;
  since_.reset();
  logInfo("draining has ended: calls and agents are taken again");
  for (const auto& [number, line] : gateway_.lines()) line->restore(Retirement::Draining);
  gateway_.forEachLine([](Line& line) {
    if (!line.inService()) line.start(true);
  });
}

bool Drain::refuses(const sip::SipMessage& invite) const {
  return on() && invite.header("Replaces").empty();
}

void Drain::refuse(sip::Dialog& dialog, const sip::SipMessage& invite) {
  ++refused_;
  logInfo("call from {} to '{}' refused with 503: draining", invite.fromUri, invite.requestUser);
  dialog.respond(503, "Service Unavailable", {"", {{"Retry-After", "30"}}});
}

Drain::Left Drain::left() const {
  Left left;
  for (const auto& [number, line] : gateway_.lines()) {
    left.calls += line->dn().calls().size();
    left.dns += line->dn().registration().state().phase != sip::RegistrationState::Phase::Off;
    left.pages += line->ownership().page().has_value();
  }
  return left;
}

}  // namespace genesys::plugin
