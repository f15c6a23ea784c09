// SIP messages for a capture server such as Homer's heplify-server, in HEP version 3 over UDP: what
// the "HEP/EEP network protocol specification", revision 32, calls the generic chunks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "util/result.hpp"
#include "util/unique_fd.hpp"

namespace genesys::observe {

/// A message as it went between two addresses.
struct HepMessage {
  struct Side {
    std::string address;  ///< IPv4 or IPv6 literal, both of the same kind
    uint16_t port = 0;
  };
  Side from;
  Side to;
  bool connection = false;  ///< TCP or TLS, not UDP
  std::chrono::system_clock::time_point at;
  std::string_view text;
};

/// Who sends it, and what the server knows it by.
struct HepSource {
  uint32_t captureId = 0;
  std::string key;  ///< empty: the server asks for none
};

/// The datagram; empty if the addresses are not what they must be, or if it had more than 65,507
/// octets.
std::string hepDatagram(const HepMessage& message, const HepSource& source);

/// The way to a capture server. One thread's own.
class HepSender {
 public:
  /// `server`: IP literal. Fails with the reason if there is no socket or no route.
  static Result<HepSender> open(const std::string& server, uint16_t port, HepSource source);
  /// Never waits; a datagram that the kernel does not take is lost, and the log says so once.
  void send(const HepMessage& message);

 private:
  HepSender(UniqueFd socket, HepSource source)
      : socket_(std::move(socket)), source_(std::move(source)) {}

  UniqueFd socket_;
  HepSource source_;
  bool told_ = false;  ///< that it fails; a port that is closed refuses every other datagram only
};

}  // namespace genesys::observe
