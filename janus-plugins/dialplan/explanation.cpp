#include "dialplan/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genesys::dialplan {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

/// "rule 'premium' (line 31), "0900."": with the pattern that matched.
std::string ruleFor(const Match& match, std::string_view number) {
  const auto pattern = std::find_if(match.patterns.begin(), match.patterns.end(),
                                    [&](const Pattern& one) { return one.matches(number); });
  const std::string place = match.line == 0 ? "" : fmt::format(" (line {})", match.line);
  return fmt::format("rule '{}'{}, \"{}\"", match.name, place,
                     pattern == match.patterns.end() ? "" : pattern->text());
}

std::string changeOf(const OutgoingRule& rule) {
  if (rule.replace) return fmt::format("replace by \"{}\"", *rule.replace);
  std::string change;
  if (rule.strip > 0) change = fmt::format("strip {}", rule.strip);
  if (!rule.prefix.empty())
    change += fmt::format("{}prefix \"{}\"", change.empty() ? "" : ", ", rule.prefix);
  return change;
}

std::string lineOf(const OutgoingRoute::Step& step, std::string_view before) {
  const OutgoingRule& rule = *step.rule;
  std::string line = fmt::format("  {} is for {}: ", ruleFor(rule.match, before), before);
  if (!step.heeded)
    return line + fmt::format("passed over, it is for the role(s) {}\n", joined(rule.roles));
  if (rule.verdict == OutgoingRule::Verdict::Deny) return line + "deny\n";
  const std::string change = changeOf(rule);
  const bool goesOn = rule.verdict == OutgoingRule::Verdict::GoOn;
  line += goesOn ? "" : change.empty() ? "allow" : "allow, ";
  line += change.empty() ? "" : fmt::format("{} -> {}", change, step.number);
  return line + (goesOn ? ", go on\n" : "\n");
}

}  // namespace

Explanation explainOutgoing(const Plan& plan, const std::string& number,
                            const std::vector<std::string>& roles) {
  const OutgoingRoute route = routeOutgoing(plan, number, roles);
  Explanation said{route.allowed, fmt::format("{} is dialled by an agent {}\n", number,
                                              roles.empty() ? "without a role"
                                                            : "with the role(s) " + joined(roles))};
  std::string before = plan.outgoing.empty() ? number : plainNumber(number);
  if (before != number) said.text += fmt::format("  without separators it is {}\n", before);
  for (const auto& step : route.steps) {
    said.text += lineOf(step, before);
    before = step.number;
  }
  if (route.rule.empty())
    said.text += fmt::format("  no rule decides: numbers without a rule are {}\n",
                             plan.unmatchedAllowed ? "allowed" : "denied");
  said.text += route.allowed ? fmt::format("result: {} is called\n", route.number)
                             : std::string("result: denied\n");
  return said;
}

Explanation explainIncoming(const Plan& plan, const std::string& number, const std::string& trunk,
                            Called called) {
  Explanation said{true, fmt::format("{} is called from {}\n", number,
                                     trunk.empty() ? "SIP Server" : "trunk " + trunk)};
  const IncomingRule* rule = routeIncoming(plan, number, trunk, called);
  if (rule == nullptr) {
    said.goesThrough = called != Called::Nobody;
    said.text += called == Called::RegisteredDn && trunk.empty()
                     ? "  it is a DN that registers: no rule is asked\n"
                     : "  no rule is for it\n";
    said.text += said.goesThrough ? fmt::format("result: DN {} rings\n", number)
                                  : std::string("result: rejected with 404\n");
    return said;
  }
  said.text += fmt::format("  {} is for it\n", ruleFor(rule->match, number));
  said.goesThrough = !rule->ring.empty();
  if (rule->ring.empty())
    said.text += fmt::format("result: rejected with {}\n", rule->reject);
  else if (rule->inTurn)
    said.text += fmt::format("result: DNs {} ring in turn, {} s each\n", joined(rule->ring),
                             rule->turn.count());
  else
    said.text += fmt::format("result: DN{} {} ring{}\n", rule->ring.size() == 1 ? "" : "s",
                             joined(rule->ring), rule->ring.size() == 1 ? "s" : " together");
  return said;
}

}  // namespace genesys::dialplan
