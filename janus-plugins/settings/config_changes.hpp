// What differs between two configurations, and what of it a running gateway can take over. Values;
// any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/config.hpp"

namespace genesys::settings {

struct OptionChange {
  std::string option;  ///< "agent.max_calls"; of a list of groups its name, "dial_plan.outgoing"
  std::string before;  ///< "(secret)" for what is one, "" for a list of groups
  std::string after;
  bool restart = false;  ///< takes effect at the next start only
};

struct ConfigChanges {
  std::vector<OptionChange> options;
  std::vector<std::string> dnsAdded;
  std::vector<std::string> dnsRemoved;
  std::vector<std::string> dnsChanged;
  bool none() const {
    return options.empty() && dnsAdded.empty() && dnsRemoved.empty() && dnsChanged.empty();
  }
  bool needRestart() const;
};

ConfigChanges changesBetween(const Config& before, const Config& after);

/// Whether a change of the option, such as "sip_server.port", needs a restart.
bool needsRestart(std::string_view option);

}  // namespace genesys::settings
