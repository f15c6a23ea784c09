// Whether a line takes calls and agents at all: it retires when the gateway drains or its DN has
// gone from the configuration, and an operator may switch it off. SIP loop.
#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"

namespace genesys::plugin {

bool Line::takesAgents() {
  return retirement_ == Retirement::None || !dn_.calls().empty();
}

void Line::retire(Retirement why) {
  retirement_ = why;
}

void Line::restore(Retirement from) {
  if (retirement_ == from) retirement_ = Retirement::None;
}

void Line::leaveIfIdle() {
  if (retirement_ == Retirement::None || !dn_.calls().empty()) return;
  const auto page = ownership_.page();
  if (page)
    if (Session* told = gateway_.session(*page)) told->sentAway(retirement_);
  if (page)
    apply(DnOwnership::SignOut{*page});
  else if (ownership_.held())
    apply(DnOwnership::WindowOver{});
  dn_.registration().stop();
  if (gone()) gateway_.lineLeft(config_.number);
}

bool Line::gone() {
  return retirement_ == Retirement::Removed && dn_.calls().empty() &&
         dn_.registration().state().phase == sip::RegistrationState::Phase::Off;
}

void Line::reconfigured(const settings::DnConfig& before) {
  using When = settings::RegisterWhen;
  dn_.reconfigure(dnSettings());
  if (before.registerWhen == config_.registerWhen) return;
  const bool due = config_.registerWhen == When::Always ||
                   (config_.registerWhen == When::OnSignIn && ownership_.held());
  if (due)
    start(!ownership_.held());
  else
    dn_.registration().stop();
}

void Line::switchOff() {
  switchedOff_ = true;
  dn_.registration().stop();
}

void Line::switchOn() {
  switchedOff_ = false;
  sip::SiteRegistrations& registration = dn_.registration();
  start(!ownership_.held());
  for (unsigned site = 0; site < registration.size(); ++site)
    if (registration.at(site).state().phase == sip::RegistrationState::Phase::Failed)
      registration.at(site).serverChanged();
}

// Not within the call's own code.
void Line::leaveSoon() {
  if (retirement_ == Retirement::None) return;
  leaving_ = gateway_.scheduler().after(Millis(0), [this] { leaveIfIdle(); });
}

DnService Line::service() const {
  DnFacts facts;
  facts.dn = config_.number;
  facts.registerWhen = config_.registerWhen;
  facts.hasPassword = !config_.sipPassword.empty();
  facts.retirement = retirement_;
  facts.switchedOff = switchedOff_;
  facts.subject = ownership_.subject();
  facts.server = gateway_.config().sip.host;
  facts.addressKnown = gateway_.server(0) != nullptr;
  facts.state = dn_.registration().state();
  return explainDn(facts);
}

}  // namespace genesys::plugin
