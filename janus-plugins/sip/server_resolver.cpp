#include "sip/server_resolver.hpp"

#include <arpa/inet.h>
#include <pthread.h>

#include <utility>

#include "util/log.hpp"

namespace genesys::sip {

bool isIpLiteral(const std::string& text) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address) == 1;
}

ServerResolver::ServerResolver(Scheduler& scheduler, std::string name, Seconds interval,
                               OnServers onServers, Lookup lookup, Random random)
    : scheduler_(scheduler),
      name_(std::move(name)),
      interval_(interval),
      onServers_(std::move(onServers)),
      lookup_(std::move(lookup)),
      random_(random),
      thread_([this] { run(); }) {}

ServerResolver::~ServerResolver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

// Some name servers turn the order with each answer: that is no news, and no new draw of the order
// among those of one priority.
void ServerResolver::run() {
  pthread_setname_np(pthread_self(), "genesys-dns");
  std::vector<LocatedServer> known;
  bool failing = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    std::vector<LocatedServer> found = lookup_();
    lock.lock();
    if (found.empty() && !std::exchange(failing, true))
      logWarning("SIP Server's name '{}' has no address now; {}", name_,
                 known.empty() ? "trying on" : "the last ones stay");
    if (!found.empty()) failing = false;
    const bool none = found.empty();
    if (!none && found != known && !stopping_) {
      known = std::move(found);
      scheduler_.post(
          [onServers = onServers_, servers = inOrder(known, random_)] { onServers(servers); });
    }
    changed_.wait_for(lock, none ? interval_ / 10 : interval_, [this] { return stopping_; });
  }
}

}  // namespace genesys::sip
