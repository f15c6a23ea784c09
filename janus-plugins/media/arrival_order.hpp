// Puts a far end's packets back in order while its network disorders them, and lets them through as
// they come while it does not: a window that always stands would delay whatever follows a lost
// packet. Lives on its leg's worker; time is a parameter.
#pragma once

#include <memory>

#include "media/reorder_window.hpp"

namespace genesys::media {

class ArrivalOrder {
 public:
  /// After a packet that came behind a later one, the window stands for so long.
  static constexpr Seconds kStands{10};

  /// Takes note of a packet. True: it is to be used now, as it is. False: it waits in the window,
  /// or has been there; call next() until nullptr.
  bool arrived(const RtpPacket& packet, MonoTime now);
  /// The next packet of the window, if it need not wait any longer; valid until the next arrived().
  const ReorderWindow::Item* next(MonoTime now) { return window_ ? window_->next(now) : nullptr; }
  /// When next() has something to give without an arrived(); MonoTime::max() if never.
  MonoTime due() const { return window_ ? window_->due() : MonoTime::max(); }

 private:
  /// Whether the packet is behind a later one of its stream and no duplicate.
  bool overtaken(const RtpHeader& header);
  void follow(const RtpHeader& header);

  bool started_ = false;
  uint32_t ssrc_ = 0;
  uint16_t newest_ = 0;  ///< sequence number
  uint64_t seen_ = 0;    ///< bit n: newest_ - n has come
  MonoTime standsUntil_ = MonoTime::min();
  std::unique_ptr<ReorderWindow> window_;  ///< none until it is needed
};

}  // namespace genesys::media
