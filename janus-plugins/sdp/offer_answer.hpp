// Offer/answer for one audio stream (RFC 3264): pure functions from descriptions to descriptions
// and to what the media leg must do. The SIP side and the browser side have each their own pair.
#pragma once

#include "media/codec.hpp"
#include "sdp/session_description.hpp"
#include "sdp/srtp_agreement.hpp"

namespace genesys::sdp {

/// What we are on the SIP side of one call.
struct LocalAudio {
  std::string address;                      ///< IP literal for o= and c=
  uint16_t port = 0;                        ///< RTP, even
  std::vector<const media::Codec*> codecs;  ///< allowed, in our order of preference; never empty
  /// The first telephone-event of our own offers, one for each RTP clock of the codecs (RFC 4733
  /// section 2.1); none: our descriptions name no telephone-event at all
  std::optional<uint8_t> digitsPayloadType = 101;
  uint16_t ptimeMs = 20;
  Direction direction = Direction::SendRecv;
  LocalSrtp srtp{};        ///< off unless set
  uint64_t sessionId = 0;  ///< o=, constant in a dialog
  uint64_t version = 0;    ///< o=, one more with each description that differs (RFC 3264 section 8)
};

struct PayloadCodec {
  uint8_t payloadType = 0;
  const media::Codec* codec = nullptr;
};

/// What both sides agreed on, seen from us.
struct Agreed {
  PayloadCodec send;
  std::vector<PayloadCodec> receive;
  std::optional<uint8_t> sendDigitsAs;  ///< telephone-event payload type (RFC 4733)
  std::optional<uint8_t> receiveDigitsAs;
  uint32_t sendDigitsClock = 8000;  ///< Hz, of the durations of telephone-event
  uint32_t receiveDigitsClock = 8000;
  std::string remoteAddress;  ///< empty for 0.0.0.0 / :: ("black hole", hold)
  uint16_t remotePort = 0;    ///< 0 = the stream was refused
  uint16_t remoteRtcpPort = 0;
  Direction direction = Direction::SendRecv;  ///< seen from us
  uint16_t ptimeMs = 20;                      ///< what we send
  std::optional<media::SrtpKeys> srtp;        ///< none: plain RTP
  bool rtcpMux = false;                       ///< RTCP over the RTP port (RFC 5761)
  bool voipMetrics = false;                   ///< the far end asks for RTCP XR of them
};

/// Why no audio could be agreed; becomes 488 on SIP and an error event for the page.
struct Disagreement {
  std::string reason;
};

struct Answered {
  SessionDescription answer;
  Agreed agreed;
};

/// A full offer: every codec of `local`, then telephone-event 0-15; a=crypto as its policy says.
SessionDescription makeOffer(const LocalAudio& local);

/// Answers the far end's offer: its first usable audio line, the first codec that both know in the
/// far end's order, telephone-event, encryption, rtcp-mux and
/// the XR metrics of VoIP if offered; every other m= line is refused with
/// port 0. The
/// direction mirrors the offer's (section 6.1): `local.direction` SendRecv gives recvonly to a
/// sendonly offer, and so on. 0.0.0.0 counts as hold (section 8.4) but is answered with sendrecv's
/// mirror of the written direction.
Result<Answered, Disagreement> makeAnswer(const SessionDescription& offer, const LocalAudio& local);

/// What the far end's answer to our `offer` means. Tolerates Genesys' answers: telephone-event
/// first and without a=fmtp, c=0.0.0.0, more codecs than one, an echo of our own offer.
Result<Agreed, Disagreement> acceptAnswer(const SessionDescription& offer,
                                          const SessionDescription& answer);

}  // namespace genesys::sdp
