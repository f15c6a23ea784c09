#include "sip/site_registrations.hpp"

#include <algorithm>
#include <utility>

namespace genesys::sip {
namespace {

/// The lower the better for the DN: what may yet come is better than what has failed.
int rank(const RegistrationState& state) {
  using Phase = RegistrationState::Phase;
  switch (state.phase) {
    case Phase::Registered:
      return 0;
    case Phase::Registering:
      return 1;
    case Phase::Unregistering:
      return 2;
    case Phase::Failed:
      return 3;
    case Phase::Off:
      break;
  }
  return 4;
}

}  // namespace

SiteRegistrations::SiteRegistrations(Scheduler& scheduler, UserAgent& agent, Random& random,
                                     const DnCredentials& dn, unsigned sites,
                                     RegistrationMachine::Options options,
                                     Millis transactionTimeout, OnState onState)
    : onState_(std::move(onState)) {
  for (unsigned site = 0; site < sites; ++site) {
    DnCredentials there = dn;
    there.site = site;
    sites_.push_back(
        std::make_unique<Registration>(scheduler, agent, random, there, options, transactionTimeout,
                                       [this, site](const RegistrationState&) { changed(site); }));
  }
}

void SiteRegistrations::start() {
  for (const auto& site : sites_) site->start();
}

void SiteRegistrations::stop() {
  for (const auto& site : sites_) site->stop();
}

void SiteRegistrations::reconfigure(const DnCredentials& dn, RegistrationMachine::Options options) {
  for (unsigned site = 0; site < size(); ++site) {
    DnCredentials there = dn;
    there.site = site;
    sites_[site]->reconfigure(there, options);
  }
}

void SiteRegistrations::watchServer(const std::function<void(unsigned, int)>& onOutcome) {
  for (unsigned site = 0; site < size(); ++site)
    sites_[site]->watchServer([onOutcome, site](int status) { onOutcome(site, status); });
}

std::optional<unsigned> SiteRegistrations::peerOf(unsigned site) const {
  for (unsigned other = 0; other < size(); ++other)
    if (other != site && sites_[other]->state().inService()) return other;
  return std::nullopt;
}

// Told is what is news of the DN: another phase, or once more why it is not in service.
void SiteRegistrations::changed(unsigned site) {
  const auto better = [](const auto& a, const auto& b) {
    return rank(a->state()) < rank(b->state());
  };
  best_ = static_cast<unsigned>(std::ranges::min_element(sites_, better) - sites_.begin());
  const auto phase = state().phase;
  const auto before = std::exchange(told_, phase);
  if (phase != before || (phase == RegistrationState::Phase::Failed && site == best_))
    onState_(state());
}

}  // namespace genesys::sip
