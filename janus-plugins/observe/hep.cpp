#include "observe/hep.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "util/log.hpp"
#include "util/socket_address.hpp"

namespace genesys::observe {
namespace {

constexpr size_t kMostOctets = 65'507;  // of a UDP datagram over IPv4
constexpr size_t kChunkHead = 6;        // vendor, type, length

// Types of the generic chunks (vendor 0).
enum Chunk : uint16_t {
  kFamily = 1,
  kProtocol = 2,
  kSource4 = 3,
  kDestination4 = 4,
  kSource6 = 5,
  kDestination6 = 6,
  kSourcePort = 7,
  kDestinationPort = 8,
  kSeconds = 9,
  kMicroseconds = 10,
  kPayloadKind = 11,
  kCaptureId = 12,
  kKey = 14,
  kPayload = 15,
};
constexpr uint8_t kSip = 1;  // of kPayloadKind

class Datagram {
 public:
  void octet(Chunk type, uint8_t value) { chunk(type, std::string_view(asChars(&value), 1)); }
  void number16(Chunk type, uint16_t value) {
    const uint16_t sent = htons(value);
    chunk(type, {asChars(&sent), sizeof sent});
  }
  void number32(Chunk type, uint32_t value) {
    const uint32_t sent = htonl(value);
    chunk(type, {asChars(&sent), sizeof sent});
  }
  void chunk(Chunk type, std::string_view value) {
    put16(0);
    put16(type);
    put16(static_cast<uint16_t>(kChunkHead + value.size()));
    octets_ += value;
  }
  std::string finished() {
    const uint16_t length = htons(static_cast<uint16_t>(octets_.size()));
    octets_.replace(4, sizeof length, asChars(&length), sizeof length);
    return std::move(octets_);
  }

 private:
  template <class Value>
  static const char* asChars(const Value* value) {
    return reinterpret_cast<const char*>(value);
  }
  void put16(uint16_t value) {
    const uint16_t sent = htons(value);
    octets_.append(asChars(&sent), sizeof sent);
  }

  std::string octets_ = std::string("HEP3\0\0", 6);  // its length is known at last
};

/// The octets of an address literal in network order; "" if it is none of that family.
std::string binary(const std::string& literal, int family) {
  std::array<char, sizeof(in6_addr)> octets{};
  if (inet_pton(family, literal.c_str(), octets.data()) != 1) return "";
  return {octets.data(), family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr)};
}

}  // namespace

std::string hepDatagram(const HepMessage& message, const HepSource& source) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const bool v6 = message.from.address.find(':') != std::string::npos;
  const int family = v6 ? AF_INET6 : AF_INET;
  const std::string from = binary(message.from.address, family);
  const std::string to = binary(message.to.address, family);
  const size_t rest = 200 + source.key.size();  // more than all but the text needs
  if (from.empty() || to.empty() || message.text.size() + rest > kMostOctets) return "";
  const auto micros = duration_cast<microseconds>(message.at.time_since_epoch()).count();
  Datagram datagram;
  datagram.octet(kFamily, static_cast<uint8_t>(family));  // Linux's numbers: 2 and 10
  datagram.octet(kProtocol, message.connection ? IPPROTO_TCP : IPPROTO_UDP);
  datagram.chunk(v6 ? kSource6 : kSource4, from);
  datagram.chunk(v6 ? kDestination6 : kDestination4, to);
  datagram.number16(kSourcePort, message.from.port);
  datagram.number16(kDestinationPort, message.to.port);
  datagram.number32(kSeconds, static_cast<uint32_t>(micros / 1'000'000));
  datagram.number32(kMicroseconds, static_cast<uint32_t>(micros % 1'000'000));
  datagram.octet(kPayloadKind, kSip);
  datagram.number32(kCaptureId, source.captureId);
  if (!source.key.empty()) datagram.chunk(kKey, source.key);
  datagram.chunk(kPayload, message.text);
  return datagram.finished();
}

Result<HepSender> HepSender::open(const std::string& server, uint16_t port, HepSource source) {
  const auto address = SocketAddress::from(server, port);
  if (!address) return Failure{"'" + server + "' is no IPv4 or IPv6 address"};
  UniqueFd fd(socket(address->family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd || connect(fd.get(), address->raw(), address->length()) != 0)
    return Failure{"capture server " + server + ": " + std::generic_category().message(errno)};
  return HepSender(std::move(fd), std::move(source));
}

void HepSender::send(const HepMessage& message) {
  const std::string datagram = hepDatagram(message, source_);
  if (datagram.empty()) return;
  const bool failed = ::send(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0;
  if (!failed || std::exchange(told_, true)) return;
  logWarning("hep: the capture server does not take what is sent to it (this is said once): {}",
             std::generic_category().message(errno));
}

}  // namespace genesys::observe
