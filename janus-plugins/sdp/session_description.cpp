#include "sdp/session_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sdp/direction.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

/// One line. A control character in a value would start a line of its own: it is taken out.
template <class... Args>
void line(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  std::string text = fmt::format(format, std::forward<Args>(args)...);
  if (hasControls(text)) std::erase_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  out += text;
  out += "\r\n";
}

std::string_view addressType(std::string_view address) {
  return address.find(':') == std::string_view::npos ? "IP4" : "IP6";
}

void writeConnection(std::string& out, const std::optional<std::string>& address) {
  if (address) line(out, "c=IN {} {}", addressType(*address), *address);
}

void writeDirection(std::string& out, const std::optional<Direction>& direction) {
  if (direction) line(out, "a={}", nameOf(*direction));
}

std::string formatList(const Media& media) {
  if (media.formats.empty()) return media.rawFormats.empty() ? "0" : media.rawFormats;
  std::string list;
  for (const Format& format : media.formats)
    list += fmt::format("{}{}", list.empty() ? "" : " ", format.payloadType);
  return list;
}

void writeFormat(std::string& out, const Format& format) {
  const std::string channels = format.channels == 1 ? "" : fmt::format("/{}", format.channels);
  if (!format.encoding.empty())
    line(out, "a=rtpmap:{} {}/{}{}", format.payloadType, format.encoding, format.clockRate,
         channels);
  if (!format.parameters.empty()) line(out, "a=fmtp:{} {}", format.payloadType, format.parameters);
}

void writeMedia(std::string& out, const Media& media) {
  line(out, "m={} {} {} {}", media.kind, media.port, media.protocol, formatList(media));
  writeConnection(out, media.address);
  if (!media.mid.empty()) line(out, "a=mid:{}", media.mid);
  for (const Format& format : media.formats) writeFormat(out, format);
  if (media.ptimeMs) line(out, "a=ptime:{}", *media.ptimeMs);
  if (media.maxPtimeMs) line(out, "a=maxptime:{}", *media.maxPtimeMs);
  writeDirection(out, media.direction);
  if (media.rtcpPort) line(out, "a=rtcp:{}", *media.rtcpPort);
  if (media.rtcpMux) line(out, "a=rtcp-mux");
  if (media.voipMetrics) line(out, "a=rtcp-xr:voip-metrics");
  for (const Crypto& crypto : media.crypto) line(out, "a=crypto:{}", toString(crypto));
}

}  // namespace

std::string SessionDescription::addressOf(const Media& line) const {
  return line.address ? *line.address : address.value_or("");
}

Direction SessionDescription::directionOf(const Media& line) const {
  return line.direction ? *line.direction : direction.value_or(Direction::SendRecv);
}

std::string toString(const SessionDescription& description) {
  const SessionDescription& d = description;
  const std::string origin = d.originAddress.empty() ? "0.0.0.0" : d.originAddress;
  std::string out;
  line(out, "v=0");
  line(out, "o={} {} {} IN {} {}", d.originUser.empty() ? "-" : d.originUser, d.sessionId,
       d.version, addressType(origin), origin);
  line(out, "s={}", d.sessionName.empty() ? "-" : d.sessionName);
  writeConnection(out, d.address);
  line(out, "t=0 0");
  writeDirection(out, d.direction);
  for (const Media& media : d.media) writeMedia(out, media);
  return out;
}

}  // namespace genesys::sdp
