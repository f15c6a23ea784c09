// Digits as telephone events, out and in (RFC 4733). Main thread, pure but for their own state.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "media/rtp.hpp"

namespace genesys::sim {

/// Cuts digits into events of 160 ms and pauses of 60 ms, one step per 20 ms.
class DigitSender {
 public:
  /// At most 64 wait; false when that is too many or a character is no digit.
  bool queue(const std::string& digits);
  struct Step {
    TelephoneEvent event;
    bool first = false;      ///< carries the marker
    uint32_t timestamp = 0;  ///< of the event's beginning
  };
  /// What goes out in this 20 ms instead of audio; nothing: audio. `timestamp` is the clock now.
  std::optional<Step> next(uint32_t timestamp);

 private:
  std::deque<int> waiting_;
  int step_ = 0;
  uint32_t begin_ = 0;
};

/// Collects digits; an event is known by its timestamp, its repeats are not counted.
class DigitReceiver {
 public:
  void receive(const RtpPacket& packet);
  const std::string& digits() const { return digits_; }

 private:
  std::string digits_;
  std::optional<uint32_t> lastTimestamp_;
};

}  // namespace genesys::sim
