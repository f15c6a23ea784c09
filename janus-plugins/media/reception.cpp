#include "media/reception.hpp"

#include <algorithm>

namespace genesys::media {
namespace {

constexpr int kMaxGap = 100;   // packets; wider is a restart, not loss (MAX_DROPOUT, appendix A.1)
constexpr int kMaxLate = 100;  // packets (MAX_MISORDER)
constexpr uint64_t kCycle = 0x10000;

}  // namespace

Reception::Arrival Reception::arrived(const RtpHeader& header, uint32_t rtpClock, MonoTime now) {
  const auto delta = static_cast<int16_t>(header.sequence - static_cast<uint16_t>(highest_) - 1);
  const bool jump = delta > kMaxGap || delta < -kMaxLate - 1;
  if (!started_ || header.ssrc != ssrc_ || jump) {
    start(header);
    measureJitter(header, rtpClock, now);
    return {Order::Start, 0};
  }
  received_++;
  measureJitter(header, rtpClock, now);
  if (delta < 0) return {Order::Late, 0};
  highest_ += static_cast<uint64_t>(delta) + 1;
  if (delta == 0) return {Order::Next, 0};
  return {Order::Gap, static_cast<uint16_t>(delta)};
}

void Reception::start(const RtpHeader& header) {
  lostBefore_ = lost();
  started_ = true;
  ssrc_ = header.ssrc;
  base_ = highest_ = kCycle + header.sequence;
  received_ = 1;
  reportedExpected_ = reportedReceived_ = 0;
  transitKnown_ = false;
}

void Reception::measureJitter(const RtpHeader& header, uint32_t rtpClock, MonoTime now) {
  if (rtpClock == 0) return;
  using std::chrono::duration_cast;
  const auto sinceEpoch = duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  const auto arrival =
      static_cast<uint32_t>(static_cast<uint64_t>(sinceEpoch) * rtpClock / 1000000);
  const uint32_t transit = arrival - header.timestamp;
  if (transitKnown_ && rtpClock == rtpClock_) {
    const auto difference = static_cast<int32_t>(transit - transit_);
    const auto magnitude = static_cast<uint32_t>(std::abs(static_cast<int64_t>(difference)));
    // A jump of the timestamp or a pause is not jitter: over a second does not count.
    if (magnitude < rtpClock) jitter16_ += magnitude - ((jitter16_ + 8) >> 4);
  }
  transitKnown_ = true;
  transit_ = transit;
  rtpClock_ = rtpClock;
}

uint64_t Reception::lost() const {
  if (!started_) return 0;
  return lostBefore_ + (expected() > received_ ? expected() - received_ : 0);
}

Reception::Report Reception::report() {
  if (!started_) return {};
  const auto expectedNow = static_cast<int64_t>(expected() - reportedExpected_);
  const auto receivedNow = static_cast<int64_t>(received_ - reportedReceived_);
  reportedExpected_ = expected();
  reportedReceived_ = received_;
  const int64_t lostNow = expectedNow - receivedNow;
  const int64_t lostInAll = static_cast<int64_t>(expected()) - static_cast<int64_t>(received_);
  const bool loss = expectedNow > 0 && lostNow > 0;
  return {
      .ssrc = ssrc_,
      .fractionLost =
          static_cast<uint8_t>(loss ? std::min<int64_t>(255, (lostNow << 8) / expectedNow) : 0),
      // 24 bits, signed (section 6.4.1)
      .cumulativeLost = static_cast<int32_t>(std::clamp<int64_t>(lostInAll, -0x800000, 0x7fffff)),
      .highestSequence = static_cast<uint32_t>(highest_ - kCycle),
      .jitter = jitter16_ >> 4};
}

}  // namespace genesys::media
