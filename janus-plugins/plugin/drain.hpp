// Empties the gateway, for an upgrade: no new call, no sign-in, and each DN goes out of service as
// soon as it is idle, so that another gateway takes it. Calls in progress go on. SIP loop.
#pragma once

#include <cstdint>
#include <optional>

#include "sip/dialog.hpp"
#include "sip/sip_message.hpp"
#include "util/clock.hpp"

namespace genesys::plugin {

class Gateway;

class Drain {
 public:
  /// `gateway` outlives it.
  explicit Drain(Gateway& gateway) : gateway_(gateway) {}

  bool on() const { return since_.has_value(); }
  /// How long it has been on.
  Millis lasting() const;
  /// DNs go out of service as many a second as register.
  void begin();
  /// Calls and agents are taken again, and DNs that are always registered register.
  void end();

  /// Whether this call has to go elsewhere: a new one, not one that replaces a call here (RFC
  /// 3891).
  bool refuses(const sip::SipMessage& invite) const;
  /// Counts it and answers 503.
  void refuse(sip::Dialog& dialog, const sip::SipMessage& invite);
  uint64_t refused() const { return refused_; }

  struct Left {
    size_t calls = 0;
    size_t dns = 0;    ///< that SIP Server may still have registered here
    size_t pages = 0;  ///< that are signed in
    bool nothing() const { return calls + dns + pages == 0; }
  };
  Left left() const;

 private:
  Gateway& gateway_;
  std::optional<MonoTime> since_;
  uint64_t refused_ = 0;
};

}  // namespace genesys::plugin
