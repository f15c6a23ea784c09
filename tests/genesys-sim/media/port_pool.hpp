// RTP ports in pairs, even for RTP and the next for RTCP, out of a bounded range. Main thread.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include "transport/peer.hpp"
#include "util/unique_fd.hpp"

namespace genesys::sim {

class PortPool;

/// Two bound sockets; gives its port back when it goes.
class PortPair {
 public:
  PortPair(PortPool& pool, uint16_t port, UniqueFd rtp, UniqueFd rtcp)
      : pool_(&pool), port_(port), rtp_(std::move(rtp)), rtcp_(std::move(rtcp)) {}
  PortPair(PortPair&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)),
        port_(other.port_),
        rtp_(std::move(other.rtp_)),
        rtcp_(std::move(other.rtcp_)) {}
  PortPair& operator=(PortPair&&) = delete;
  ~PortPair();

  uint16_t port() const { return port_; }
  int rtp() const { return rtp_.get(); }
  int rtcp() const { return rtcp_.get(); }

 private:
  PortPool* pool_;
  uint16_t port_;
  UniqueFd rtp_, rtcp_;
};

class PortPool {
 public:
  /// `ip` in network byte order; [low, high] both included.
  PortPool(uint32_t ip, uint16_t low, uint16_t high);
  /// The next free pair, round the range so that a port is not used again at once. Fails when all
  /// are in use or 100 in a row belong to other programs.
  Result<PortPair> take();
  size_t used() const { return used_.size(); }

 private:
  friend class PortPair;
  uint32_t ip_;
  uint16_t low_, high_, next_;
  std::set<uint16_t> used_;
};

}  // namespace genesys::sim
