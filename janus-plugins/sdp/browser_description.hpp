// Offer/answer towards the browser (JSEP, RFC 8829) as a Janus plugin sees it: Janus adds and
// strips ICE, DTLS, mid and rtcp-mux lines; the plugin says only audio, Opus and direction.
#pragma once

#include <span>

#include "sdp/offer_answer.hpp"

namespace genesys::sdp {

/// What the far leg can use, told to the browser in a=fmtp (RFC 7587 section 6.1) so that it does
/// not send what would be thrown away.
struct OpusHints {
  uint32_t maxPlaybackRate = 8000;     ///< Hz
  uint32_t maxAverageBitrate = 24000;  ///< bit/s
  bool inbandFec = true;
  bool dtx = false;
};

/// A wide band if any of the codecs has one, else what a telephone needs (RFC 7587 section 3.1.1).
OpusHints hintsFor(std::span<const media::Codec* const> codecs);

struct BrowserAnswered {
  SessionDescription answer;
  uint8_t opusPayloadType = 0;
  uint16_t ptimeMs = 20;  ///< what we send
};

/// What the browser's answer to our offer says.
struct BrowserOpus {
  uint8_t payloadType = 0;
  uint16_t ptimeMs = 20;  ///< what we send
};

/// Answers a browser's offer: the first audio line with opus/48000/2 is taken, every video, data
/// and further audio line is refused with port 0 in place (RFC 8829 section 5.3.1).
Result<BrowserAnswered, Disagreement> answerBrowser(const SessionDescription& offer,
                                                    const OpusHints& hints);

/// Our own offer, for the PeerConnection that the plugin opens in `incomingcall`; Opus is 111.
SessionDescription offerToBrowser(const OpusHints& hints, uint64_t sessionId, uint64_t version);

Result<BrowserOpus, Disagreement> acceptBrowserAnswer(const SessionDescription& answer);

}  // namespace genesys::sdp
