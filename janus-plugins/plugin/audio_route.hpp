// Which of a DN's calls the agent hears: one, or those of one conversation. Pure functions; SIP
// loop.
#pragma once

#include <string>
#include <vector>

namespace genesys::plugin {

/// A call as far as its audio counts.
struct AudibleCall {
  std::string id;
  bool heldHere = false;   ///< never heard
  bool heldThere = false;  ///< music, or nothing: another call is heard rather
  bool merged = false;     ///< in the agent's conversation of several calls
};

/// Ids of the calls to join with the agent's browser, oldest first. `calls` are those with audio
/// (answered, or early media), oldest first; `focus` is the one that the agent chose last.
std::vector<std::string> heardCalls(const std::vector<AudibleCall>& calls,
                                    const std::string& focus);

}  // namespace genesys::plugin
