#include "dialplan/plan_faults.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genesys::dialplan {
namespace {

using Verdict = OutgoingRule::Verdict;

/// Whom a rule is for: empty is everybody.
const std::vector<std::string>& callersOf(const OutgoingRule& rule) {
  return rule.roles;
}
const std::vector<std::string>& callersOf(const IncomingRule& rule) {
  return rule.trunks;
}

bool goesOn(const OutgoingRule& rule) {
  return rule.verdict == Verdict::GoOn;
}
bool goesOn(const IncomingRule&) {
  return false;
}

// An agent has several roles, and a call comes from one trunk.
bool canMeet(const OutgoingRule&, const OutgoingRule&) {
  return true;
}
bool canMeet(const IncomingRule& a, const IncomingRule& b) {
  return a.trunks.empty() || b.trunks.empty() ||
         std::any_of(a.trunks.begin(), a.trunks.end(),
                     [&](const std::string& trunk) { return b.isFor(trunk); });
}

/// Everybody whom `inner` is for, `outer` is for, too.
bool takesIn(const std::vector<std::string>& outer, const std::vector<std::string>& inner) {
  return outer.empty() ||
         (!inner.empty() && std::all_of(inner.begin(), inner.end(), [&](const std::string& one) {
           return std::find(outer.begin(), outer.end(), one) != outer.end();
         }));
}

std::string named(const Match& match) {
  return fmt::format("rule '{}'{}", match.name,
                     match.line == 0 ? "" : fmt::format(" at line {}", match.line));
}

/// Whichever of the two decides, the same comes of it.
bool sameOutcome(const OutgoingRule& a, const OutgoingRule& b) {
  return a.verdict == b.verdict && a.strip == b.strip && a.prefix == b.prefix &&
         a.replace == b.replace;
}
bool sameOutcome(const IncomingRule& a, const IncomingRule& b) {
  return a.ring == b.ring &&
         (a.ring.empty() ? a.reject == b.reject : a.inTurn == b.inTurn && a.turn == b.turn);
}

template <class Rule>
std::string clash(const Rule& first, const Rule& second) {
  const Match& earlier = first.match;
  const Match& later = second.match;
  const bool hidden = takesIn(callersOf(first), callersOf(second));
  const bool orderMatters = !goesOn(second) && !sameOutcome(first, second);
  for (const Pattern& mine : later.patterns)
    for (const Pattern& theirs : earlier.patterns) {
      if (hidden && theirs.covers(mine))
        return fmt::format("\"{}\" is never reached: {} has all of its numbers by \"{}\"",
                           mine.text(), named(earlier), theirs.text());
      if (orderMatters && theirs.overlaps(mine) && !theirs.covers(mine) && !mine.covers(theirs))
        return fmt::format(
            "\"{}\" is ambiguous: it crosses \"{}\" of {}; narrow one of them, so that they have "
            "no number in common or one lies inside the other",
            mine.text(), theirs.text(), named(earlier));
    }
  return "";
}

/// A pattern that another one of the same rule takes in says nothing.
std::string superfluous(const Match& match) {
  for (const Pattern& mine : match.patterns)
    for (const Pattern& other : match.patterns)
      if (&mine != &other && other.covers(mine))
        return fmt::format("\"{}\" is never reached: the rule has all of its numbers by \"{}\"",
                           mine.text(), other.text());
  return "";
}

template <class Rule>
std::string faultAt(const std::vector<Rule>& table, size_t at) {
  const Rule& rule = table[at];
  if (auto reason = superfluous(rule.match); !reason.empty()) return reason;
  bool rewrittenBetween = false;
  // Backwards: behind a rule that goes on come numbers which the rules before it never saw.
  for (size_t before = at; before-- > 0;) {
    const Rule& earlier = table[before];
    if (earlier.match.name == rule.match.name)
      return fmt::format("has the name of {}; give one of them another", named(earlier.match));
    rewrittenBetween = rewrittenBetween || goesOn(earlier);
    if (rewrittenBetween || !canMeet(earlier, rule)) continue;
    if (auto reason = clash(earlier, rule); !reason.empty()) return reason;
  }
  return "";
}

template <class Rule>
std::optional<Fault> firstFault(const std::vector<Rule>& table) {
  for (size_t at = 0; at < table.size(); ++at)
    if (auto reason = faultAt(table, at); !reason.empty()) return Fault{at, std::move(reason)};
  return std::nullopt;
}

/// Rewriting must leave something of every number that matches.
std::string faultOfRewriting(const OutgoingRule& rule) {
  const bool rewrites = rule.strip > 0 || !rule.prefix.empty() || rule.replace;
  if (rule.verdict == Verdict::Deny && rewrites)
    return "denies and rewrites: what is denied is not called";
  if (rule.replace && (rule.strip > 0 || !rule.prefix.empty()))
    return "has replace together with strip or prefix";
  if (rule.verdict == Verdict::GoOn && !rewrites)
    return "goes on without rewriting the number: it does nothing";
  for (const Pattern& pattern : rule.match.patterns)
    if (rule.strip + (rule.prefix.empty() ? 1 : 0) > pattern.shortest())
      return fmt::format("strips {} characters, but \"{}\" has numbers of {}", rule.strip,
                         pattern.text(), pattern.shortest());
  return "";
}

}  // namespace

std::optional<Fault> faultOf(const std::vector<OutgoingRule>& table) {
  for (size_t at = 0; at < table.size(); ++at)
    if (auto reason = faultOfRewriting(table[at]); !reason.empty())
      return Fault{at, std::move(reason)};
  return firstFault(table);
}

std::optional<Fault> faultOf(const std::vector<IncomingRule>& table) {
  return firstFault(table);
}

}  // namespace genesys::dialplan
