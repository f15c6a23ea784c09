// A DN's bindings at every site that it registers with at the same time (Business Continuity;
// dialect, section 1), seen as one: in service as long as one site serves it. With one site it is
// that site's Registration. SIP loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sip/registration.hpp"

namespace genesys::sip {

class SiteRegistrations {
 public:
  using OnState = std::function<void(const RegistrationState&)>;

  /// `sites`: how many, 1 or more; the first is preferred. The rest as with Registration.
  SiteRegistrations(Scheduler& scheduler, UserAgent& agent, Random& random, const DnCredentials& dn,
                    unsigned sites, RegistrationMachine::Options options, Millis transactionTimeout,
                    OnState onState);

  void start();
  void stop();
  void reconfigure(const DnCredentials& dn, RegistrationMachine::Options options);
  void watchServer(const std::function<void(unsigned site, int status)>& onOutcome);

  /// Of the DN: that of its best site.
  const RegistrationState& state() const { return sites_[best_]->state(); }
  /// The site that new requests go by: the first that serves the DN, else the first of all.
  unsigned serving() const { return state().inService() ? best_ : 0; }
  /// Another site that serves the DN; nullopt if none does.
  std::optional<unsigned> peerOf(unsigned site) const;
  Registration& at(unsigned site) { return *sites_[site]; }
  const Registration& at(unsigned site) const { return *sites_[site]; }
  unsigned size() const { return static_cast<unsigned>(sites_.size()); }

 private:
  void changed(unsigned site);

  OnState onState_;
  unsigned best_ = 0;
  RegistrationState::Phase told_ = RegistrationState::Phase::Off;
  std::vector<std::unique_ptr<Registration>> sites_;
};

}  // namespace genesys::sip
