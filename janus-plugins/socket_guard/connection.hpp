// One WebSocket from its browser (by way of nginx) to Janus: octets go through as they are, and
// both directions stop while the other side takes nothing. Lives on the listener's thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "socket_guard/allowance.hpp"
#include "socket_guard/frame_meter.hpp"
#include "socket_guard/limits.hpp"
#include "util/unique_fd.hpp"

namespace genesys::socket_guard {

/// Why a connection is over; "" when both sides have closed it in peace.
using End = std::optional<std::string_view>;

class Connection {
 public:
  /// Both sockets do not block; the one to Janus may still be connecting.
  Connection(UniqueFd browser, UniqueFd janus, const Limits& limits, MonoTime now);

  /// Reads and writes what can be read and written now, 16 KiB a direction at most.
  End work(MonoTime now);
  /// Whether something takes longer than it may.
  End overdue(MonoTime now) const;

  /// EPOLLIN and EPOLLOUT as each socket needs them now.
  uint32_t browserInterest(MonoTime now) const;
  uint32_t janusInterest() const;
  /// It has sent more than it may, and is not listened to for a while.
  bool paused(MonoTime now) const { return allowance_.free() > now; }

  int browser() const { return browser_.get(); }
  int janus() const { return janus_.get(); }

 private:
  /// What one side has sent and the other has not taken.
  struct Direction {
    std::vector<uint8_t> waiting;
    bool ended = false;   // the sender sends no more
    bool closed = false;  // and the taker knows
  };

  End fromBrowser(MonoTime now);
  End fromJanus();
  End inspect(std::span<const uint8_t> octets, MonoTime now);
  /// The octets behind the HTTP head, if it ends in these.
  std::span<const uint8_t> afterHead(std::span<const uint8_t> octets);
  void note(MonoTime now);

  UniqueFd browser_;
  UniqueFd janus_;
  const Limits& limits_;
  FrameMeter meter_;
  Allowance allowance_;
  Direction toJanus_;
  Direction toBrowser_;
  MonoTime opened_;
  bool answered_ = false;  // Janus has sent something
  size_t headOctets_ = 0;
  unsigned headEnd_ = 0;   // of the four octets that end the HTTP head, those that were there
  uint64_t messages_ = 0;  // of meter_, when messageSince_ was set
  std::optional<MonoTime> messageSince_;
  std::optional<MonoTime> backlogSince_;
  std::optional<MonoTime> endingSince_;
};

}  // namespace genesys::socket_guard
