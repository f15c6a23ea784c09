// Finds the SIP Servers of a name that is configured, and goes on looking. Has a thread of its own,
// since looking a name up blocks; none of it runs for an IP literal.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sip/server_lookup.hpp"
#include "util/random.hpp"
#include "util/scheduler.hpp"

namespace genesys::sip {

/// Whether `text` is an IPv4 or IPv6 literal.
bool isIpLiteral(const std::string& text);

class ServerResolver {
 public:
  /// The servers of the name as they are known now, sorted; may block.
  using Lookup = std::function<std::vector<LocatedServer>()>;
  using OnServers = std::function<void(const std::vector<ServerTarget>& servers)>;

  /// `onServers` is called on the scheduler's loop with the first servers and whenever there are
  /// others, by priority. `interval`: between look-ups; a tenth of it while nothing is known.
  ServerResolver(Scheduler& scheduler, std::string name, Seconds interval, OnServers onServers,
                 Lookup lookup, Random random);
  /// Waits for a look-up under way.
  ~ServerResolver();

 private:
  void run();

  Scheduler& scheduler_;
  const std::string name_;
  const Millis interval_;
  const OnServers onServers_;
  const Lookup lookup_;
  Random random_;  ///< the thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace genesys::sip
