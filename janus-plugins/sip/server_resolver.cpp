#include "sip/server_resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "util/log.hpp"

namespace genesys::sip {

bool isIpLiteral(const std::string& text) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address) == 1;
}

ServerResolver::ServerResolver(Scheduler& scheduler, std::string name, Seconds interval,
                               OnAddresses onAddresses, Lookup lookup)
    : scheduler_(scheduler),
      name_(std::move(name)),
      interval_(interval),
      onAddresses_(std::move(onAddresses)),
      lookup_(std::move(lookup)),
      thread_([this] { run(); }) {}

ServerResolver::~ServerResolver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ServerResolver::run() {
  pthread_setname_np(pthread_self(), "genesys-dns");
  std::vector<std::string> known;
  bool failing = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    std::vector<std::string> addresses = lookup_(name_);
    // Some name servers turn the order with each answer: that is no news.
    std::ranges::sort(addresses);
    lock.lock();
    if (addresses.empty() && !std::exchange(failing, true))
      logWarning("SIP Server's name '{}' has no address now; {}", name_,
                 known.empty() ? "trying on" : "the last good one stays: " + known.front());
    if (!addresses.empty()) failing = false;
    if (!addresses.empty() && addresses != known && !stopping_) {
      known = addresses;
      scheduler_.post([onAddresses = onAddresses_, addresses] { onAddresses(addresses); });
    }
    changed_.wait_for(lock, addresses.empty() ? interval_ / 10 : interval_,
                      [this] { return stopping_; });
  }
}

std::vector<std::string> ServerResolver::systemLookup(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  std::vector<std::string> v4;
  std::vector<std::string> v6;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST] = "";
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) !=
        0)
      continue;
    (one->ai_family == AF_INET ? v4 : v6).emplace_back(text);
  }
  return v4.empty() ? v6 : v4;
}

}  // namespace genesys::sip
