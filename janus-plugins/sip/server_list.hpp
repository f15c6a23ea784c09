// Which of several SIP Servers is used: by priority, away from one that fails, back to a better one
// that answers again. A value without I/O (RFC 3263 section 4.3; dialect, section 1). SIP loop.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "util/clock.hpp"

namespace genesys::sip {

/// Where a SIP Server (or a member of a proxy pool) is.
struct ServerTarget {
  std::string address;  ///< IP literal
  uint16_t port = 5060;
  bool operator==(const ServerTarget&) const = default;
};

/// Whether the final status of a request, 0 for none, says that the server does its work.
inline bool serves(int status) {
  return status != 0 && status != 408 && status != 503 && status != 603;
}

class ServerList {
 public:
  struct Options {
    Millis probeInterval{3000};  ///< OPTIONS to the server in use and to better ones
    unsigned failuresToLeave = 2;
    unsigned answersToReturn = 2;
    /// The only server is asked, too: DNs have another site to go to.
    bool probeAlone = false;
  };

  // Events.
  struct Targets {
    std::vector<ServerTarget> targets;
  };  ///< by priority; known at start, or DNS has news
  struct ProbeAnswered {
    ServerTarget target;
    bool alive = false;
  };  ///< alive: answered in time, and not by 408, 503 or 603
  struct RequestWent {
    bool served = true;
  };  ///< a REGISTER or INVITE at the server in use; not served: silence, 408, 503, 603
  struct TimerFired {};
  using Event = std::variant<Targets, ProbeAnswered, RequestWent, TimerFired>;

  // Actions, to be done in order.
  /// New requests go there, and every DN registers there. With probeAlone also the server in use,
  /// when it falls silent (the DNs find out) and when it answers again.
  struct Use {
    ServerTarget target;
  };
  struct Probe {
    ServerTarget target;
  };
  struct StartTimer {
    Millis delay;
  };
  using Action = std::variant<Use, Probe, StartTimer>;
  using Actions = std::vector<Action>;

  explicit ServerList(Options options) : options_(options) {}

  Actions on(const Event& event);
  /// nullptr before the first Targets.
  const ServerTarget* current() const;

 private:
  struct Server {
    ServerTarget target;
    unsigned failures = 0;  ///< in a row
    unsigned answers = 0;   ///< in a row
  };

  Actions targets(const std::vector<ServerTarget>& targets);
  Actions probeAnswered(const ProbeAnswered& answer);
  Actions requestWent(bool served);
  Actions timerFired();
  Actions leave();
  Actions use(size_t index);

  Options options_;
  std::vector<Server> servers_;
  size_t current_ = 0;
  unsigned requestFailures_ = 0;
  bool silent_ = false;  ///< the only server
};

}  // namespace genesys::sip
