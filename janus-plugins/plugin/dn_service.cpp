#include "plugin/dn_service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genesys::plugin {
namespace {

using Phase = sip::RegistrationState::Phase;

DnCause causeOfFailure(const DnFacts& facts) {
  switch (facts.state.code) {
    case 0:
      return facts.state.reason == "no answer from SIP Server" ? DnCause::NoAnswer
                                                               : DnCause::NoConnection;
    case 401:
    case 407:
      return facts.hasPassword ? DnCause::WrongPassword : DnCause::NoPassword;
    case 403:
      return DnCause::Forbidden;
    case 404:
      return DnCause::UnknownDn;
    case 408:
      return DnCause::NoAnswer;
    case 503:
    case 603:
      return DnCause::ServerDown;
    default:
      return DnCause::Refused;
  }
}

DnCause causeOf(const DnFacts& facts) {
  if (!facts.configured) return DnCause::NotConfigured;
  if (facts.state.phase == Phase::Registered) return DnCause::Registered;
  if (facts.state.phase == Phase::Unregistering) return DnCause::Unregistering;
  if (facts.retirement == Retirement::Draining) return DnCause::Draining;
  if (facts.retirement == Retirement::Removed) return DnCause::Removed;
  if (facts.registerWhen == settings::RegisterWhen::Never) return DnCause::StaticContact;
  if (facts.switchedOff) return DnCause::SwitchedOff;
  if (facts.state.phase == Phase::Off) return DnCause::NoAgent;
  if (!facts.addressKnown) return DnCause::NoAddress;
  return facts.state.phase == Phase::Registering ? DnCause::Registering : causeOfFailure(facts);
}

/// What an operator looks at next.
const char* adviceFor(DnCause cause) {
  switch (cause) {
    case DnCause::UnknownDn:
      return "; add it there as a DN, or take it out of the configuration here";
    case DnCause::Forbidden:
      return "; look at the DN's options there";
    case DnCause::WrongPassword:
      return "; compare 'password' and 'auth_user' here with the DN's options there";
    case DnCause::NoPassword:
      return "; give the DN its 'password' here";
    case DnCause::NoAnswer:
      return "; look at the network and the firewall between here and there";
    default:
      return "";
  }
}

std::string failure(const DnFacts& facts, DnCause cause) {
  std::string reason = facts.state.reason;
  if (cause == DnCause::NoAnswer && facts.state.code == 0)
    reason = fmt::format("{} does not answer", facts.server);
  else if (cause == DnCause::NoConnection)
    reason = fmt::format("there is no connection to {}: {}", facts.server, reason);
  const auto seconds =
      std::max<int64_t>(1, std::chrono::ceil<Seconds>(facts.state.retryIn).count());
  return fmt::format("{}{} (tried again within {} s)", reason, adviceFor(cause), seconds);
}

std::string why(const DnFacts& facts, DnCause cause) {
  switch (cause) {
    case DnCause::Registered:
      return fmt::format("it is registered at SIP Server, and {}",
                         facts.subject.empty() ? "nobody is signed in, so that calls get 480"
                                               : facts.subject + " is signed in");
    case DnCause::StaticContact:
      return "it never registers, since SIP Server has this gateway's address as its contact";
    case DnCause::NotConfigured:
      return "this gateway's configuration does not have it";
    case DnCause::Draining:
      return "this gateway is draining";
    case DnCause::Removed:
      return "it was taken out of the configuration";
    case DnCause::SwitchedOff:
      return "an operator has unregistered it; 'register' brings it back";
    case DnCause::NoAgent:
      return "no agent is signed in, and it registers only while one is";
    case DnCause::NoAddress:
      return fmt::format("DNS gives no address for {}", facts.server);
    case DnCause::Registering:
      return "it is being registered, and SIP Server has not answered yet";
    case DnCause::Unregistering:
      return "it is being unregistered";
    default:
      return failure(facts, cause);
  }
}

}  // namespace

const char* causeName(DnCause cause) {
  switch (cause) {
    case DnCause::Registered:
      return "registered";
    case DnCause::StaticContact:
      return "static_contact";
    case DnCause::NotConfigured:
      return "not_configured";
    case DnCause::Draining:
      return "draining";
    case DnCause::Removed:
      return "removed";
    case DnCause::SwitchedOff:
      return "switched_off";
    case DnCause::NoAgent:
      return "no_agent";
    case DnCause::NoAddress:
      return "no_address";
    case DnCause::Registering:
      return "registering";
    case DnCause::Unregistering:
      return "unregistering";
    case DnCause::UnknownDn:
      return "unknown_dn";
    case DnCause::Forbidden:
      return "forbidden";
    case DnCause::WrongPassword:
      return "wrong_password";
    case DnCause::NoPassword:
      return "no_password";
    case DnCause::NoAnswer:
      return "no_answer";
    case DnCause::NoConnection:
      return "no_connection";
    case DnCause::ServerDown:
      return "server_down";
    case DnCause::Refused:
      break;
  }
  return "refused";
}

DnService explainDn(const DnFacts& facts) {
  DnService service;
  service.cause = causeOf(facts);
  service.sentence = fmt::format("DN {} is {}in service: {}.", facts.dn,
                                 service.inService() ? "" : "not ", why(facts, service.cause));
  return service;
}

}  // namespace genesys::plugin
