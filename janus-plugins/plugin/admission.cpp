#include "plugin/admission.hpp"

#include <fmt/format.h>

namespace genesys::plugin {

using Kind = sip::DialRefusal::Kind;

Result<std::string, sip::DialRefusal> Admission::admit(const Caller& caller,
                                                       const std::string& target, MonoTime now) {
  const auto route = dialplan::routeOutgoing(config_.dialPlan, target, caller.roles);
  if (!route.allowed) {
    ++counters_.denied;
    return Failure{sip::DialRefusal{
        Kind::Denied, route.rule.empty()
                          ? fmt::format("{} may not be called: no rule allows it", target)
                          : fmt::format("{} may not be called: rule '{}'", target, route.rule)}};
  }
  if (const auto within = withinLimits(caller, now); !within) {
    ++counters_.limited;
    return Failure{within.error()};
  }
  return route.number;
}

Result<Done, sip::DialRefusal> Admission::withinLimits(const Caller& caller, MonoTime now) {
  const settings::AgentConfig& limits = config_.agent;
  if (caller.calls >= limits.maxCalls)
    return Failure{sip::DialRefusal{Kind::TooManyCalls,
                                    fmt::format("there are {} calls already", caller.calls)}};
  std::erase_if(perMinute_, [now](const auto& entry) { return entry.second.idle(now); });
  if (!perMinute_[caller.subject].admit(limits.callsPerMinute, now))
    return Failure{sip::DialRefusal{
        Kind::TooManyCalls,
        fmt::format("{} calls were started within a minute", limits.callsPerMinute)}};
  return Done{};
}

}  // namespace genesys::plugin
