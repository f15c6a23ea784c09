#include "web_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "datagrams.hpp"
#include "util/base64.hpp"

namespace genesys::load {
namespace {

constexpr timeval kPatience{5, 0};

std::string acceptOf(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // section 4.2.2
  std::array<uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return encodeBase64(digest);
}

bool sendAll(int fd, std::string_view text) {
  return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// Header of the server's answer, whole; what follows it stays in `received`.
std::string readHeader(int fd, std::string& received) {
  std::array<char, 4096> octets;
  for (size_t end = 0;; end = received.find("\r\n\r\n")) {
    if (end != 0 && end != std::string::npos) {
      const std::string header = received.substr(0, end + 4);
      received.erase(0, end + 4);
      return header;
    }
    const ssize_t got = ::recv(fd, octets.data(), octets.size(), 0);
    if (got <= 0) return {};
    received.append(octets.data(), static_cast<size_t>(got));
  }
}

}  // namespace

Result<WebSocket> WebSocket::connect(const std::string& ip, uint16_t port,
                                     std::string_view subprotocol, Random& random) {
  const auto address = addressOf(ip, port);
  if (!address) return Failure{address.error()};
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address.value()),
                       sizeof address.value()) != 0)
    return Failure{fmt::format("WebSocket {}:{}: {}", ip, port, std::strerror(errno))};
  std::array<uint8_t, 16> nonce;
  for (uint8_t& octet : nonce) octet = static_cast<uint8_t>(random.next());
  const std::string key = encodeBase64(nonce);
  WebSocket socket(std::move(fd), Random(random.next()));
  const bool asked = sendAll(
      socket.fd(), fmt::format("GET / HTTP/1.1\r\nHost: {}:{}\r\nUpgrade: websocket\r\n"
                               "Connection: Upgrade\r\nSec-WebSocket-Key: {}\r\n"
                               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {}\r\n\r\n",
                               ip, port, key, subprotocol));
  const std::string header = asked ? readHeader(socket.fd(), socket.received_) : "";
  if (!header.starts_with("HTTP/1.1 101") || header.find(acceptOf(key)) == std::string::npos)
    return Failure{fmt::format("WebSocket {}:{}: no handshake", ip, port)};
  fcntl(socket.fd(), F_SETFL, O_NONBLOCK);
  return socket;
}

bool WebSocket::send(std::string_view text) {
  return sendFrame(Text, text);
}

// A client masks what it sends (section 5.3).
bool WebSocket::sendFrame(Opcode opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(0x80 | opcode));
  constexpr size_t kShort = 125;
  constexpr char kMasked = '\x80';
  if (payload.size() > 0xffff) return false;
  if (payload.size() <= kShort) {
    frame += static_cast<char>(kMasked | static_cast<char>(payload.size()));
  } else {
    frame += static_cast<char>(kMasked | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size());
  }
  const uint64_t mask = random_.next();
  for (unsigned i = 0; i < 4; ++i) frame += static_cast<char>(mask >> 8 * i);
  for (size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(payload[i] ^ static_cast<char>(mask >> 8 * (i % 4)));
  return sendAll(fd(), frame);
}

bool WebSocket::read() {
  std::array<char, 16384> octets;
  for (;;) {
    const ssize_t got = ::recv(fd(), octets.data(), octets.size(), 0);
    if (got > 0) received_.append(octets.data(), static_cast<size_t>(got));
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
  }
}

// A server's frames are not masked.
std::optional<WebSocket::Frame> WebSocket::takeFrame() {
  const auto octet = [&](size_t i) { return static_cast<uint8_t>(received_[i]); };
  if (received_.size() < 2) return std::nullopt;
  uint64_t length = octet(1) & 0x7f;
  const size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (received_.size() < 2 + more) return std::nullopt;
  if (more > 0) length = 0;
  for (size_t i = 0; i < more; ++i) length = length << 8 | octet(2 + i);
  if (received_.size() - 2 - more < length) return std::nullopt;
  Frame frame{static_cast<Opcode>(octet(0) & 0x0f), (octet(0) & 0x80) != 0,
              received_.substr(2 + more, length)};
  received_.erase(0, 2 + more + length);
  return frame;
}

std::optional<std::string> WebSocket::next() {
  while (auto frame = takeFrame()) {
    if (frame->opcode == Ping) sendFrame(Pong, frame->payload);
    if (frame->opcode != Text && frame->opcode != Continuation) continue;
    message_ += frame->payload;
    if (frame->last) return std::exchange(message_, {});
  }
  return std::nullopt;
}

}  // namespace genesys::load
