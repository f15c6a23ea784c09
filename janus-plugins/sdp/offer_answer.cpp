#include "sdp/offer_answer.hpp"

#include <algorithm>

#include "sdp/direction.hpp"
#include "sdp/formats.hpp"

namespace genesys::sdp {
namespace {

constexpr std::string_view kDigitEvents = "0-15";  // RFC 4733 section 3.2: 0-9 * # A-D

/// A format and the codec it means.
struct Choice {
  const Format* format = nullptr;
  const media::Codec* codec = nullptr;
};

bool allows(const LocalAudio& local, const media::Codec* codec) {
  return std::find(local.codecs.begin(), local.codecs.end(), codec) != local.codecs.end();
}

bool isRtp(const Media& line) {
  return isPlainRtp(line) || isSecureRtp(line);
}

bool isLiveAudio(const SessionDescription& offer, const Media& line) {
  return line.kind == "audio" && line.port != 0 && isRtp(line) && !offer.addressOf(line).empty();
}

bool isBlackHole(const SessionDescription& description, const Media& line) {
  const std::string address = description.addressOf(line);
  return address == "0.0.0.0" || address == "::";
}

/// The first format of `line`, in its writer's order, whose codec we allow.
Choice firstCommon(const Media& line, const LocalAudio& local) {
  for (const Format& format : line.formats)
    if (const media::Codec* codec = codecOf(format); codec && allows(local, codec))
      return {&format, codec};
  return {};
}

Format digitsFormat(uint8_t payloadType, uint32_t clockRate) {
  return {.payloadType = payloadType,
          .encoding = "telephone-event",
          .clockRate = clockRate,
          .channels = 1,
          .parameters = std::string(kDigitEvents)};
}

/// The telephone-event of `line` that runs on `clockRate` (RFC 4733 section 2.1 wants that of the
/// audio), else any other.
const Format* findDigits(const Media& line, uint32_t clockRate, uint8_t usualPayloadType) {
  const Format* other = nullptr;
  for (const Format& format : line.formats) {
    if (!isDigits(format, usualPayloadType)) continue;
    if (format.clockRate == clockRate) return &format;
    if (!other) other = &format;
  }
  return other;
}

/// Hz; telephone-event without a=rtpmap runs on the clock of the audio.
uint32_t clockOf(const Format& digits, uint32_t audioClock) {
  return digits.clockRate != 0 ? digits.clockRate : audioClock;
}

/// telephone-event for every RTP clock of the codecs, under numbers that follow each other.
void offerDigits(const LocalAudio& local, Media& line) {
  if (!local.digitsPayloadType) return;
  std::vector<uint32_t> clocks;
  for (const media::Codec* codec : local.codecs)
    if (std::find(clocks.begin(), clocks.end(), codec->rtpClock) == clocks.end())
      clocks.push_back(codec->rtpClock);
  for (size_t i = 0; i < clocks.size(); ++i)
    line.formats.push_back(
        digitsFormat(static_cast<uint8_t>(*local.digitsPayloadType + i), clocks[i]));
}

void setRemote(Agreed& agreed, const SessionDescription& remote, const Media& line) {
  if (!isBlackHole(remote, line)) agreed.remoteAddress = remote.addressOf(line);
  agreed.remotePort = line.port;
  // RFC 3605; else the next port (RFC 3550 section 11). There is none above 65535: 0.
  agreed.remoteRtcpPort = line.rtcpPort.value_or(static_cast<uint16_t>(line.port + 1));
}

SessionDescription describe(const LocalAudio& local) {
  SessionDescription description;
  description.sessionId = local.sessionId;
  description.version = local.version;
  description.originAddress = local.address;
  description.address = local.address;
  return description;
}

Media audioLine(const LocalAudio& local, std::string_view protocol, Direction direction) {
  Media line;
  line.kind = "audio";
  line.port = local.port;
  line.protocol = protocol;
  line.ptimeMs = local.ptimeMs;
  line.direction = direction;
  return line;
}

/// Our line of the answer; what it says goes into `agreed`, too.
Media acceptLine(const SessionDescription& offer, const Media& offered, const Choice& choice,
                 const SrtpChoice& srtp, const LocalAudio& local, Agreed& agreed) {
  agreed.direction = mirrored(offer.directionOf(offered), local.direction);
  agreed.send = {choice.format->payloadType, choice.codec};
  agreed.receive = {agreed.send};
  agreed.ptimeMs = packetTimeFor(offered, local.ptimeMs, choice.codec->longestPtimeMs);
  setRemote(agreed, offer, offered);

  Media line = audioLine(local, offered.protocol, agreed.direction);
  line.mid = offered.mid;
  line.rtcpMux = agreed.rtcpMux = offered.rtcpMux;
  line.voipMetrics = agreed.voipMetrics = offered.voipMetrics;
  agreed.srtp = srtp.keys;
  if (srtp.keys) line.crypto.push_back({srtp.tag, srtp.keys->send});
  line.formats.push_back(makeFormat(*choice.codec, choice.format->payloadType));
  const uint32_t clock = choice.codec->rtpClock;
  const Format* const digits =
      local.digitsPayloadType ? findDigits(offered, clock, *local.digitsPayloadType) : nullptr;
  if (digits) {
    agreed.sendDigitsAs = agreed.receiveDigitsAs = digits->payloadType;
    agreed.sendDigitsClock = agreed.receiveDigitsClock = clockOf(*digits, clock);
    line.formats.push_back(digitsFormat(digits->payloadType, agreed.sendDigitsClock));
  }
  return line;
}

const Media* findOurLine(const SessionDescription& offer) {
  const auto line = std::find_if(offer.media.begin(), offer.media.end(),
                                 [](const Media& m) { return m.kind == "audio"; });
  return line == offer.media.end() ? nullptr : &*line;
}

/// The format of our offer that `answered` chose: by name where it says one, else by number.
Choice offeredAs(const Media& offered, const Format& answered) {
  const media::Codec* const named = answered.encoding.empty() ? nullptr : codecOf(answered);
  for (const Format& format : offered.formats) {
    const media::Codec* const codec = codecOf(format);
    if (!codec) continue;
    const bool same =
        answered.encoding.empty() ? format.payloadType == answered.payloadType : codec == named;
    if (same) return {&format, codec};
  }
  return {};
}

/// Codecs that both lines name. What we send wears the answer's number; what we receive wears our
/// offer's (RFC 3264 section 6.1), or the answer's by mistake.
void matchCodecs(const Media& offered, const Media& answered, Agreed& agreed) {
  for (const Format& format : answered.formats) {
    const Choice choice = offeredAs(offered, format);
    if (!choice.codec) continue;
    if (!agreed.send.codec) agreed.send = {format.payloadType, choice.codec};
    agreed.receive.push_back({choice.format->payloadType, choice.codec});
    if (format.payloadType != choice.format->payloadType)
      agreed.receive.push_back({format.payloadType, choice.codec});
  }
}

void matchDigits(const Media& offered, const Media& answered, Agreed& agreed) {
  const uint32_t clock = agreed.send.codec->rtpClock;
  const Format* ours = findDigits(offered, clock, 0);
  if (!ours) return;
  const Format* const theirs = findDigits(answered, clock, ours->payloadType);
  if (!theirs) return;
  if (theirs->clockRate != 0) ours = findDigits(offered, theirs->clockRate, 0);
  agreed.sendDigitsAs = theirs->payloadType;
  agreed.receiveDigitsAs = ours->payloadType;
  agreed.sendDigitsClock = clockOf(*theirs, clock);
  agreed.receiveDigitsClock = clockOf(*ours, clock);
}

}  // namespace

SessionDescription makeOffer(const LocalAudio& local) {
  SessionDescription offer = describe(local);
  Media line = audioLine(local, "RTP/AVP", local.direction);
  for (const media::Codec* codec : local.codecs)
    line.formats.push_back(makeFormat(*codec, codec->payloadType));
  offerDigits(local, line);
  offerSrtp(local.srtp, line);
  offer.media.push_back(std::move(line));
  return offer;
}

Result<Answered, Disagreement> makeAnswer(const SessionDescription& offer,
                                          const LocalAudio& local) {
  Answered result;
  result.answer = describe(local);
  bool accepted = false;
  std::string reason = "the offer has no audio line that is RTP with a port and an address";
  for (const Media& offered : offer.media) {
    result.answer.media.push_back(refused(offered));
    if (accepted || !isLiveAudio(offer, offered)) continue;
    const Choice choice = firstCommon(offered, local);
    const auto srtp = answerSrtp(offered, local.srtp, isBlackHole(offer, offered));
    accepted = choice.codec && srtp;
    if (accepted)
      result.answer.media.back() =
          acceptLine(offer, offered, choice, srtp.value(), local, result.agreed);
    else
      reason = choice.codec ? "the offer's audio: " + srtp.error()
                            : "the offer names no codec that is configured here";
  }
  if (accepted) return result;
  return Failure{Disagreement{std::move(reason)}};
}

Result<Agreed, Disagreement> acceptAnswer(const SessionDescription& offer,
                                          const SessionDescription& answer) {
  const Media* const offered = findOurLine(offer);
  const Media* const answered = findOurLine(answer);
  if (!offered || !answered) return Failure{Disagreement{"the answer has no audio line"}};
  Agreed agreed;
  if (answered->port == 0) {
    agreed.direction = Direction::Inactive;
    return agreed;
  }
  if (!isRtp(*answered)) return Failure{Disagreement{"the answer is not RTP"}};
  if (answer.addressOf(*answered).empty())
    return Failure{Disagreement{"the answer names no address"}};
  auto srtp = acceptSrtp(*offered, *answered, isBlackHole(answer, *answered));
  if (!srtp) return Failure{Disagreement{"the answer's audio: " + srtp.error()}};
  agreed.srtp = std::move(srtp->keys);
  agreed.voipMetrics = answered->voipMetrics;
  matchCodecs(*offered, *answered, agreed);
  if (!agreed.send.codec)
    return Failure{Disagreement{"the answer names no codec that was offered"}};
  matchDigits(*offered, *answered, agreed);
  agreed.direction = mirrored(answer.directionOf(*answered), offer.directionOf(*offered));
  agreed.ptimeMs = packetTimeFor(*answered, offered->ptimeMs.value_or(agreed.ptimeMs),
                                 agreed.send.codec->longestPtimeMs);
  setRemote(agreed, answer, *answered);
  // Genesys echoes our own offer before a BYE: nobody is there, and we must not talk to ourselves.
  if (answered->port == offered->port && answer.addressOf(*answered) == offer.addressOf(*offered)) {
    agreed.remoteAddress.clear();
    agreed.srtp.reset();
  }
  return agreed;
}

}  // namespace genesys::sdp
