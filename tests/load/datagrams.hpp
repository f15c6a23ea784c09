// UDP sockets that are read many packets at a time, each with the moment at which the kernel took
// it in: the generator may read late without measuring its own lateness.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "clock.hpp"
#include "util/result.hpp"
#include "util/unique_fd.hpp"

namespace genesys::load {

/// IPv4 literal and port; nullopt-like port 0 if the text is none.
Result<sockaddr_in> addressOf(const std::string& ip, uint16_t port);
Result<UniqueFd> bindUdp(const std::string& ip, uint16_t port);
/// Makes the kernel stamp what the socket receives.
Result<Done> wantTimes(int socket);

class DatagramBatch {
 public:
  static constexpr size_t kMost = 16;

  DatagramBatch();
  DatagramBatch(const DatagramBatch&) = delete;
  DatagramBatch& operator=(const DatagramBatch&) = delete;

  /// Never waits. How many packets came; what was read before is gone.
  size_t receive(int socket);

  std::span<uint8_t> data(size_t i) { return {buffers_[i].data(), headers_[i].msg_len}; }
  const sockaddr_in& source(size_t i) const { return sources_[i]; }
  /// When the kernel took it in; now, if the socket has no times.
  Nanos at(size_t i);

 private:
  static constexpr size_t kOctets = 2048;
  using Control = std::array<uint8_t, CMSG_SPACE(sizeof(timespec))>;

  std::array<std::array<uint8_t, kOctets>, kMost> buffers_;
  std::array<sockaddr_in, kMost> sources_{};
  std::array<iovec, kMost> vectors_{};
  std::array<mmsghdr, kMost> headers_{};
  alignas(cmsghdr) std::array<Control, kMost> controls_{};
};

}  // namespace genesys::load
