// Writes the SIP messages of chosen DNs into the log, for a while. SIP loop.
#pragma once

#include <string>
#include <utility>
#include <vector>

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
  void close();

 private:
  void received(const sip::WireMessage& message);
  void update();

  Gateway& gateway_;
  sip::DnTrace trace_;
  bool tapped_ = false;
  Timer timer_;  ///< the next trace is over
};

}  // namespace genesys::plugin
