// What Janus 1.1.2 does to our text, and what follows for it: it writes ICE, DTLS, BUNDLE, mid and
// rtcp-mux itself (so none of them is written here, mid least of all: it would stand there twice),
// makes up o= when its numbers are 0, cuts lines at 511 octets, and gives the *first* m= line port
// 9 even if it is refused, since BUNDLE's transport hangs on it. A refused first line is therefore
// written so that it is good as an inactive one, with a format that is mapped.
#include "sdp/browser_description.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sdp/direction.hpp"
#include "sdp/formats.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

constexpr std::string_view kProtocol = "UDP/TLS/RTP/SAVPF";  // RFC 8829 section 5.1.2
constexpr uint16_t kDiscardPort = 9;                         // real ports are ICE's
constexpr uint16_t kPacketTimeMs = 20;
constexpr uint8_t kFirstDynamic = 96;

const Format* findOpus(const Media& line) {
  if (line.kind != "audio" || line.port == 0) return nullptr;
  for (const Format& format : line.formats)
    if (codecOf(format) == &media::opus() && format.payloadType >= kFirstDynamic) return &format;
  return nullptr;
}

/// RFC 7587 section 6.1: what we like to receive, and what we will send (sprop).
std::string opusParameters(const OpusHints& hints) {
  return fmt::format(
      "maxplaybackrate={};sprop-maxcapturerate={};maxaveragebitrate={};stereo=0;useinbandfec={};"
      "usedtx={}",
      hints.maxPlaybackRate, hints.maxPlaybackRate, hints.maxAverageBitrate,
      hints.inbandFec ? 1 : 0, hints.dtx ? 1 : 0);
}

SessionDescription describe(uint64_t sessionId, uint64_t version) {
  SessionDescription description;
  description.sessionId = sessionId;
  description.version = version;
  description.originAddress = "127.0.0.1";  // RFC 8829 section 5.2.1
  return description;
}

Media opusLine(const OpusHints& hints, std::string_view protocol, uint8_t payloadType,
               Direction direction) {
  Media line;
  line.kind = "audio";
  line.port = kDiscardPort;
  line.protocol = protocol;
  line.formats.push_back(makeFormat(media::opus(), payloadType));
  line.formats.back().parameters = opusParameters(hints);
  line.ptimeMs = kPacketTimeMs;
  line.direction = direction;
  return line;
}

/// Refused, and still good if Janus revives it.
Media refusedForJanus(const Media& offered) {
  Media line = refused(offered);
  line.mid.clear();
  line.direction = Direction::Inactive;
  for (const Format& format : offered.formats) {
    if (format.encoding.empty()) continue;
    line.formats.push_back(format);
    break;
  }
  return line;
}

}  // namespace

OpusHints hintsFor(std::span<const media::Codec* const> codecs) {
  const bool wide = std::any_of(codecs.begin(), codecs.end(), [](const media::Codec* codec) {
    return codec->sampleRate > OpusHints{}.maxPlaybackRate;
  });
  return wide ? OpusHints{.maxPlaybackRate = 16000, .maxAverageBitrate = 32000} : OpusHints{};
}

Result<BrowserAnswered, Disagreement> answerBrowser(const SessionDescription& offer,
                                                    const OpusHints& hints) {
  BrowserAnswered result{.answer = describe(0, 0)};
  for (const Media& offered : offer.media) {
    const Format* const opus = result.opusPayloadType == 0 ? findOpus(offered) : nullptr;
    if (!opus) {
      result.answer.media.push_back(refusedForJanus(offered));
      continue;
    }
    result.opusPayloadType = opus->payloadType;
    result.ptimeMs = packetTimeFor(offered, kPacketTimeMs, media::opus().longestPtimeMs);
    result.answer.media.push_back(
        opusLine(hints, offered.protocol, opus->payloadType,
                 mirrored(offer.directionOf(offered), Direction::SendRecv)));
  }
  if (result.opusPayloadType == 0)
    return Failure{Disagreement{"the browser's offer has no audio line with opus/48000/2"}};
  return result;
}

SessionDescription offerToBrowser(const OpusHints& hints, uint64_t sessionId, uint64_t version) {
  SessionDescription offer = describe(sessionId, version);
  offer.media.push_back(opusLine(hints, kProtocol, media::opus().payloadType, Direction::SendRecv));
  return offer;
}

Result<BrowserOpus, Disagreement> acceptBrowserAnswer(const SessionDescription& answer) {
  for (const Media& line : answer.media)
    if (const Format* opus = findOpus(line))
      return BrowserOpus{opus->payloadType,
                         packetTimeFor(line, kPacketTimeMs, media::opus().longestPtimeMs)};
  return Failure{Disagreement{"the browser's answer refuses the audio line or its Opus"}};
}

}  // namespace genesys::sdp
