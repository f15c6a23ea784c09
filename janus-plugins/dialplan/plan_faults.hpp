// What is wrong with a table of the dial plan as a whole. A table is refused, and not read with a
// warning, since a rule that never applies is mostly one that should have kept somebody from
// something. Pure functions.
//
//   never reached  an earlier rule has every number of it, for at least the same callers
//   ambiguous      two rules have some numbers in common and each has others of its own: the order
//                  alone would decide, where nobody sees it. Patterns may lie inside of each other,
//                  the inner one first; they must not cross, unless the same comes of both rules.
//
// A rule that goes on hides nothing: the rules behind it see another number.
#pragma once

#include <optional>
#include <string>

#include "dialplan/plan.hpp"

namespace genesys::dialplan {

struct Fault {
  size_t rule;         ///< its index in the table
  std::string reason;  ///< in words, with the other rule's name and line
};

std::optional<Fault> faultOf(const std::vector<OutgoingRule>& table);
std::optional<Fault> faultOf(const std::vector<IncomingRule>& table);

}  // namespace genesys::dialplan
