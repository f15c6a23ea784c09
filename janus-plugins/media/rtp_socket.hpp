// The two UDP sockets of a SIP leg: RTP on an even port, RTCP on the next (RFC 3550 section 11).
// Bound by whoever opens the leg; then used by its worker only.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "media/port_pool.hpp"
#include "media/rtp_packet.hpp"
#include "util/result.hpp"
#include "util/socket_address.hpp"
#include "util/unique_fd.hpp"

namespace genesys::media {

/// Buffers for one recvmmsg(2); one per worker, shared by its sockets.
class DatagramBatch {
 public:
  static constexpr unsigned kMost = 32;

  DatagramBatch();
  /// Reads what waits, without blocking; returns the count, 0 if there is nothing (more).
  unsigned receive(int fd);
  /// Datagram `i` of the last receive(). One over kMaxRtpOctets comes one octet longer than that,
  /// so that its reader refuses it.
  std::span<const uint8_t> data(unsigned i) const {
    return {buffers_[i].data(), headers_[i].msg_len};
  }
  const SocketAddress& source(unsigned i) const { return sources_[i]; }

 private:
  std::array<std::array<uint8_t, kMaxRtpOctets + 1>, kMost> buffers_;
  std::array<SocketAddress, kMost> sources_;
  std::array<iovec, kMost> vectors_;
  std::array<mmsghdr, kMost> headers_;
};

class RtpSocketPair {
 public:
  /// Binds the next free pair of `pool` at `address` (its port is not used). `dscp` 0-63. Fails
  /// with the reason when the ports or the descriptors are exhausted.
  static Result<RtpSocketPair> open(const SocketAddress& address,
                                    const std::shared_ptr<PortPool>& pool, uint8_t dscp);

  uint16_t port() const { return lease_.port(); }
  int rtpFd() const { return rtp_.get(); }
  int rtcpFd() const { return rtcp_.get(); }
  /// False if the kernel refused; a lost packet is no reason to stop.
  bool sendRtp(std::span<const uint8_t> packet, const SocketAddress& to) const;
  bool sendRtcp(std::span<const uint8_t> packet, const SocketAddress& to) const;

 private:
  RtpSocketPair(PortLease lease, UniqueFd rtp, UniqueFd rtcp)
      : lease_(std::move(lease)), rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}

  PortLease lease_;  // first, so that the port rests only after its sockets are closed
  UniqueFd rtp_;
  UniqueFd rtcp_;
};

}  // namespace genesys::media
