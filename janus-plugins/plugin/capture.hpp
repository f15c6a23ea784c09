// Hands the SIP messages of the wire to a capture server. SIP loop.
#pragma once

#include <chrono>
#include <memory>

#include "observe/hep.hpp"
#include "settings/config.hpp"
#include "sip/dn_trace.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

class Capture {
 public:
  /// To `config.hep`; fails with the reason if it cannot be reached by any route.
  static Result<std::unique_ptr<Capture>> open(const settings::Config& config);
  /// Without what authenticates or encrypts; `at`: when it was sent or received.
  void send(const sip::WireMessage& message, std::chrono::system_clock::time_point at);

 private:
  Capture(observe::HepSender sender, observe::HepMessage::Side local)
      : sender_(std::move(sender)), local_(std::move(local)) {}

  observe::HepSender sender_;
  const observe::HepMessage::Side local_;
};

}  // namespace genesys::plugin
