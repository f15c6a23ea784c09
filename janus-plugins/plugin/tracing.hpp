// Who reads the SIP messages of the wire: the log, those of chosen DNs for a while; and a capture
// server, all of them. SIP loop.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/capture.hpp"
#include "sip/dn_trace.hpp"
#include "util/scheduler.hpp"

namespace genesys::plugin {

class Gateway;

class Tracing {
 public:
  /// `gateway` outlives it.
  explicit Tracing(Gateway& gateway) : gateway_(gateway) {}

  /// For so long, from now on, whether it was on or not; false if too many are traced already.
  bool start(const std::string& dn, Seconds length);
  void stop(const std::string& dn);
  /// DNs that are traced, and for how long yet.
  std::vector<std::pair<std::string, Seconds>> list();
  /// From now on; the stack is open.
  void capture(std::unique_ptr<Capture> capture);
  void close();

 private:
  void received(const sip::WireMessage& message);
  void update();

  Gateway& gateway_;
  sip::DnTrace trace_;
  std::unique_ptr<Capture> capture_;  ///< none: no server is configured
  bool tapped_ = false;
  Timer timer_;  ///< the next trace is over
};

}  // namespace genesys::plugin
