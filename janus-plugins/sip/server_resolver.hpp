// Finds the address of a SIP Server that is configured by name, and goes on looking: the last good
// answer stays when DNS fails (security rule 10). Has a thread of its own, since looking a name up
// blocks; none of it runs for an IP literal.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "util/scheduler.hpp"

namespace genesys::sip {

/// Whether `text` is an IPv4 or IPv6 literal.
bool isIpLiteral(const std::string& text);

class ServerResolver {
 public:
  using Lookup = std::function<std::string(const std::string& name)>;
  using OnAddress = std::function<void(const std::string& address)>;

  /// `onAddress` is called on the scheduler's loop with the first address and with each new one.
  /// `interval`: between look-ups; one that fails is repeated after a tenth of it. `lookup` returns
  /// an IP literal or "" and may block.
  ServerResolver(Scheduler& scheduler, std::string name, Seconds interval, OnAddress onAddress,
                 Lookup lookup = systemLookup);
  /// Waits for a look-up under way.
  ~ServerResolver();

  /// getaddrinfo(3), preferring IPv4; "" if the name has no address.
  static std::string systemLookup(const std::string& name);

 private:
  void run();

  Scheduler& scheduler_;
  const std::string name_;
  const Millis interval_;
  const OnAddress onAddress_;
  const Lookup lookup_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace genesys::sip
