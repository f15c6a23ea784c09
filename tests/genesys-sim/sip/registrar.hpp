// Where each DN is: one contact per DN, the last REGISTER wins, as SIP Server does it. A value
// without I/O: requests in, answers out, time is a parameter.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sip/digest.hpp"
#include "transport/peer.hpp"
#include "util/clock.hpp"
#include "wire/dialect.hpp"
#include "wire/sip_message.hpp"

namespace genesys::sim {

struct Binding {
  SipUri contact;
  Peer peer;        ///< where the contact says requests go
  std::string aor;  ///< `sip:7001@host:port` as the phone wrote it in To
  std::string userAgent;
  uint32_t granted = 0;  ///< seconds
  MonoTime since;        ///< of the last REGISTER
  MonoTime until;
};

class Registrar {
 public:
  struct Settings {
    DigestChallenger::Settings digest;
    bool authenticateRegister = true;  ///< of DNs that have a password
    bool authenticateInvite = false;
    int inviteChallenge = 407;  ///< 407 or 401
    uint32_t minExpires = 0;    ///< seconds; less is refused with 423
    uint32_t defaultExpires = 3600;
  };
  struct Counters {
    uint64_t registers = 0, granted = 0, removed = 0, challenged = 0, unknownDn = 0, tooBrief = 0;
  };

  Registrar(Settings settings, std::string digestSecret)
      : settings_(std::move(settings)), digest_(settings_.digest, std::move(digestSecret)) {}

  /// An empty password asks for no digest.
  void provision(const std::string& dn, const std::string& password = {});
  bool isProvisioned(const std::string& dn) const { return dns_.count(dn) != 0; }
  size_t provisioned() const { return dns_.size(); }

  ResponseParts onRegister(const SipMessage& request, const Peer& from, MonoTime now);
  /// The challenge that an INVITE from `dn` must be answered with, if any.
  std::optional<ResponseParts> challengeInvite(const SipMessage& invite, const std::string& dn,
                                               MonoTime now);
  /// The next `count` valid credentials are called stale.
  void makeStale(unsigned count) { forcedStale_ = count; }

  /// Nothing if the DN is not registered, or not any more.
  std::optional<Binding> find(const std::string& dn, MonoTime now) const;
  /// False if there was none. The phone is not told.
  bool remove(const std::string& dn) { return bindings_.erase(dn) != 0; }
  std::map<std::string, Binding> bindings(MonoTime now) const;
  const Counters& counters() const { return counters_; }

 private:
  std::optional<ResponseParts> challenge(const SipMessage& request, const std::string& dn,
                                         int status, MonoTime now);
  ResponseParts bind(const SipMessage& request, const std::string& dn, const Peer& from,
                     uint32_t seconds, MonoTime now);
  ResponseParts current(const std::string& dn, MonoTime now) const;

  Settings settings_;
  DigestChallenger digest_;
  std::map<std::string, std::string> dns_;  // DN → password
  std::map<std::string, Binding> bindings_;
  Counters counters_;
  unsigned forcedStale_ = 0;
};

}  // namespace genesys::sim
