#include "sip/server_resolver.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

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
                               OnAddress onAddress, Lookup lookup)
    : scheduler_(scheduler),
      name_(std::move(name)),
      interval_(interval),
      onAddress_(std::move(onAddress)),
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
  std::string known;
  bool failing = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const std::string address = lookup_(name_);
    lock.lock();
    if (address.empty() && !std::exchange(failing, true))
      logWarning("SIP Server's name '{}' has no address now; {}", name_,
                 known.empty() ? "trying on" : "the last good one stays: " + known);
    if (!address.empty()) failing = false;
    if (!address.empty() && address != known && !stopping_) {
      known = address;
      scheduler_.post([onAddress = onAddress_, address] { onAddress(address); });
    }
    changed_.wait_for(lock, address.empty() ? interval_ / 10 : interval_,
                      [this] { return stopping_; });
  }
}

std::string ServerResolver::systemLookup(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return "";
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  std::string v6;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST] = "";
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) !=
        0)
      continue;
    if (one->ai_family == AF_INET) return text;
    if (v6.empty()) v6 = text;
  }
  return v6;
}

}  // namespace genesys::sip
