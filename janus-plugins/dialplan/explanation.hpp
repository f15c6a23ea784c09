// What the dial plan does with one number, in words: which rules are for it, each step and the
// result. For genesys-dialplan and for logs; pure.
#pragma once

#include <string>
#include <vector>

#include "dialplan/plan.hpp"

namespace genesys::dialplan {

struct Explanation {
  bool goesThrough = false;
  std::string text;  ///< lines with their ends
};

Explanation explainOutgoing(const Plan& plan, const std::string& number,
                            const std::vector<std::string>& roles);
Explanation explainIncoming(const Plan& plan, const std::string& number, const std::string& trunk,
                            Called called);

}  // namespace genesys::dialplan
