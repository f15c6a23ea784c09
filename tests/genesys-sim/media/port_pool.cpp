#include "media/port_pool.hpp"

#include "transport/socket.hpp"

namespace genesys::sim {

PortPair::~PortPair() {
  if (pool_) pool_->used_.erase(port_);
}

PortPool::PortPool(uint32_t ip, uint16_t low, uint16_t high)
    : ip_(ip), low_(static_cast<uint16_t>(low + low % 2)), high_(high), next_(low_) {}

Result<PortPair> PortPool::take() {
  int foreign = 0;
  const int pairs = (high_ - low_ + 1) / 2;
  for (int i = 0; i < pairs && foreign < 100; ++i) {
    const uint16_t port = next_;
    next_ = next_ + 3 > high_ ? low_ : static_cast<uint16_t>(next_ + 2);
    if (used_.count(port) != 0) continue;
    auto rtp = openUdp({TransportKind::Udp, ip_, port});
    auto rtcp = openUdp({TransportKind::Udp, ip_, static_cast<uint16_t>(port + 1)});
    if (!rtp || !rtcp) {
      ++foreign;
      continue;
    }
    used_.insert(port);
    return PortPair(*this, port, std::move(rtp).value(), std::move(rtcp).value());
  }
  return Failure{std::string("no free RTP port")};
}

}  // namespace genesys::sim
