// Puts the browser's packets back in order. On a path that keeps the order it delays nothing;
// behind a gap it holds one packet, until the missing one or a second one comes or 30 ms are over.
// Lives on its leg's worker; time is a parameter.
#pragma once

#include <array>
#include <optional>

#include "media/rtp_packet.hpp"
#include "util/clock.hpp"

namespace genesys::media {

class ReorderWindow {
 public:
  static constexpr Millis kLongestWait{30};

  struct Item {
    RtpHeader header;
    uint16_t missing = 0;  ///< packets before this one that are given up
    size_t octets = 0;
    std::array<uint8_t, kMaxRtpOctets> data;
    std::span<const uint8_t> payload() const { return {data.data(), octets}; }
  };

  /// Takes a copy; false if the packet is a duplicate or comes too late. Call next() until nullptr
  /// before the next insert().
  bool insert(const RtpPacket& packet, MonoTime now);
  /// The next packet in order, if it need not wait any longer; valid until the next insert().
  const Item* next(MonoTime now);
  /// When next() has something to give without an insert(); MonoTime::max() if never.
  MonoTime due() const;
  /// Another stream follows.
  void reset();

 private:
  static constexpr size_t kHeld = 2;
  struct Slot {
    bool full = false;
    MonoTime arrived{};
    Item item;
  };
  int distance(const Slot& slot) const;
  Slot* oldest();

  bool started_ = false;
  uint16_t expected_ = 0;  ///< sequence number
  std::array<Slot, kHeld> slots_;
};

}  // namespace genesys::media
