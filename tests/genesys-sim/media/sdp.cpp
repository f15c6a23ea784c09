#include "media/sdp.hpp"

#include <fmt/format.h>

#include <charconv>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxSdp = 16384;

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!(text = trim(text)).empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

template <class Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// RFC 3551 table 4, what may come without an rtpmap.
std::string staticEncoding(int payloadType) {
  switch (payloadType) {
    case 0:
      return "PCMU/8000";
    case 8:
      return "PCMA/8000";
    case 9:
      return "G722/8000";
    case 13:
      return "CN/8000";
    case 18:
      return "G729/8000";
    default:
      return {};
  }
}

PayloadFormat* formatOf(SessionDescription& sdp, std::string_view payloadType) {
  for (PayloadFormat& format : sdp.formats)
    if (format.payloadType == number<int>(payloadType)) return &format;
  return nullptr;
}

void readOrigin(SessionDescription& sdp, std::string_view value) {
  const auto parts = words(value);
  if (parts.size() < 6) return;
  sdp.user = parts[0];
  sdp.sessionId = number<uint64_t>(parts[1]);
  sdp.version = number<uint64_t>(parts[2]);
  sdp.originIp = parts[5];
}

void readMedia(SessionDescription& sdp, std::string_view value) {
  const auto parts = words(value);
  if (parts.size() < 4) return;
  sdp.port = number<uint16_t>(parts[1]);
  for (size_t i = 3; i < parts.size(); ++i) {
    const int payloadType = number<int>(parts[i]);
    sdp.formats.push_back({payloadType, staticEncoding(payloadType), {}});
  }
}

void readAttribute(SessionDescription& sdp, std::string_view value) {
  const size_t colon = value.find(':');
  const std::string_view name = value.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? "" : value.substr(colon + 1);
  if (name == "sendrecv" || name == "sendonly" || name == "recvonly" || name == "inactive")
    sdp.direction = name;
  if (name == "ptime") sdp.ptime = number<int>(rest);
  const size_t space = rest.find(' ');
  if (space == std::string_view::npos) return;
  PayloadFormat* format = formatOf(sdp, rest.substr(0, space));
  if (format && name == "rtpmap") format->encoding = trim(rest.substr(space + 1));
  if (format && name == "fmtp") format->fmtp = trim(rest.substr(space + 1));
}

}  // namespace

const PayloadFormat* SessionDescription::telephoneEvent() const {
  for (const PayloadFormat& format : formats)
    if (equalsIgnoreCase(format.name(), "telephone-event")) return &format;
  return nullptr;
}

Result<SessionDescription> parseSdp(std::string_view text) {
  if (text.size() > kMaxSdp) return Failure{std::string("SDP over 16 KiB")};
  SessionDescription sdp;
  bool audio = false;  // the first m=audio was seen
  bool other = false;  // inside another media line
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view content = text.substr(at, end - at);
    at = end + 1;
    if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
    if (content.size() < 2 || content[1] != '=') continue;
    const std::string_view value = content.substr(2);
    if (content[0] == 'm') {
      other = audio || !startsWithIgnoreCase(value, "audio ");
      if (!other) readMedia(sdp, value);
      audio = audio || !other;
    }
    if (other) continue;
    if (content[0] == 'o') readOrigin(sdp, value);
    if (content[0] == 's') sdp.name = value;
    if (content[0] == 'c' && startsWithIgnoreCase(value, "IN IP4 ")) sdp.ip = trim(value.substr(7));
    if (content[0] == 'a') readAttribute(sdp, value);
  }
  if (!audio) return Failure{std::string("SDP without an audio line")};
  if (sdp.ip.empty()) return Failure{std::string("SDP without c=IN IP4")};
  return sdp;
}

std::string writeSdp(const SessionDescription& sdp) {
  std::string out = fmt::format(
      "v=0\r\no={} {} {} IN IP4 {}\r\ns={}\r\nc=IN IP4 {}\r\nt=0 0\r\nm=audio {} RTP/AVP", sdp.user,
      sdp.sessionId, sdp.version, sdp.originIp.empty() ? sdp.ip : sdp.originIp, sdp.name, sdp.ip,
      sdp.port);
  for (const PayloadFormat& format : sdp.formats) out += fmt::format(" {}", format.payloadType);
  out += "\r\n";
  for (const PayloadFormat& format : sdp.formats) {
    out += fmt::format("a=rtpmap:{} {}\r\n", format.payloadType, format.encoding);
    if (!format.fmtp.empty())
      out += fmt::format("a=fmtp:{} {}\r\n", format.payloadType, format.fmtp);
  }
  if (sdp.ptime > 0) out += fmt::format("a=ptime:{}\r\n", sdp.ptime);
  if (!sdp.direction.empty()) out += fmt::format("a={}\r\n", sdp.direction);
  return out;
}

SessionDescription blackHole(uint64_t sessionId) {
  SessionDescription sdp;
  sdp.sessionId = sessionId;
  sdp.name = "3pcc Make Call";
  sdp.ip = "0.0.0.0";
  sdp.port = 10000;
  sdp.formats = {{101, "telephone-event/8000", {}},
                 {8, "PCMA/8000", {}},
                 {0, "PCMU/8000", {}},
                 {4, "G723/8000", {}},
                 {18, "G729/8000", {}},
                 {3, "GSM/8000", {}}};
  return sdp;
}

std::vector<PayloadFormat> referenceFormats() {
  return {{0, "pcmu/8000", {}},
          {8, "pcma/8000", {}},
          {9, "g722/8000", {}},
          {102, "iLBC/8000", {}},
          {103, "iSAC/16000", {}},
          {104, "iSAC/32000", {}},
          {18, "g729/8000", "annexb=yes"},
          {120, "opus/48000/2", {}},
          {101, "telephone-event/8000", "0-15"}};
}

}  // namespace genesys::sim
