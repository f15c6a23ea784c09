#include "dialplan/plan.hpp"

#include <algorithm>
#include <iterator>

namespace genesys::dialplan {
namespace {

constexpr size_t kMaxNumber = 64;  ///< characters of a SIP user that we dial

bool holds(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace

bool Match::matches(std::string_view number) const {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return pattern.matches(number); });
}

bool OutgoingRule::isFor(const std::vector<std::string>& of) const {
  return roles.empty() || std::any_of(of.begin(), of.end(),
                                      [&](const std::string& role) { return holds(roles, role); });
}

std::string OutgoingRule::rewrite(std::string_view number) const {
  if (replace) return *replace;
  return prefix + std::string(number.substr(std::min(strip, number.size())));
}

bool IncomingRule::isFor(std::string_view trunk) const {
  return trunks.empty() || holds(trunks, trunk);
}

std::string plainNumber(std::string_view number) {
  if (number.find_first_not_of("0123456789+*#-.()") != std::string_view::npos ||
      number.find_first_of("0123456789") == std::string_view::npos)
    return std::string(number);
  std::string plain;
  std::copy_if(number.begin(), number.end(), std::back_inserter(plain),
               [](char c) { return std::string_view("-.()").find(c) == std::string_view::npos; });
  return plain;
}

std::string Plan::trunkOf(std::string_view address) const {
  for (const Trunk& trunk : trunks)
    if (holds(trunk.addresses, address)) return trunk.name;
  return "";
}

OutgoingRoute routeOutgoing(const Plan& plan, std::string_view number,
                            const std::vector<std::string>& roles) {
  using Verdict = OutgoingRule::Verdict;
  OutgoingRoute route;
  route.number = plan.outgoing.empty() ? std::string(number) : plainNumber(number);
  for (const OutgoingRule& rule : plan.outgoing) {
    if (!rule.match.matches(route.number)) continue;
    const bool heeded = rule.isFor(roles);
    if (heeded && rule.verdict != Verdict::Deny) route.number = rule.rewrite(route.number);
    route.steps.push_back({&rule, heeded, route.number});
    if (!heeded) continue;
    const bool usable = !route.number.empty() && route.number.size() <= kMaxNumber;
    if (rule.verdict == Verdict::GoOn && usable) continue;
    route.rule = rule.match.name;
    route.allowed = rule.verdict == Verdict::Allow && usable;
    return route;
  }
  route.allowed = plan.unmatchedAllowed;
  return route;
}

const IncomingRule* routeIncoming(const Plan& plan, std::string_view number, std::string_view trunk,
                                  Called called) {
  if (called == Called::RegisteredDn && trunk.empty()) return nullptr;
  for (const IncomingRule& rule : plan.incoming)
    if (rule.isFor(trunk) && rule.match.matches(number)) return &rule;
  return nullptr;
}

}  // namespace genesys::dialplan
