// What one incoming RTP stream looks like from here: order, loss and jitter (RFC 3550 appendices
// A.1, A.3 and A.8). Lives on its leg's worker; time is a parameter.
#pragma once

#include <cstdint>

#include "media/rtp_packet.hpp"
#include "util/clock.hpp"

namespace genesys::media {

class Reception {
 public:
  enum class Order {
    Start,  ///< first packet, new SSRC, or a sequence jump too wide to be loss
    Next,   ///< the expected sequence number
    Gap,    ///< `missing` packets before it have not come
    Late,   ///< reordered or duplicate
  };
  struct Arrival {
    Order order = Order::Start;
    uint16_t missing = 0;
  };
  /// What a report block says of the stream (section 6.4.1).
  struct Report {
    uint32_t ssrc = 0;
    uint8_t fractionLost = 0;  ///< 1/256, since the last report
    int32_t cumulativeLost = 0;
    uint32_t highestSequence = 0;  ///< extended by the count of cycles
    uint32_t jitter = 0;           ///< RTP clock units
  };

  /// Takes note of a packet that came at `now`; `rtpClock` in Hz;
  /// 0: its timestamp does not follow the arrival (telephone-event) and tells nothing of jitter.
  Arrival arrived(const RtpHeader& header, uint32_t rtpClock, MonoTime now);
  /// Numbers for a report block; starts a new interval for fractionLost.
  Report report();

  bool started() const { return started_; }
  uint32_t ssrc() const { return ssrc_; }
  /// Missing sequence numbers over all SSRCs so far.
  uint64_t lost() const;
  uint32_t jitterMs() const { return rtpClock_ ? (jitter16_ >> 4) * 1000 / rtpClock_ : 0; }

 private:
  void start(const RtpHeader& header);
  void measureJitter(const RtpHeader& header, uint32_t rtpClock, MonoTime now);
  uint64_t expected() const { return highest_ - base_ + 1; }

  bool started_ = false;
  uint32_t ssrc_ = 0;
  uint64_t base_ = 0;     ///< extended sequence of the first packet
  uint64_t highest_ = 0;  ///< extended sequence of the newest packet
  uint64_t received_ = 0;
  uint64_t lostBefore_ = 0;  ///< by streams that came before this SSRC or jump
  uint64_t reportedExpected_ = 0;
  uint64_t reportedReceived_ = 0;
  uint32_t rtpClock_ = 0;
  uint32_t transit_ = 0;   ///< arrival minus timestamp, RTP clock units
  uint32_t jitter16_ = 0;  ///< scaled by 16 (appendix A.8)
  bool transitKnown_ = false;
};

}  // namespace genesys::media
