// What happens in the gateway, counted for Prometheus (docs/operations.md). No figure has a label
// per DN or per caller. SIP loop.
#pragma once

#include <string>
#include <vector>

#include "api/error.hpp"
#include "observe/metrics.hpp"
#include "plugin/call_record.hpp"

namespace genesys::plugin {

class Gateway;

class Measures {
 public:
  Measures();

  void callEnded(const CallRecord& record);
  /// Whose audio: that of a call at SIP Server's side, or that of a PeerConnection.
  enum class Leg { Sip, Browser };
  void audioEnded(Leg leg, const media::LegCounters& audio);
  /// `status` 0: silence.
  void registerWent(unsigned site, int status);
  /// A request of a page.
  void requestRefused(api::ErrorCode code);

  std::string text(const std::vector<observe::Reading>& readings) const {
    return metrics_.text(readings);
  }

 private:
  void streamEnded(const char* leg, const char* way, const media::StreamCounters& stream);

  observe::Metrics metrics_;
  observe::Counters& calls_;
  observe::Counters& registers_;
  observe::Counters& refused_;
  observe::Counters& packets_;
  observe::Counters& lost_;
  observe::Counters& discarded_;
  observe::Histograms& setup_;
  observe::Histograms& answer_;
  observe::Histograms& duration_;
  observe::Histograms& mos_;
  observe::Histograms& loss_;
  observe::Histograms& jitter_;
};

/// What the gateway is like at this moment. `loopDelay`: how long the question waited for the SIP
/// loop.
std::vector<observe::Reading> readingsOf(Gateway& gateway, std::chrono::nanoseconds loopDelay);

}  // namespace genesys::plugin
