// Rules for tests, written short.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "dialplan/plan.hpp"

namespace genesys::dialplan::test {

inline Pattern pattern(const std::string& text) {
  auto parsed = Pattern::parse(text);
  if (parsed) return std::move(parsed).value();
  ADD_FAILURE() << text << " " << parsed.error();
  return Pattern();
}

inline Match match(const std::string& name, const std::vector<std::string>& patterns) {
  Match match;
  match.name = name;
  for (const auto& text : patterns) match.patterns.push_back(pattern(text));
  return match;
}

using Verdict = OutgoingRule::Verdict;

inline OutgoingRule outgoing(const std::string& name, const std::string& text, Verdict verdict,
                             std::vector<std::string> roles = {}) {
  OutgoingRule rule;
  rule.match = match(name, {text});
  rule.verdict = verdict;
  rule.roles = std::move(roles);
  return rule;
}

inline OutgoingRule rewriting(OutgoingRule rule, size_t strip, std::string prefix = "") {
  rule.strip = strip;
  rule.prefix = std::move(prefix);
  return rule;
}

inline IncomingRule ringing(const std::string& name, const std::string& text,
                            std::vector<std::string> dns, std::vector<std::string> trunks = {}) {
  IncomingRule rule;
  rule.match = match(name, {text});
  rule.ring = std::move(dns);
  rule.trunks = std::move(trunks);
  return rule;
}

}  // namespace genesys::dialplan::test
