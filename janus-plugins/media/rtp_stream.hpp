// One outgoing RTP stream: an SSRC, a sequence and a timestamp of our own that go on unbroken
// whatever happens on the side the audio comes from. Lives on its leg's worker.
#pragma once

#include "media/rtp_packet.hpp"
#include "util/random.hpp"

namespace genesys::media {

class RtpStream {
 public:
  /// Random start values (RFC 3550 section 5.1). The sequence starts in the lower half, so that an
  /// SRTP receiver cannot guess the wrong roll-over count from an early loss (RFC 3711 3.3.1).
  explicit RtpStream(Random& random)
      : ssrc_(static_cast<uint32_t>(random.next())),
        timestamp_(static_cast<uint32_t>(random.next())),
        sequence_(static_cast<uint16_t>(random.between(0, 0x7fff))) {}

  /// The header of the next packet; consumes one sequence number, not the timestamp.
  RtpHeader next(uint8_t payloadType, bool marker) {
    return {marker, payloadType, sequence_++, timestamp_, ssrc_};
  }
  /// The same with another timestamp: the events of one digit all carry that of its start.
  RtpHeader nextAt(uint32_t timestamp, uint8_t payloadType, bool marker) {
    return {marker, payloadType, sequence_++, timestamp, ssrc_};
  }
  /// Moves the timestamp on, in units of the RTP clock.
  void advance(uint32_t clockUnits) { timestamp_ += clockUnits; }
  /// Leaves out sequence numbers: packets that were lost before they reached us.
  void skip(uint16_t packets) { sequence_ = static_cast<uint16_t>(sequence_ + packets); }

  /// Goes on in the lower half of the sequence numbers, as under a new SRTP key: see above.
  void toLowerHalf() { sequence_ &= 0x7fff; }

  uint32_t ssrc() const { return ssrc_; }
  uint32_t timestamp() const { return timestamp_; }

 private:
  uint32_t ssrc_;
  uint32_t timestamp_;
  uint16_t sequence_;
};

}  // namespace genesys::media
