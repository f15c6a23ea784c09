// The strict reader of session descriptions (RFC 8866). Every value that is used later is checked
// here once; what is not used is skipped unread.
#include <fmt/format.h>

#include <algorithm>

#include "sdp/parse_media.hpp"
#include "sdp/scan.hpp"
#include "sdp/session_description.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

std::optional<Direction> directionNamed(std::string_view name) {
  if (equalsIgnoreCase(name, "sendrecv")) return Direction::SendRecv;
  if (equalsIgnoreCase(name, "sendonly")) return Direction::SendOnly;
  if (equalsIgnoreCase(name, "recvonly")) return Direction::RecvOnly;
  if (equalsIgnoreCase(name, "inactive")) return Direction::Inactive;
  return std::nullopt;
}

/// Takes the lines one after the other.
class Reader {
 public:
  Problem take(std::string_view line);
  bool hasOrigin() const { return hasOrigin_; }
  SessionDescription description;

 private:
  Problem takeVersion(std::string_view value);
  Problem takeOrigin(std::string_view value);
  Problem takeConnection(std::string_view value);
  Problem takeMedia(std::string_view value);
  Problem takeAttribute(std::string_view value);

  bool hasVersion_ = false;
  bool hasOrigin_ = false;
};

Problem Reader::take(std::string_view line) {
  if (line.size() < 2 || line[1] != '=') return "not of the form letter=value";
  if (hasControls(line)) return "control character";
  const std::string_view value = line.substr(2);
  if (!hasVersion_ && line[0] != 'v') return "does not start with v=0";
  switch (line[0]) {
    case 'v':
      return takeVersion(value);
    case 'o':
      return takeOrigin(value);
    case 'c':
      return takeConnection(value);
    case 'm':
      return takeMedia(value);
    case 'a':
      return takeAttribute(value);
    case 's':
      if (!trim(value).empty()) description.sessionName = value;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

Problem Reader::takeVersion(std::string_view value) {
  if (hasVersion_) return "second v= line";
  if (trim(value) != "0") return "version is not 0";
  hasVersion_ = true;
  return std::nullopt;
}

Problem Reader::takeOrigin(std::string_view value) {
  if (hasOrigin_ || !description.media.empty()) return "o= line in the wrong place";
  hasOrigin_ = true;
  description.originUser = nextWord(value);
  const auto sessionId = number(nextWord(value), UINT64_MAX);
  const auto version = number(nextWord(value), UINT64_MAX);
  if (!sessionId || !version) return "o= has no numeric session id and version";
  description.sessionId = *sessionId;
  description.version = *version;
  return readAddress(value, false, description.originAddress);
}

Problem Reader::takeConnection(std::string_view value) {
  auto& address =
      description.media.empty() ? description.address : description.media.back().address;
  if (address) return "second c= line";
  return readAddress(value, true, address.emplace());
}

Problem Reader::takeMedia(std::string_view value) {
  Media media;
  media.kind = nextWord(value);
  const auto [portText, countText] = split(nextWord(value), '/');
  const auto port = number<uint16_t>(portText, UINT16_MAX);
  media.protocol = nextWord(value);
  media.rawFormats = trim(value);
  if (!isToken(media.kind) || media.protocol.empty())
    return "m= is not 'media port protocol formats'";
  if (!port) return "m= has no port of 0 to 65535";
  if (!countText.empty() && countText != "1") return "m= asks for more than one port";
  media.port = *port;
  if (auto problem = readFormats(media)) return problem;
  description.media.push_back(std::move(media));
  return std::nullopt;
}

Problem Reader::takeAttribute(std::string_view value) {
  const auto [name, text] = split(value, ':');
  if (const auto direction = directionNamed(trim(value))) {
    auto& slot =
        description.media.empty() ? description.direction : description.media.back().direction;
    if (slot && *slot != *direction) return "two directions";
    slot = direction;
    return std::nullopt;
  }
  if (directionNamed(name)) return "direction with a value";
  if (description.media.empty()) return std::nullopt;
  return readMediaAttribute(description.media.back(), name, text);
}

}  // namespace

Result<SessionDescription, SdpError> parse(std::string_view text) {
  const auto refuse = [](size_t line, std::string reason) {
    return Failure{SdpError{line, std::move(reason)}};
  };
  if (text.size() > kMaxSdpOctets) return refuse(0, fmt::format("over {} octets", kMaxSdpOctets));
  Reader reader;
  size_t count = 0;
  while (!text.empty()) {
    if (++count > kMaxSdpLines) return refuse(count, fmt::format("over {} lines", kMaxSdpLines));
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    // Empty lines are met behind the last one only.
    if (line.empty() && text.find_first_not_of("\r\n") == std::string_view::npos) break;
    if (auto problem = reader.take(line)) return refuse(count, std::move(*problem));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!reader.hasOrigin()) return refuse(0, "no o= line");
  return std::move(reader.description);
}

}  // namespace genesys::sdp
