#include "media/reorder_window.hpp"

#include <algorithm>

namespace genesys::media {
namespace {

// Packets; a wider distance means that the sender has started anew (RFC 3550 appendix A.1).
constexpr int kRestart = 100;

}  // namespace

int ReorderWindow::distance(const Slot& slot) const {
  return static_cast<int16_t>(slot.item.header.sequence - expected_);
}

ReorderWindow::Slot* ReorderWindow::oldest() {
  Slot* found = nullptr;
  for (Slot& slot : slots_)
    if (slot.full && (found == nullptr || distance(slot) < distance(*found))) found = &slot;
  return found;
}

bool ReorderWindow::insert(const RtpPacket& packet, MonoTime now) {
  const uint16_t sequence = packet.header.sequence;
  const int delta = started_ ? static_cast<int16_t>(sequence - expected_) : 0;
  if (delta > kRestart || delta < -kRestart) reset();
  if (!started_) {
    started_ = true;
    expected_ = sequence;
  } else if (delta < 0) {
    return false;
  }
  Slot* room = nullptr;
  for (Slot& slot : slots_) {
    if (!slot.full)
      room = &slot;
    else if (slot.item.header.sequence == sequence)
      return false;
  }
  if (room == nullptr || packet.payload.size() > room->item.data.size()) return false;
  room->full = true;
  room->arrived = now;
  room->item.header = packet.header;
  room->item.octets = packet.payload.size();
  std::copy(packet.payload.begin(), packet.payload.end(), room->item.data.begin());
  return true;
}

const ReorderWindow::Item* ReorderWindow::next(MonoTime now) {
  Slot* slot = oldest();
  if (slot == nullptr) return nullptr;
  const bool crowded = std::ranges::all_of(slots_, [](const Slot& s) { return s.full; });
  const int missing = distance(*slot);
  if (missing > 0 && !crowded && now < slot->arrived + kLongestWait) return nullptr;
  slot->full = false;
  slot->item.missing = static_cast<uint16_t>(missing);
  expected_ = static_cast<uint16_t>(slot->item.header.sequence + 1);
  return &slot->item;
}

MonoTime ReorderWindow::due() const {
  MonoTime earliest = MonoTime::max();
  for (const Slot& slot : slots_)
    if (slot.full) earliest = std::min(earliest, slot.arrived + kLongestWait);
  return earliest;
}

void ReorderWindow::reset() {
  started_ = false;
  for (Slot& slot : slots_) slot.full = false;
}

}  // namespace genesys::media
