// Why a DN is in service or not, in one sentence that an operator can act on, and as a cause that
// can be counted. A value without I/O.
#pragma once

#include <string>

#include "settings/config.hpp"
#include "sip/registration_machine.hpp"

namespace genesys::plugin {

/// Why a line takes no further call and no agent, and goes out of service once it is idle.
enum class Retirement {
  None,
  Draining,  ///< the whole gateway
  Removed,   ///< this DN, from the configuration
};

enum class DnCause {
  Registered,
  StaticContact,
  NotConfigured,
  Draining,
  Removed,
  SwitchedOff,
  NoAgent,
  NoAddress,  ///< of SIP Server: DNS
  Registering,
  Unregistering,
  UnknownDn,
  Forbidden,
  WrongPassword,
  NoPassword,
  NoAnswer,
  NoConnection,
  ServerDown,
  Refused,
};

/// Such as "no_agent".
const char* causeName(DnCause cause);

struct DnFacts {
  std::string dn;
  bool configured = true;
  settings::RegisterWhen registerWhen = settings::RegisterWhen::OnSignIn;
  bool hasPassword = false;  ///< for SIP Server's digest
  Retirement retirement = Retirement::None;
  bool switchedOff = false;      ///< by an operator
  std::string subject;           ///< who is signed in, or may come back; empty: nobody
  std::string server;            ///< of the configuration
  bool addressKnown = true;      ///< of that server
  sip::RegistrationState state;  ///< of the best site
};

struct DnService {
  DnCause cause = DnCause::NotConfigured;
  std::string sentence;
  bool inService() const { return cause == DnCause::Registered || cause == DnCause::StaticContact; }
};

DnService explainDn(const DnFacts& facts);

}  // namespace genesys::plugin
