#include "session_description.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace genesys::load {
namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

template <class Number>
Number numberOf(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// What follows `head` at the beginning of a line; nullopt for any other line.
std::optional<std::string_view> after(std::string_view head, std::string_view line) {
  if (!line.starts_with(head)) return std::nullopt;
  return line.substr(head.size());
}

}  // namespace

std::string writeOffer(const LocalDescription& local, const Format& format) {
  std::string sdp = fmt::format(
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
      "m=audio 9 UDP/TLS/RTP/SAVPF {}\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\n"
      "a=rtcp-mux\r\n{}a=ice-ufrag:{}\r\na=ice-pwd:{}\r\na=fingerprint:sha-256 {}\r\n"
      "a=setup:actpass\r\na=ssrc:{} cname:load\r\n",
      format.payloadType, format.sdp, local.ice.user, local.ice.password, local.fingerprint,
      local.ssrc);
  for (const Candidate& one : local.candidates)
    sdp += fmt::format("a=candidate:{} 1 udp {} {} {} typ host\r\n", one.foundation, one.priority,
                       one.address, one.port);
  return sdp + "a=end-of-candidates\r\n";
}

Candidate readCandidate(std::string_view value) {
  // foundation component transport priority address port "typ" type (RFC 8839 section 5.1)
  const auto parts = words(value);
  if (parts.size() < 8 || (parts[2] != "udp" && parts[2] != "UDP") || parts[7] != "host") return {};
  return {std::string(parts[0]), std::string(parts[4]), numberOf<uint32_t>(parts[3]),
          numberOf<uint16_t>(parts[5])};
}

Result<RemoteDescription> readAnswer(std::string_view sdp, const Format& format) {
  RemoteDescription remote;
  bool spoken = false;
  while (!sdp.empty()) {
    const size_t end = std::min(sdp.find('\n'), sdp.size());
    std::string_view line = sdp.substr(0, end);
    sdp.remove_prefix(std::min(end + 1, sdp.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto user = after("a=ice-ufrag:", line)) remote.ice.user = *user;
    if (const auto password = after("a=ice-pwd:", line)) remote.ice.password = *password;
    if (const auto print = after("a=fingerprint:sha-256 ", line)) remote.fingerprint = *print;
    if (const auto setup = after("a=setup:", line)) remote.active = *setup == "active";
    if (const auto media = after("m=audio ", line))
      for (const auto word : words(*media)) spoken |= word == std::to_string(format.payloadType);
    if (const auto text = after("a=candidate:", line))
      if (Candidate one = readCandidate(*text); !one.address.empty())
        remote.candidates.push_back(std::move(one));
  }
  if (remote.ice.user.empty() || remote.ice.password.empty() || remote.fingerprint.empty())
    return Failure{std::string("the answer lacks ICE credentials or a fingerprint")};
  if (!spoken) return Failure{fmt::format("the answer has no format {}", format.payloadType)};
  return remote;
}

}  // namespace genesys::load
