// The agent's PeerConnection as the plugin negotiates it: Opus only, offered by either side, and
// the browser leg that carries its audio. It belongs to a Session; SIP loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/request.hpp"
#include "media/media_engine.hpp"
#include "plugin/handle_port.hpp"
#include "sdp/browser_description.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

/// What a PeerConnection has to know of the DN whose calls it carries.
struct BrowserAudio {
  unsigned worker = 0;     ///< media worker
  sdp::OpusHints hints{};  ///< what the DN's far ends can use
};

class PeerConnection {
 public:
  enum class Phase {
    None,
    Negotiating,  ///< descriptions exchanged, or our offer waits; ICE and DTLS under way
    Up,
    Closing,  ///< we asked Janus to close it and it has not said that it did
  };

  /// Told what the audio of a PeerConnection came to when it ends.
  using OnAudioEnded = std::function<void(const media::LegCounters&)>;

  /// `engine` outlives it.
  PeerConnection(media::MediaEngine& engine, std::shared_ptr<HandlePort> port,
                 OnAudioEnded onAudioEnded)
      : engine_(engine), port_(std::move(port)), onAudioEnded_(std::move(onAudioEnded)) {}
  ~PeerConnection() { down(); }

  /// The browser's offer: a new PeerConnection, or an ICE restart of the standing one, which keeps
  /// its audio. Returns our answer.
  Result<api::Jsep, api::ApiError> takeOffer(const api::Jsep& offer, const BrowserAudio& audio);
  /// Our own offer for a PeerConnection of one call.
  api::Jsep makeOffer(const BrowserAudio& audio);
  /// The browser's answer to it.
  Result<Done, api::ApiError> takeAnswer(const api::Jsep& answer);

  void up();    ///< ICE and DTLS are done (Janus's setup_media)
  void down();  ///< gone, by whichever side
  /// Janus was asked to close it: its audio ends now.
  void closing() {
    down();
    phase_ = Phase::Closing;
  }

  Phase phase() const { return phase_; }
  /// The audio, once the PeerConnection is up; nullptr before and after.
  std::shared_ptr<media::BrowserLeg> audio() const { return phase_ == Phase::Up ? leg_ : nullptr; }
  /// The audio in any phase, for its counters.
  const std::shared_ptr<media::BrowserLeg>& leg() const { return leg_; }

 private:
  void open(unsigned worker);

  media::MediaEngine& engine_;
  std::shared_ptr<HandlePort> port_;
  OnAudioEnded onAudioEnded_;
  std::shared_ptr<media::BrowserLeg> leg_;
  Phase phase_ = Phase::None;
  uint64_t offers_ = 0;
};

}  // namespace genesys::plugin
