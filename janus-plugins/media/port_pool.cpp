#include "media/port_pool.hpp"

namespace genesys::media {

PortPool::PortPool(uint16_t first, uint16_t last, Millis quarantine, Random& random)
    : quarantine_(quarantine) {
  const uint32_t firstEven = first + (first & 1U);
  for (uint32_t port = firstEven; port + 1 <= last; port += 2)
    free_.push_back({static_cast<uint16_t>(port), MonoTime::min()});
  capacity_ = free_.size();
  // A random start, so that a restarted gateway does not meet the packets of its former calls.
  for (uint64_t turns = capacity_ ? random.between(0, capacity_ - 1) : 0; turns > 0; --turns) {
    free_.push_back(free_.front());
    free_.pop_front();
  }
}

std::optional<uint16_t> PortPool::take(MonoTime now) {
  const std::lock_guard lock(mutex_);
  if (free_.empty() || free_.front().until > now) return std::nullopt;
  const uint16_t port = free_.front().port;
  free_.pop_front();
  return port;
}

void PortPool::giveBack(uint16_t port, MonoTime now) {
  const std::lock_guard lock(mutex_);
  free_.push_back({port, now + quarantine_});
}

}  // namespace genesys::media
