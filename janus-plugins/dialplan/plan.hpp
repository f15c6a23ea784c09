// The dial plan: what becomes of a number that an agent dials, and who rings for one that is called
// from outside. In each table the first rule that is for the number decides. Values without I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialplan/pattern.hpp"
#include "util/clock.hpp"

namespace genesys::dialplan {

/// What both tables' rules have.
struct Match {
  std::string name;               ///< unique in its table; told to the page, in logs and counters
  std::vector<Pattern> patterns;  ///< at least one
  unsigned line = 0;              ///< of the configuration file; 0: unknown

  bool matches(std::string_view number) const;
};

struct OutgoingRule {
  Match match;
  std::vector<std::string> roles;  ///< for agents with one of these; empty: for everybody
  enum class Verdict {
    Allow,
    Deny,
    GoOn,  ///< the rules behind this one decide, on the rewritten number
  } verdict = Verdict::Allow;
  size_t strip = 0;                    ///< characters off the front
  std::string prefix;                  ///< put before what is left
  std::optional<std::string> replace;  ///< the whole number is this instead

  bool isFor(const std::vector<std::string>& of) const;
  std::string rewrite(std::string_view number) const;
};

struct IncomingRule {
  Match match;
  std::vector<std::string> trunks;  ///< from one of these; empty: from anywhere
  std::vector<std::string> ring;    ///< DNs; empty: `reject`
  bool inTurn = false;              ///< one after the other, else together
  Seconds turn{20};                 ///< each DN's time, in turn
  int reject = 404;                 ///< SIP status, 400-699

  bool isFor(std::string_view trunk) const;
};

/// Somebody besides SIP Server who sends calls, known by the address that they come from.
struct Trunk {
  std::string name;
  std::vector<std::string> addresses;  ///< IP literals
};

struct Plan {
  std::vector<Trunk> trunks;
  std::vector<OutgoingRule> outgoing;
  bool unmatchedAllowed = true;  ///< a dialled number that no rule is for
  std::vector<IncomingRule> incoming;

  /// Name of the trunk with this source address, "" if it is none's.
  std::string trunkOf(std::string_view address) const;
};

/// What became of a dialled number, step by step.
struct OutgoingRoute {
  struct Step {
    const OutgoingRule* rule;  ///< of the plan
    bool heeded;               ///< false: the number matches, but the agent has none of its roles
    std::string number;        ///< after it
  };
  bool allowed = true;
  std::string number;  ///< to be called
  std::string rule;    ///< name of the one that decided; "" if none is for the number
  std::vector<Step> steps;
};
/// The number as rules see it: of digits, + * # and the visual separators of RFC 3966 (- . ( )) the
/// separators are taken out, since a gateway to the telephone network does so, too: "0-900" must
/// not pass a rule that denies "0900". Anything else stays as it is.
std::string plainNumber(std::string_view number);

/// `plan` outlives what is returned. Without rules the number stays as it is dialled. A number that
/// rewriting has made longer than 64 characters or empty is denied.
OutgoingRoute routeOutgoing(const Plan& plan, std::string_view number,
                            const std::vector<std::string>& roles);

/// What a called number is without the plan.
enum class Called {
  Nobody,        ///< no DN here
  StaticDn,      ///< a DN that does not register: SIP Server has its address
  RegisteredDn,  ///< SIP Server's calls for it are its own, no rule is asked
};
/// What a number is that is a DN here.
constexpr Called calledOf(bool neverRegisters) {
  return neverRegisters ? Called::StaticDn : Called::RegisteredDn;
}
/// The rule for a call to `number` that came from `trunk` ("": from SIP Server); nullptr if there
/// is none: the DN rings, or nobody.
const IncomingRule* routeIncoming(const Plan& plan, std::string_view number, std::string_view trunk,
                                  Called called);

}  // namespace genesys::dialplan
