// Finds the address of a SIP Server that is configured by name, and goes on looking: the last good
// answer stays when DNS fails (security rule 10). Has a thread of its own, since looking a name up
// blocks; none of it runs for an IP literal.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "util/scheduler.hpp"

namespace genesys::sip {

/// Whether `text` is an IPv4 or IPv6 literal.
bool isIpLiteral(const std::string& text);

class ServerResolver {
 public:
  using Lookup = std::function<std::vector<std::string>(const std::string& name)>;
  using OnAddresses = std::function<void(const std::vector<std::string>& addresses)>;

  /// `onAddresses` is called on the scheduler's loop with the first addresses and with each other
  /// set. `interval`: between look-ups; one that fails is repeated after a tenth of it. `lookup`
  /// returns IP literals, or none, and may block.
  ServerResolver(Scheduler& scheduler, std::string name, Seconds interval, OnAddresses onAddresses,
                 Lookup lookup = systemLookup);
  /// Waits for a look-up under way.
  ~ServerResolver();

  /// getaddrinfo(3): every IPv4 address of the name in order (a multi-address A record is a pool of
  /// proxies), else every IPv6 address; none if it has no address.
  static std::vector<std::string> systemLookup(const std::string& name);

 private:
  void run();

  Scheduler& scheduler_;
  const std::string name_;
  const Millis interval_;
  const OnAddresses onAddresses_;
  const Lookup lookup_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace genesys::sip
