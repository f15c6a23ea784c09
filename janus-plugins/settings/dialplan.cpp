#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "dialplan/plan_faults.hpp"
#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace genesys::settings {
namespace {

using dialplan::IncomingRule;
using dialplan::OutgoingRule;
using dialplan::Plan;
using dialplan::Trunk;

// Tables are compared rule by rule with each other when they are read, and gone through for each
// call.
constexpr int kMaxRules = 1000;
constexpr size_t kMaxPatterns = 100;  ///< of one rule
constexpr size_t kMaxRinging = 32;    ///< DNs of one rule: each takes an RTP port while it rings

std::vector<dialplan::Pattern> readPatterns(Group& group) {
  std::vector<dialplan::Pattern> patterns;
  for (const std::string& text : group.texts("patterns", rules::kAnyText, {})) {
    auto pattern = dialplan::Pattern::parse(text);
    if (pattern)
      patterns.push_back(std::move(pattern).value());
    else
      group.refuse("patterns", fmt::format("the pattern \"{}\" {}", text, pattern.error()));
  }
  if (patterns.empty()) group.refuse("patterns", "must name at least one pattern: [\"0900.\"]");
  if (patterns.size() > kMaxPatterns) group.refuse("patterns", "holds more than 100 patterns");
  return patterns;
}

dialplan::Match readMatch(Group& group) {
  dialplan::Match match;
  match.name = group.text("name", rules::kLabel);
  match.patterns = readPatterns(group);
  if (group.setting()) match.line = config_setting_source_line(group.setting());
  return match;
}

Trunk readTrunk(Group& group) {
  Trunk trunk;
  trunk.name = group.text("name", rules::kLabel);
  trunk.addresses = group.texts("addresses", rules::kAddress, {});
  if (trunk.addresses.empty()) group.refuse("addresses", "must name at least one address");
  return trunk;
}

OutgoingRule readOutgoing(Group& group) {
  using Verdict = OutgoingRule::Verdict;
  OutgoingRule rule;
  rule.match = readMatch(group);
  rule.roles = group.texts("roles", rules::kName, {});
  rule.verdict = group.choice<Verdict>(
      "action", {{"allow", Verdict::Allow}, {"deny", Verdict::Deny}, {"go_on", Verdict::GoOn}},
      rule.verdict);
  if (!group.find("action"))
    group.refuse("action", "is missing; it must be \"allow\" or \"deny\" or \"go_on\"");
  rule.strip = static_cast<size_t>(group.integer("strip", 0, 64, 0));
  rule.prefix = group.text("prefix", rules::kDialable, "");
  if (group.find("replace")) rule.replace = group.text("replace", rules::kDialable);
  return rule;
}

IncomingRule readIncoming(Group& group) {
  IncomingRule rule;
  rule.match = readMatch(group);
  rule.trunks = group.texts("trunks", rules::kLabel, {});
  rule.ring = group.texts("ring", rules::kNumber, {});
  rule.inTurn = group.choice<bool>("order", {{"together", false}, {"in_turn", true}}, false);
  rule.turn = Seconds(group.integer("turn_s", 5, 120, rule.turn.count()));
  rule.reject = static_cast<int>(group.integer("reject", 400, 699, rule.reject));
  if (rule.ring.size() > kMaxRinging) group.refuse("ring", "holds more than 32 DNs");
  for (auto dn = rule.ring.begin(); dn != rule.ring.end(); ++dn)
    if (std::find(std::next(dn), rule.ring.end(), *dn) != rule.ring.end())
      group.refuse("ring", fmt::format("names DN {} twice", *dn));
  if (rule.ring.empty() == (group.find("reject") == nullptr))
    group.refuse("ring", "a rule has either DNs to ring or a status to reject with");
  for (const char* option : {"order", "turn_s"})
    if (rule.ring.empty() && group.find(option))
      group.refuse(option, "means nothing where nobody rings");
  return rule;
}

/// The entries of a list; without it none, but the options that they may have are known.
template <class Entry>
std::vector<Entry> readTable(Group& plan, const char* name, Entry (*read)(Group&)) {
  std::vector<Entry> entries;
  const config_setting_t* list = plan.find(name);
  if (!list) {
    Reading options("");
    Group none(options, nullptr, fmt::format("dial_plan.{}", name));
    read(none);
    plan.reading().known.merge(options.known);
    return entries;
  }
  if (!config_setting_is_list(list)) {
    plan.refuse(name, "must be a list of groups: ( { name = \"...\"; ... } )");
    return entries;
  }
  const int length = config_setting_length(list);
  if (length > kMaxRules) plan.refuse(name, "holds more than 1000 entries");
  for (int i = 0; i < length && !plan.reading().error(); ++i) {
    const config_setting_t* element = config_setting_get_elem(list, static_cast<unsigned>(i));
    const std::string path = fmt::format("dial_plan.{}[{}]", name, i);
    if (!config_setting_is_group(element)) {
      plan.reading().fail(element, path + ": must be a group: { name = \"...\"; ... }");
      break;
    }
    Group group(plan.reading(), element, path);
    entries.push_back(read(group));
    group.finish();
  }
  return entries;
}

/// Notes a fault of one entry of the list `name`, at its line.
void refuseEntry(Group& plan, const char* name, size_t entry, const std::string& reason) {
  const config_setting_t* list = plan.find(name);
  plan.reading().fail(config_setting_get_elem(list, static_cast<unsigned>(entry)),
                      fmt::format("dial_plan.{}[{}]: {}", name, entry, reason));
}

template <class Rule>
void checkTable(Group& plan, const char* name, const std::vector<Rule>& table) {
  if (plan.reading().error()) return;
  if (const auto fault = dialplan::faultOf(table))
    refuseEntry(plan, name, fault->rule,
                fmt::format("rule '{}': {}", table[fault->rule].match.name, fault->reason));
}

void checkTrunks(Group& plan, const std::vector<Trunk>& trunks) {
  for (size_t at = 0; at < trunks.size(); ++at)
    for (size_t other = 0; other < at; ++other) {
      if (trunks[other].name == trunks[at].name)
        refuseEntry(plan, "trunks", at, fmt::format("there are two of '{}'", trunks[at].name));
      for (const std::string& address : trunks[at].addresses)
        if (std::ranges::find(trunks[other].addresses, address) != trunks[other].addresses.end())
          refuseEntry(plan, "trunks", at,
                      fmt::format("{} is of '{}', too", address, trunks[other].name));
    }
}

void checkNames(Group& group, const Plan& plan, const std::map<std::string, DnConfig>& dns) {
  for (size_t at = 0; at < plan.incoming.size(); ++at) {
    const IncomingRule& rule = plan.incoming[at];
    for (const std::string& dn : rule.ring)
      if (!dns.contains(dn))
        refuseEntry(group, "incoming", at,
                    fmt::format("rule '{}': DN {} is not in dns", rule.match.name, dn));
    for (const std::string& trunk : rule.trunks)
      if (std::ranges::find(plan.trunks, trunk, &Trunk::name) == plan.trunks.end())
        refuseEntry(group, "incoming", at,
                    fmt::format("rule '{}': there is no trunk '{}'", rule.match.name, trunk));
  }
}

}  // namespace

Plan readDialPlan(Group group, const std::map<std::string, DnConfig>& dns) {
  Plan plan;
  plan.unmatchedAllowed =
      group.choice<bool>("unmatched", {{"allow", true}, {"deny", false}}, plan.unmatchedAllowed);
  plan.trunks = readTable<Trunk>(group, "trunks", readTrunk);
  plan.outgoing = readTable<OutgoingRule>(group, "outgoing", readOutgoing);
  plan.incoming = readTable<IncomingRule>(group, "incoming", readIncoming);
  checkTrunks(group, plan.trunks);
  checkTable(group, "outgoing", plan.outgoing);
  checkTable(group, "incoming", plan.incoming);
  checkNames(group, plan, dns);
  group.finish();
  return plan;
}

}  // namespace genesys::settings
