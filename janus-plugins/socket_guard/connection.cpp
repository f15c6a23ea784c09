#include "socket_guard/connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace genesys::socket_guard {
namespace {

constexpr size_t kChunk = 16384;
constexpr size_t kMaxHead = 16384;
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr Seconds kEndingTime{5};  // that the second side may take to close after the first

bool wouldBlock() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// How much was taken, 0 if nothing can be now, -1 if nothing ever will be.
ssize_t give(int fd, std::span<const uint8_t> octets) {
  const ssize_t sent = ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
  return sent >= 0 ? sent : wouldBlock() ? 0 : -1;
}

/// Sends what waits; false: the taker is gone.
bool drain(int fd, std::vector<uint8_t>& waiting) {
  if (waiting.empty()) return true;
  const ssize_t sent = give(fd, waiting);
  if (sent < 0) return false;
  waiting.erase(waiting.begin(), waiting.begin() + sent);
  if (waiting.empty()) std::vector<uint8_t>().swap(waiting);  // an idle connection holds no memory
  return true;
}

}  // namespace

Connection::Connection(UniqueFd browser, UniqueFd janus, const Limits& limits, MonoTime now)
    : browser_(std::move(browser)),
      janus_(std::move(janus)),
      limits_(limits),
      meter_(limits.maxMessage),
      allowance_(limits.framesPerSecond, limits.burst, now),
      opened_(now) {}

End Connection::work(MonoTime now) {
  if (!drain(janus(), toJanus_.waiting)) return "";
  if (!drain(browser(), toBrowser_.waiting)) return "";
  if (const End end = fromBrowser(now)) return end;
  if (const End end = fromJanus()) return end;
  const std::array<std::pair<Direction*, int>, 2> both{
      {{&toJanus_, janus()}, {&toBrowser_, browser()}}};
  for (const auto& [direction, taker] : both) {
    if (!direction->ended || direction->closed || !direction->waiting.empty()) continue;
    ::shutdown(taker, SHUT_WR);
    direction->closed = true;
  }
  note(now);
  if (toJanus_.closed && toBrowser_.closed) return "";
  return std::nullopt;
}

End Connection::fromBrowser(MonoTime now) {
  if (!(browserInterest(now) & EPOLLIN)) return std::nullopt;
  std::array<uint8_t, kChunk> chunk;
  const ssize_t got = ::recv(browser(), chunk.data(), chunk.size(), 0);
  if (got < 0) return wouldBlock() ? End{} : End{""};
  if (got == 0) {
    toJanus_.ended = true;
    return std::nullopt;
  }
  const std::span<const uint8_t> octets(chunk.data(), static_cast<size_t>(got));
  if (const End end = inspect(octets, now)) return end;
  const ssize_t sent = give(janus(), octets);
  if (sent < 0) return "";
  toJanus_.waiting.assign(octets.begin() + sent, octets.end());
  return std::nullopt;
}

End Connection::fromJanus() {
  if (!(janusInterest() & EPOLLIN)) return std::nullopt;
  std::array<uint8_t, kChunk> chunk;
  const ssize_t got = ::recv(janus(), chunk.data(), chunk.size(), 0);
  if (got < 0) return wouldBlock() ? End{} : End{""};
  if (got == 0) {
    toBrowser_.ended = true;
    return std::nullopt;
  }
  answered_ = true;
  const ssize_t sent = give(browser(), {chunk.data(), static_cast<size_t>(got)});
  if (sent < 0) return "";
  toBrowser_.waiting.assign(chunk.data() + sent, chunk.data() + got);
  return std::nullopt;
}

End Connection::inspect(std::span<const uint8_t> octets, MonoTime now) {
  const auto frames = afterHead(octets);
  if (headEnd_ < kHeadEnd.size() && headOctets_ > kMaxHead) return "the HTTP head is too long";
  const uint64_t before = meter_.frames();
  switch (meter_.read(frames)) {
    case Fault::TooLong:
      return "a message is too long";
    case Fault::Malformed:
      return "the frames are not those of RFC 6455";
    case Fault::None:
      break;
  }
  allowance_.take(meter_.frames() - before, now);
  return std::nullopt;
}

std::span<const uint8_t> Connection::afterHead(std::span<const uint8_t> octets) {
  while (!octets.empty() && headEnd_ < kHeadEnd.size()) {
    const char octet = static_cast<char>(octets.front());
    octets = octets.subspan(1);
    ++headOctets_;
    headEnd_ = octet == kHeadEnd[headEnd_] ? headEnd_ + 1 : octet == kHeadEnd[0] ? 1 : 0;
  }
  return octets;
}

/// When that began which may not last.
void Connection::note(MonoTime now) {
  if (!meter_.unfinished())
    messageSince_.reset();
  else if (!messageSince_ || messages_ != meter_.messages())
    messageSince_ = now;
  messages_ = meter_.messages();
  if (toBrowser_.waiting.empty())
    backlogSince_.reset();
  else if (!backlogSince_)
    backlogSince_ = now;
  if ((toJanus_.ended || toBrowser_.ended) && !endingSince_) endingSince_ = now;
}

End Connection::overdue(MonoTime now) const {
  const auto late = [now](const std::optional<MonoTime>& since, Seconds most) {
    return since && now - *since > most;
  };
  if (!answered_ && late(opened_, limits_.handshakeTime)) return "Janus does not answer";
  if (late(messageSince_, limits_.messageTime)) return "a message is not finished in time";
  if (late(backlogSince_, limits_.backlogTime)) return "the browser takes nothing";
  if (late(endingSince_, kEndingTime)) return "";
  return std::nullopt;
}

uint32_t Connection::browserInterest(MonoTime now) const {
  const bool reads = !toJanus_.ended && toJanus_.waiting.empty() && !paused(now);
  return (reads ? EPOLLIN : 0U) | (toBrowser_.waiting.empty() ? 0U : EPOLLOUT);
}

uint32_t Connection::janusInterest() const {
  const bool reads = !toBrowser_.ended && toBrowser_.waiting.empty();
  return (reads ? EPOLLIN : 0U) | (toJanus_.waiting.empty() ? 0U : EPOLLOUT);
}

}  // namespace genesys::socket_guard
