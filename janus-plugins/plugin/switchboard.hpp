// Where a call from outside goes: to the DN that it is for, or as the dial plan says. SIP loop.
#pragma once

#include <cstdint>
#include <list>
#include <memory>

#include "dialplan/plan.hpp"
#include "sip/hunt.hpp"
#include "util/scheduler.hpp"

namespace genesys::plugin {

class Gateway;
class Line;

class Switchboard {
 public:
  /// `gateway` outlives it; its lines outlive every call that rings.
  explicit Switchboard(Gateway& gateway) : gateway_(gateway) {}

  /// An INVITE outside any dialog.
  void invited(std::unique_ptr<sip::Dialog> dialog, const sip::SipMessage& invite);
  /// Ends what rings at several DNs, with 503.
  void close();

  struct Counters {
    uint64_t rejected = 0;  ///< by a rule, or since the number is nothing here
  };
  const Counters& counters() const { return counters_; }

 private:
  void reject(sip::Dialog& dialog, const sip::SipMessage& invite, int status,
              const std::string& why);
  void hunt(const dialplan::IncomingRule& rule, std::unique_ptr<sip::Dialog> dialog,
            const sip::SipMessage& invite);

  Gateway& gateway_;
  Counters counters_;
  struct Hunting {
    std::unique_ptr<sip::Hunt> hunt;
    bool over = false;
  };
  std::list<Hunting> hunts_;
  Timer sweep_;  ///< destroys those that are over, outside of their own code
};

}  // namespace genesys::plugin
