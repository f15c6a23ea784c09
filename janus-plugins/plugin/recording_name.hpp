// What the files of a recording are called: the gateway's own choice, whatever a page asks for.
// Pure function.
#pragma once

#include <chrono>
#include <string>

namespace genesys::plugin {

/// "20261126T073900.123Z-7001-CALL-TAG": time in UTC, DN, the call's id, and the page's tag if
/// there is one. Of DN and id only A-Z a-z 0-9 + . _ - are kept; each other character becomes "_".
std::string recordingName(std::chrono::system_clock::time_point now, const std::string& dn,
                          const std::string& callId, const std::string& tag);

}  // namespace genesys::plugin
