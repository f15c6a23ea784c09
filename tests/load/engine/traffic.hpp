// N calls through a MediaEngine: browsers in memory, far ends behind one real UDP socket. One
// thread sends what is due every millisecond, one takes in what the far ends get; their cost is not
// the engine's.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "engine/delays.hpp"
#include "engine/frames.hpp"
#include "media/media_engine.hpp"
#include "util/clock.hpp"
#include "util/socket_address.hpp"
#include "util/unique_fd.hpp"

namespace genesys::load {

class Traffic {
 public:
  /// Opens and joins the calls; throws std::runtime_error with the reason if the engine refuses.
  Traffic(media::MediaEngine& engine, unsigned workers, unsigned calls, const Frames& browser,
          const Frames& farEnd);
  ~Traffic();

  /// From now on packets count in what follows.
  void measure() { measuring_ = true; }
  /// Ends the sending.
  void stop();

  uint64_t sentByFarEnds() const { return sentByFarEnds_; }
  uint64_t sentByBrowsers() const { return sentByBrowsers_; }
  uint64_t gotByFarEnds() const { return gotByFarEnds_; }
  uint64_t gotByBrowsers() const;
  /// Packet in to packet out, after stop(): far end to browser.
  Delays towardsBrowsers() const;
  /// Browser to far end: since the last packet of that browser, so that over 20 ms do not show.
  const Delays& towardsFarEnds() const { return towardsFarEnds_; }

 private:
  class Browser;
  struct Call {
    std::shared_ptr<Browser> sink;
    std::shared_ptr<media::BrowserLeg> browser;
    std::shared_ptr<media::SipLeg> sip;
    SocketAddress port;                     ///< of the SIP leg
    std::atomic<int64_t> browserSentAt{0};  ///< ns, real time
    size_t frame = 0;
    uint16_t sequence = 0;
  };

  void send();
  void sendFrame(Call& call);
  void receive();

  const Frames& browserFrames_;
  const Frames& farEndFrames_;
  UniqueFd socket_;
  SocketAddress address_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> byPort_ = std::vector<Call*>(65536);
  std::atomic<bool> measuring_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> sentByFarEnds_{0}, sentByBrowsers_{0}, gotByFarEnds_{0};
  Delays towardsFarEnds_;
  std::thread receiver_;
  std::thread sender_;
};

}  // namespace genesys::load
