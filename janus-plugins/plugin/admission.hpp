// Which calls agents may start: what the dial plan says of the number, how many calls an agent may
// have at once and start in a minute. Counts what it refuses. SIP loop.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dialplan/call_limit.hpp"
#include "settings/config.hpp"
#include "sip/dn.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

class Admission {
 public:
  /// `config` outlives it.
  explicit Admission(const settings::Config& config) : config_(config) {}

  struct Caller {
    std::string subject;  ///< limits count for it, whichever DNs it uses
    std::vector<std::string> roles;
    size_t calls = 0;  ///< it has already
  };
  /// The number to call when `caller` dials `target`, or why there is no call. A call that is
  /// admitted counts as started at `now`, made or not.
  Result<std::string, sip::DialRefusal> admit(const Caller& caller, const std::string& target,
                                              MonoTime now);

  struct Counters {
    uint64_t denied = 0;   ///< by the dial plan
    uint64_t limited = 0;  ///< too many calls at once or in a minute
  };
  const Counters& counters() const { return counters_; }

 private:
  Result<Done, sip::DialRefusal> withinLimits(const Caller& caller, MonoTime now);

  const settings::Config& config_;
  std::map<std::string, dialplan::CallLimit> perMinute_;  ///< by subject; those who called lately
  Counters counters_;
};

}  // namespace genesys::plugin
