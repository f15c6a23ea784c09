// Packets that pass from one leg to the other unread and wait for their turn: first in, first out,
// without allocation. Lives on its leg's worker.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/rtp_packet.hpp"

namespace genesys::media {

class PayloadQueue {
 public:
  /// Packets; 100 ms of the shortest.
  static constexpr size_t kCapacity = 10;

  size_t size() const { return size_; }
  void clear() { size_ = 0; }

  /// Appends; true if the oldest had to go to make room. Longer than a packet may be is cut off.
  bool push(std::span<const uint8_t> payload) {
    const bool full = size_ == kCapacity;
    if (full) drop();
    Slot& slot = slots_[(first_ + size_++) % kCapacity];
    slot.octets = std::min(payload.size(), slot.data.size());
    std::copy_n(payload.begin(), slot.octets, slot.data.begin());
    return full;
  }
  /// The oldest; valid until the next push. Only if size() > 0, as drop().
  std::span<const uint8_t> front() const {
    return {slots_[first_].data.data(), slots_[first_].octets};
  }
  void drop() {
    first_ = (first_ + 1) % kCapacity;
    size_--;
  }

 private:
  struct Slot {
    size_t octets = 0;
    std::array<uint8_t, kMaxRtpOctets - kRtpHeaderOctets> data;
  };
  std::array<Slot, kCapacity> slots_;
  size_t first_ = 0;
  size_t size_ = 0;
};

}  // namespace genesys::media
