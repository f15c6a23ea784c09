// One call in the gateway, as a media worker runs it, in virtual time: a browser leg and a SIP leg,
// joined. The SIP leg's sockets are real ones on the loopback interface, where a datagram has
// arrived as soon as it is sent; the clock is the caller's.
#pragma once

#include <functional>
#include <memory>

#include "media/browser_session.hpp"
#include "media/sip_session.hpp"
#include "rtp_path.hpp"
#include "util/unique_fd.hpp"

namespace genesys::quality {

class Gateway {
 public:
  /// Where packets of the gateway go, in virtual time.
  struct Output {
    std::function<void(TimedPacket)> toBrowser = [](TimedPacket) {};
    std::function<void(TimedPacket)> toSip = [](TimedPacket) {};
  };
  /// The call stands from `start` on. Throws std::runtime_error if there are no sockets.
  Gateway(const media::Codec& codec, MonoTime start, uint64_t seed, Output output);

  /// Does all that is due until then.
  void passTime(MonoTime until);
  /// A packet that comes at packet.at, which is not earlier than the time passed.
  void fromBrowser(const TimedPacket& packet);
  void fromSip(const TimedPacket& packet);
  /// A receiver report of the browser says so (RFC 3550 section 6.4.1).
  void browserReports(uint8_t fractionLost) { browser_->sender().reported(fractionLost, now_); }

  const media::LegGauge& browserGauge() const { return browser_->gauge(); }
  const media::LegGauge& sipGauge() const { return sip_->gauge(); }

 private:
  void collect();

  MonoTime now_;
  Output output_;
  Random random_;
  UniqueFd peer_;  ///< the far end's socket
  media::DatagramBatch datagrams_;
  SocketAddress sipAddress_;  ///< of the SIP leg
  std::shared_ptr<media::BrowserSession> browser_;
  std::shared_ptr<media::SipSession> sip_;
};

}  // namespace genesys::quality
