#include "sdp/parse_media.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sdp/scan.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

constexpr uint8_t kMaxPayloadType = 127;  // seven bits, RFC 3550 section 5.1
constexpr uint16_t kMaxPacketTimeMs = 1000;
constexpr size_t kMaxCryptoLines = 16;  // further ones are not read

bool isRtp(std::string_view protocol) {
  return startsWithIgnoreCase(protocol, "RTP/") || protocol.find("/RTP/") != std::string_view::npos;
}

Format* findFormat(Media& media, uint8_t payloadType) {
  const auto found = std::find_if(media.formats.begin(), media.formats.end(),
                                  [&](const Format& f) { return f.payloadType == payloadType; });
  return found == media.formats.end() ? nullptr : &*found;
}

Problem readRtpmap(Media& media, std::string_view value) {
  const auto payloadType = number(nextWord(value), kMaxPayloadType);
  const std::string_view mapping = nextWord(value);
  const auto [encoding, rates] = split(mapping, '/');
  const auto [clock, channelText] = split(rates, '/');
  const auto clockRate = number(clock, UINT32_MAX);
  const bool manyChannels = clock.size() != rates.size();
  const auto channels = manyChannels ? number<uint8_t>(channelText, 255) : uint8_t{1};
  if (!payloadType || !isToken(encoding) || !clockRate || *clockRate == 0 || !channels ||
      *channels == 0 || !nextWord(value).empty())
    return "a=rtpmap is not 'payload-type encoding/clock[/channels]'";
  Format* const format = findFormat(media, *payloadType);
  if (!format) return std::nullopt;
  if (!format->encoding.empty() &&
      (!equalsIgnoreCase(format->encoding, encoding) || format->clockRate != *clockRate))
    return fmt::format("payload type {} is mapped twice", *payloadType);
  format->encoding = encoding;
  format->clockRate = *clockRate;
  format->channels = *channels;
  return std::nullopt;
}

Problem readFmtp(Media& media, std::string_view value) {
  const auto payloadType = number(nextWord(value), kMaxPayloadType);
  if (!payloadType || trim(value).empty()) return "a=fmtp is not 'payload-type parameters'";
  Format* const format = findFormat(media, *payloadType);
  if (format && format->parameters.empty()) format->parameters = trim(value);
  return std::nullopt;
}

/// A whole number of milliseconds, or a real one, which is cut (RFC 8866 section 6.4).
Problem readPacketTime(std::optional<uint16_t>& out, std::string_view value) {
  const auto [whole, fraction] = split(trim(value), '.');
  const auto ms = number(whole, kMaxPacketTimeMs);
  const bool digitsOnly = fraction.find_first_not_of("0123456789") == std::string_view::npos;
  if (!ms || *ms == 0 || !digitsOnly)
    return fmt::format("packet time is not a number of 1 to {} ms", kMaxPacketTimeMs);
  out = *ms;
  return std::nullopt;
}

Problem readRtcp(Media& media, std::string_view value) {
  const auto port = number<uint16_t>(nextWord(value), UINT16_MAX);
  std::string ignored;
  if (!port) return "a=rtcp has no port";
  media.rtcpPort = *port;
  return trim(value).empty() ? std::nullopt : readAddress(value, false, ignored);
}

/// A line that cannot be used, and a tag that is taken, say nothing against the rest.
void readCrypto(Media& media, std::string_view value) {
  if (media.crypto.size() + media.unusedCrypto.size() >= kMaxCryptoLines) return;
  auto crypto = parseCrypto(value);
  const bool taken =
      crypto && std::any_of(media.crypto.begin(), media.crypto.end(),
                            [&](const Crypto& other) { return other.tag == crypto->tag; });
  if (!crypto)
    media.unusedCrypto.push_back(crypto.error());
  else if (taken)
    media.unusedCrypto.push_back(fmt::format("a=crypto:{}: a second one", crypto->tag));
  else
    media.crypto.push_back(std::move(crypto).value());
}

}  // namespace

Problem readAddress(std::string_view rest, bool mustBeLiteral, std::string& address) {
  const std::string_view network = nextWord(rest);
  const std::string_view type = nextWord(rest);
  const std::string_view host = nextWord(rest);
  const bool version6 = equalsIgnoreCase(type, "IP6");
  if (!equalsIgnoreCase(network, "IN") || (!version6 && !equalsIgnoreCase(type, "IP4")))
    return "network or address type is neither IN IP4 nor IN IP6";
  if (host.empty() || !nextWord(rest).empty()) return "not exactly one address";
  if (mustBeLiteral && !isUnicastLiteral(host, version6))
    return "connection address is not a unicast IP literal";
  address = host;
  return std::nullopt;
}

Problem readFormats(Media& media) {
  std::string_view rest = media.rawFormats;
  if (rest.empty()) return "m= names no format";
  if (!isRtp(media.protocol)) return std::nullopt;
  for (std::string_view word = nextWord(rest); !word.empty(); word = nextWord(rest)) {
    const auto payloadType = number(word, kMaxPayloadType);
    if (!payloadType) return "m= names a payload type that is not 0 to 127";
    if (!findFormat(media, *payloadType)) media.formats.emplace_back().payloadType = *payloadType;
  }
  return std::nullopt;
}

Problem readMediaAttribute(Media& media, std::string_view name, std::string_view value) {
  const bool rtp = isRtp(media.protocol);
  if (rtp && name == "rtpmap") return readRtpmap(media, value);
  if (rtp && name == "fmtp") return readFmtp(media, value);
  if (rtp && name == "ptime") return readPacketTime(media.ptimeMs, value);
  if (rtp && name == "maxptime") return readPacketTime(media.maxPtimeMs, value);
  if (rtp && name == "rtcp") return readRtcp(media, value);
  if (rtp && name == "crypto") readCrypto(media, value);
  if (name == "rtcp-mux") media.rtcpMux = true;
  if (name == "rtcp-xr") media.voipMetrics = value.find("voip-metrics") != std::string_view::npos;
  if (name == "mid") {
    if (!isToken(trim(value))) return "a=mid is not a token";
    media.mid = trim(value);
  }
  return std::nullopt;
}

}  // namespace genesys::sdp
