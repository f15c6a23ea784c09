// The audio of one call as its SIP leg sees it: a pair of ports that offer/answer speaks of. The
// plugin implements it over a media leg. SIP loop.
#pragma once

#include <cstdint>

#include "sdp/offer_answer.hpp"

namespace genesys::sip {

/// Destroying it closes the ports.
class CallAudio {
 public:
  virtual ~CallAudio() = default;
  /// The even RTP port that our SDP names.
  virtual uint16_t localPort() const = 0;
  /// A new result of offer/answer; replaces the one before.
  virtual void apply(const sdp::Agreed& agreed) = 0;
};

}  // namespace genesys::sip
