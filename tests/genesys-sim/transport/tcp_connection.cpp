#include "transport/tcp_connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxMessage = 65536;
constexpr size_t kMaxUnsent = 1 << 20;

/// The value of Content-Length in a header block, 0 without one.
size_t contentLength(std::string_view head) {
  for (size_t line = head.find("\r\n"); line != std::string_view::npos;
       line = head.find("\r\n", line + 2)) {
    const std::string_view rest = head.substr(line + 2);
    const size_t colon = rest.find(':');
    if (colon == std::string_view::npos) break;
    const std::string_view name = trim(rest.substr(0, colon));
    if (!equalsIgnoreCase(name, "Content-Length") && !equalsIgnoreCase(name, "l")) continue;
    const std::string_view value = trim(rest.substr(colon + 1, rest.find("\r\n") - colon - 1));
    size_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

bool StreamFramer::append(std::string_view bytes) {
  buffer_.append(bytes);
  return buffer_.size() <= 2 * kMaxMessage;
}

std::string StreamFramer::next() {
  // CRLF between messages is a keep-alive (RFC 5626 section 3.5.1).
  buffer_.erase(0, std::min(buffer_.find_first_not_of("\r\n"), buffer_.size()));
  const size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  const size_t total = end + 4 + contentLength(std::string_view(buffer_).substr(0, end + 2));
  if (buffer_.size() < total) return {};
  std::string message = buffer_.substr(0, total);
  buffer_.erase(0, total);
  return message;
}

TcpConnection::TcpConnection(EventLoop& loop, UniqueFd fd, const Peer& peer, OnMessage onMessage,
                             OnClosed onClosed)
    : fd_(std::move(fd)),
      peer_(peer),
      onMessage_(std::move(onMessage)),
      onClosed_(std::move(onClosed)),
      watch_(loop, fd_.get(), POLLIN | POLLOUT, [this](short events) { ready(events); }) {}

bool TcpConnection::send(std::string_view bytes) {
  if (outgoing_.size() + bytes.size() > kMaxUnsent) return false;
  outgoing_.append(bytes);
  watch_.setEvents(POLLIN | POLLOUT);
  return true;
}

void TcpConnection::ready(short events) {
  const auto closed = onClosed_;
  const Peer peer = peer_;
  const bool alive =
      (!(events & POLLOUT) || flush()) && (!(events & (POLLIN | POLLERR | POLLHUP)) || receive());
  if (!alive) closed(peer);  // destroys this connection
}

bool TcpConnection::flush() {
  while (!outgoing_.empty()) {
    const ssize_t sent = ::send(fd_.get(), outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
    outgoing_.erase(0, static_cast<size_t>(sent));
  }
  watch_.setEvents(POLLIN);
  return true;
}

bool TcpConnection::receive() {
  char chunk[16384];
  const ssize_t got = ::recv(fd_.get(), chunk, sizeof chunk, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0 || !framer_.append({chunk, static_cast<size_t>(got)})) return false;
  for (std::string message = framer_.next(); !message.empty(); message = framer_.next())
    onMessage_(message, peer_);
  return true;
}

}  // namespace genesys::sim
