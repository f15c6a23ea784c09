#include "media/arrival_order.hpp"

namespace genesys::media {
namespace {

// Packets that seen_ remembers.
constexpr int kRemembered = 64;

}  // namespace

bool ArrivalOrder::arrived(const RtpPacket& packet, MonoTime now) {
  if (!started_ || packet.header.ssrc != ssrc_) follow(packet.header);
  const bool stood = due() != MonoTime::max() || now < standsUntil_;
  if (overtaken(packet.header)) {
    standsUntil_ = now + kStands;
    if (!window_) window_ = std::make_unique<ReorderWindow>();
  }
  if (!stood) {
    if (window_) window_->reset();
    return true;
  }
  // What the window will not have, a duplicate or too late, is counted by whoever receives it.
  return !window_->insert(packet, now);
}

bool ArrivalOrder::overtaken(const RtpHeader& header) {
  const int ahead = static_cast<int16_t>(header.sequence - newest_);
  if (ahead > 0 || ahead <= -kRemembered) {
    newest_ = header.sequence;
    seen_ = ahead > 0 && ahead < kRemembered ? seen_ << ahead | 1 : 1;
    return false;
  }
  const uint64_t bit = uint64_t{1} << -ahead;
  const bool known = (seen_ & bit) != 0;
  seen_ |= bit;
  return !known;
}

// Another stream is another way through the network: what waits of the old one is of no use.
void ArrivalOrder::follow(const RtpHeader& header) {
  started_ = true;
  ssrc_ = header.ssrc;
  newest_ = header.sequence;
  seen_ = 1;
  standsUntil_ = MonoTime::min();
  if (window_) window_->reset();
}

}  // namespace genesys::media
