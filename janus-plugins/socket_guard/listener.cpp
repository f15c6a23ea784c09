#include "socket_guard/listener.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace genesys::socket_guard {
namespace {

constexpr Millis kSweep{250};  // how late a deadline, or the end of a pause, may be noticed
constexpr int kBacklog = 1024;
constexpr rlim_t kSpareDescriptors = 32;

std::string why(const char* what) {
  return fmt::format("{}: {}", what, std::strerror(errno));
}

void sendAtOnce(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

UniqueFd connectTo(const Address& address) {
  UniqueFd fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  sendAtOnce(fd.get());
  if (::connect(fd.get(), address.raw(), address.length) != 0 && errno != EINPROGRESS)
    return UniqueFd();
  return fd;
}

/// Two descriptors a connection; "" or why there are not enough.
std::string allowDescriptors(unsigned connections) {
  const rlim_t needed = 2 * static_cast<rlim_t>(connections) + kSpareDescriptors;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return "";
  if (limit.rlim_max < needed)
    return fmt::format("--connections {} needs {} file descriptors, {} are allowed", connections,
                       needed, limit.rlim_max);
  limit.rlim_cur = needed;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? "" : why("setrlimit");
}

}  // namespace

Listener::Listener(UniqueFd socket, UniqueFd poll, const Address& janus, const Limits& limits)
    : socket_(std::move(socket)),
      poll_(std::move(poll)),
      janus_(janus),
      limits_(limits),
      swept_(MonoClock::now()) {}

Result<std::unique_ptr<Listener>> Listener::open(const Address& listen, const Address& janus,
                                                 const Limits& limits) {
  if (const std::string missing = allowDescriptors(limits.connections); !missing.empty())
    return Failure{missing};
  UniqueFd socket(
      ::socket(listen.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return Failure{why("socket")};
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), listen.raw(), listen.length) != 0) return Failure{why("bind")};
  if (::listen(socket.get(), kBacklog) != 0) return Failure{why("listen")};
  UniqueFd poll(::epoll_create1(EPOLL_CLOEXEC));
  if (!poll) return Failure{why("epoll_create1")};
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = 0;  // the listening socket; connections have 2n and 2n + 1
  if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, socket.get(), &event) != 0)
    return Failure{why("epoll_ctl")};
  return std::unique_ptr<Listener>(new Listener(std::move(socket), std::move(poll), janus, limits));
}

void Listener::run() {
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()),
                                   entries_.empty() ? -1 : static_cast<int>(kSweep.count()));
    const MonoTime now = MonoClock::now();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.u64 == 0) {
        accept(now);
        continue;
      }
      const auto entry = entries_.find(event.data.u64 / 2);
      if (entry != entries_.end()) drive(entry, event.events & (EPOLLERR | EPOLLHUP), now);
    }
    if (now - swept_ >= kSweep) sweep(now);
  }
}

void Listener::accept(MonoTime now) {
  UniqueFd browser(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!browser) return;
  if (entries_.size() >= limits_.connections) {
    fmt::print(stderr, "refused: {} connections already\n", entries_.size());
    return;
  }
  sendAtOnce(browser.get());
  UniqueFd janus = connectTo(janus_);
  if (!janus) {
    fmt::print(stderr, "refused: {}\n", why("Janus cannot be reached"));
    return;
  }
  const uint64_t number = nextNumber_++;
  Entry entry;
  entry.connection =
      std::make_unique<Connection>(std::move(browser), std::move(janus), limits_, now);
  epoll_event event{};
  event.data.u64 = 2 * number;
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, entry.connection->browser(), &event);
  event.data.u64 = 2 * number + 1;
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, entry.connection->janus(), &event);
  watch(number, entries_.emplace(number, std::move(entry)).first->second, now);
}

void Listener::drive(Entries::iterator entry, bool broken, MonoTime now) {
  if (const End over = entry->second.connection->work(now)) return end(entry, *over);
  if (broken) return end(entry, "");
  watch(entry->first, entry->second, now);
}

void Listener::sweep(MonoTime now) {
  swept_ = now;
  for (auto next = entries_.begin(); next != entries_.end();) {
    const auto entry = next++;
    if (const End over = entry->second.connection->overdue(now))
      end(entry, *over);
    else
      watch(entry->first, entry->second, now);  // a pause may have ended
  }
}

void Listener::watch(uint64_t number, Entry& entry, MonoTime now) {
  const auto change = [this](int fd, uint64_t data, uint32_t events, uint32_t& known) {
    if (events == known) return;
    epoll_event event{};
    event.events = known = events;
    event.data.u64 = data;
    ::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, fd, &event);
  };
  const Connection& connection = *entry.connection;
  change(connection.browser(), 2 * number, connection.browserInterest(now), entry.browserEvents);
  change(connection.janus(), 2 * number + 1, connection.janusInterest(), entry.janusEvents);
}

void Listener::end(Entries::iterator entry, std::string_view reason) {
  if (!reason.empty()) fmt::print(stderr, "ended: {}\n", reason);
  entries_.erase(entry);
}

}  // namespace genesys::socket_guard
