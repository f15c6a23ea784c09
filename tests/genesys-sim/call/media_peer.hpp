// The stand-in's own media peer of a call: an RTP endpoint and what it offers and answers (RFC
// 3264). Main thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/rtp_endpoint.hpp"
#include "media/sdp.hpp"

namespace genesys::sim {

class MediaPeer {
 public:
  struct Settings {
    std::string ip;                                    ///< in c= and o=
    std::vector<const Codec*> codecs{&kPcmu, &kPcma};  ///< in order of preference, not empty
    bool reference = false;  ///< offer the softphone's whole list, of which only G.711 is spoken
    uint64_t sessionId = 0;
    /// Somebody else's RTP, at `ip`: named in SDP in place of our own, which stays silent.
    std::optional<uint16_t> elsewhere{};
  };

  MediaPeer(EventLoop& loop, PortPair ports, Settings settings, uint64_t seed)
      : settings_(std::move(settings)), rtp_(loop, std::move(ports), seed) {}

  /// The whole offer; from the second description on the version in o= counts up. `direction` is
  /// empty (sendrecv, not written), sendonly, recvonly or inactive.
  SessionDescription offer(const std::string& direction = {});
  /// The black hole of SIP Server as an offer: nothing is sent until the next offer or answer.
  SessionDescription blackHoleOffer();
  /// Takes the offer and answers it with one codec and its telephone-event.
  Result<SessionDescription> answer(const SessionDescription& offer);
  /// The answer to our last offer.
  Result<Done> accept(const SessionDescription& answer);
  /// Sends nothing, whatever was negotiated, until resume() or the next offer or answer.
  void pause() { send(false); }
  void resume() { send(negotiatedSend_ && !settings_.elsewhere); }
  void preferCodec(const Codec& codec) { settings_.codecs = {&codec}; }
  /// `play` as in POST /calls, and what it stands for (nullptr: no RTP).
  void play(const std::string& play, std::unique_ptr<AudioSource> source) {
    playing_ = play;
    rtp_.play(std::move(source));
  }
  const std::string& playing() const { return playing_; }
  /// The body of an ACK when there is no answer to give.
  SessionDescription blackHoleAnswer() const { return blackHole(settings_.sessionId); }

  RtpEndpoint& rtp() { return rtp_; }
  const RtpEndpoint& rtp() const { return rtp_; }

 private:
  SessionDescription describe(std::vector<PayloadFormat> formats, const std::string& direction);
  void send(bool on);
  Result<const PayloadFormat*> apply(const SessionDescription& remote);

  Settings settings_;
  RtpEndpoint rtp_;
  uint64_t version_ = 0;
  bool negotiatedSend_ = false;
  std::string direction_;
  std::string playing_;
};

}  // namespace genesys::sim
