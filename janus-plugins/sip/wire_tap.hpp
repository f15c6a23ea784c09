// The SIP messages as sofia-sip sends and receives them, taken from its message log, which is the
// only place that has all of them: retransmissions, and what it answers by itself. sofia-sip's log
// is one for the process. SIP loop.
#pragma once

#include <cstdarg>
#include <functional>
#include <string>
#include <string_view>

#include "sip/dn_trace.hpp"

namespace genesys::sip {

class WireTap {
 public:
  using OnMessage = std::function<void(const WireMessage&)>;
  /// Takes the log over.
  explicit WireTap(OnMessage onMessage);
  /// Gives it back.
  ~WireTap();
  WireTap(const WireTap&) = delete;
  WireTap& operator=(const WireTap&) = delete;

  /// A piece of the log, as sofia-sip writes it: "recv 300 bytes from udp/[192.0.2.81]:5060 at
  /// 14:00:00.123456:", a rule, the message in pieces of a line or less, and a rule.
  void read(std::string_view piece);

 private:
  static void receive(void* self, const char* format, va_list arguments);
  bool begin(std::string_view piece);

  OnMessage onMessage_;
  bool inside_ = false;
  bool lineStart_ = true;
  WireMessage message_;
};

}  // namespace genesys::sip
