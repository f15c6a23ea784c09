#include "settings/config_changes.hpp"

#include <algorithm>
#include <array>

namespace genesys::settings {
namespace {

// What is read anew whenever it is needed, or handed on by Gateway::reconfigure(). All else is
// built into sockets, threads and stacks at the start.
constexpr std::array<std::string_view, 5> kReloadableGroups{"sign_in", "ice", "agent",
                                                            "dn_defaults", "dial_plan"};
constexpr std::array<std::string_view, 3> kReloadableOptions{
    "sip_server.trusted_peers", "sip_server.realm", "sip_server.register_expires_s"};

/// "dial_plan.outgoing[3].prefix" is "dial_plan.outgoing".
std::string listOf(const std::string& option) {
  return option.substr(0, option.find('['));
}

std::string shown(const EffectiveOption* option) {
  if (option == nullptr) return "";
  return option->secret ? "(secret)" : option->text;
}

OptionChange changeOf(const std::string& name, const EffectiveOption* before,
                      const EffectiveOption* after) {
  OptionChange change{listOf(name), "", "", needsRestart(name)};
  if (change.option == name) {
    change.before = shown(before);
    change.after = shown(after);
    if (before != nullptr && after != nullptr && before->content != after->content)
      change.after += " (with another content)";
  }
  return change;
}

void addOnce(std::vector<OptionChange>& changes, OptionChange change) {
  const auto same = [&change](const auto& one) { return one.option == change.option; };
  if (std::ranges::none_of(changes, same)) changes.push_back(std::move(change));
}

std::vector<OptionChange> optionChanges(const EffectiveOptions& before,
                                        const EffectiveOptions& after) {
  std::vector<OptionChange> changes;
  for (const auto& [name, option] : before) {
    const auto now = after.find(name);
    if (now == after.end())
      addOnce(changes, changeOf(name, &option, nullptr));
    else if (now->second != option)
      addOnce(changes, changeOf(name, &option, &now->second));
  }
  for (const auto& [name, option] : after)
    if (!before.contains(name)) addOnce(changes, changeOf(name, nullptr, &option));
  return changes;
}

}  // namespace

bool needsRestart(std::string_view option) {
  const auto group = option.substr(0, option.find('.'));
  return std::ranges::find(kReloadableGroups, group) == kReloadableGroups.end() &&
         std::ranges::find(kReloadableOptions, option) == kReloadableOptions.end();
}

bool ConfigChanges::needRestart() const {
  return std::ranges::any_of(options, [](const OptionChange& change) { return change.restart; });
}

ConfigChanges changesBetween(const Config& before, const Config& after) {
  ConfigChanges changes;
  changes.options = optionChanges(before.options, after.options);
  for (const auto& [number, dn] : before.dns) {
    const auto now = after.dns.find(number);
    if (now == after.dns.end())
      changes.dnsRemoved.push_back(number);
    else if (now->second != dn)
      changes.dnsChanged.push_back(number);
  }
  for (const auto& [number, dn] : after.dns)
    if (!before.dns.contains(number)) changes.dnsAdded.push_back(number);
  return changes;
}

}  // namespace genesys::settings
