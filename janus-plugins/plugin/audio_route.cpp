#include "plugin/audio_route.hpp"

namespace genesys::plugin {
namespace {

// The focus if it may be heard, else the youngest that may.
const AudibleCall* choose(const std::vector<AudibleCall>& calls, const std::string& focus,
                          bool evenHeldThere) {
  const AudibleCall* chosen = nullptr;
  for (const AudibleCall& call : calls) {
    if (call.heldHere || (call.heldThere && !evenHeldThere)) continue;
    if (chosen == nullptr || chosen->id != focus) chosen = &call;
  }
  return chosen;
}

}  // namespace

std::vector<std::string> heardCalls(const std::vector<AudibleCall>& calls,
                                    const std::string& focus) {
  const AudibleCall* chosen = choose(calls, focus, false);
  if (chosen == nullptr) chosen = choose(calls, focus, true);
  if (chosen == nullptr) return {};
  if (!chosen->merged) return {chosen->id};
  std::vector<std::string> heard;
  for (const AudibleCall& call : calls)
    if (call.merged && !call.heldHere) heard.push_back(call.id);
  return heard;
}

}  // namespace genesys::plugin
