// The even UDP ports that SIP legs may take. The one that rested longest comes first, and a port
// that was given back rests a while, so that a late packet of one call never meets the next. Shared
// by all threads; its lock is held on call set-up and release only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "util/clock.hpp"
#include "util/random.hpp"

namespace genesys::media {

class PortPool {
 public:
  /// Ports from `first` to `last`, both included; each even port needs its odd neighbour, too.
  PortPool(uint16_t first, uint16_t last, Millis quarantine, Random& random);

  /// How many pairs there are in all.
  size_t capacity() const { return capacity_; }
  /// An even port that may be bound; nullopt if all are in use or in quarantine.
  std::optional<uint16_t> take(MonoTime now);
  void giveBack(uint16_t port, MonoTime now);

 private:
  struct Resting {
    uint16_t port;
    MonoTime until;
  };
  const Millis quarantine_;
  size_t capacity_ = 0;
  std::mutex mutex_;
  std::deque<Resting> free_;  ///< the one that rested longest in front
};

/// A port pair for as long as this lives.
class PortLease {
 public:
  PortLease(std::shared_ptr<PortPool> pool, uint16_t port) : pool_(std::move(pool)), port_(port) {}
  PortLease(PortLease&& other) noexcept = default;
  PortLease& operator=(PortLease&& other) = delete;
  ~PortLease() {
    if (pool_) pool_->giveBack(port_, MonoClock::now());
  }
  uint16_t port() const { return port_; }

 private:
  std::shared_ptr<PortPool> pool_;
  uint16_t port_;
};

}  // namespace genesys::media
