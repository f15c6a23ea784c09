#include "sdp/body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sdp/scan.hpp"
#include "util/text.hpp"

namespace genesys::sdp {
namespace {

using Kind = BodyError::Kind;

constexpr size_t kMaxBoundary = 70;  // RFC 2046 section 5.1.1
constexpr size_t kMaxPartHeaders = 16;

auto fail(Kind kind, std::string reason) {
  return Failure{BodyError{kind, std::move(reason)}};
}

/// type/subtype without its parameters.
bool isType(std::string_view contentType, std::string_view type) {
  return equalsIgnoreCase(trim(split(contentType, ';').before), type);
}

bool isMultipart(std::string_view contentType) {
  return isType(contentType, "multipart/mixed") || isType(contentType, "multipart/alternative") ||
         isType(contentType, "multipart/related");
}

bool isBoundary(std::string_view text) {
  return !text.empty() && text.size() <= kMaxBoundary && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           const bool letterOrDigit =
               (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           return letterOrDigit || std::string_view("'()+_,-./:=? ").find(static_cast<char>(c)) !=
                                       std::string_view::npos;
         });
}

/// Cuts one parameter, up to a semicolon that stands outside quotes, off the front of `rest`.
std::string_view nextParameter(std::string_view& rest) {
  bool quoted = false;
  size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ';'); ++end)
    if (rest[end] == '"') quoted = !quoted;
  const std::string_view parameter = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(parameter);
}

std::optional<std::string_view> boundaryOf(std::string_view contentType) {
  std::string_view rest = split(contentType, ';').after;
  while (!rest.empty()) {
    const auto [name, value] = split(nextParameter(rest), '=');
    if (!equalsIgnoreCase(trim(name), "boundary")) continue;
    std::string_view boundary = trim(value);
    if (boundary.size() >= 2 && boundary.front() == '"' && boundary.back() == '"')
      boundary = boundary.substr(1, boundary.size() - 2);
    if (isBoundary(boundary)) return boundary;
    return std::nullopt;
  }
  return std::nullopt;
}

/// Cuts a line and its end, CRLF or LF, off the front of `rest`.
std::string_view nextLine(std::string_view& rest) {
  const size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

enum class Delimiter { None, Next, Last };

Delimiter delimiterIn(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::None;
  line = line.substr(2 + boundary.size());
  const bool last = line.starts_with("--");
  if (last) line.remove_prefix(2);
  if (!trim(line).empty()) return Delimiter::None;
  return last ? Delimiter::Last : Delimiter::Next;
}

/// Cuts everything up to the next delimiter line, and that line, off the front of `rest`; `content`
/// is what stood before it, without the line end that belongs to the delimiter.
Delimiter cutAtDelimiter(std::string_view& rest, std::string_view boundary,
                         std::string_view& content) {
  const std::string_view start = rest;
  while (!rest.empty()) {
    const size_t before = start.size() - rest.size();
    const Delimiter delimiter = delimiterIn(nextLine(rest), boundary);
    if (delimiter == Delimiter::None) continue;
    content = start.substr(0, before);
    if (content.ends_with('\n')) content.remove_suffix(1);
    if (content.ends_with('\r')) content.remove_suffix(1);
    return delimiter;
  }
  return Delimiter::None;
}

struct Part {
  std::string_view contentType = "text/plain";  // RFC 2046 section 5.1
  std::string_view encoding = "binary";
  std::string_view content;
};

std::optional<Part> readPart(std::string_view text) {
  Part part;
  for (size_t headers = 0; headers <= kMaxPartHeaders && !text.empty(); ++headers) {
    const std::string_view line = nextLine(text);
    if (line.empty()) {
      part.content = text;
      return part;
    }
    const auto [name, value] = split(line, ':');
    if (name.size() == line.size()) return std::nullopt;
    if (equalsIgnoreCase(trim(name), "Content-Type")) part.contentType = trim(value);
    if (equalsIgnoreCase(trim(name), "Content-Transfer-Encoding")) part.encoding = trim(value);
  }
  return std::nullopt;
}

bool isPlain(std::string_view encoding) {
  return equalsIgnoreCase(encoding, "binary") || equalsIgnoreCase(encoding, "8bit") ||
         equalsIgnoreCase(encoding, "7bit");
}

Result<std::string_view, BodyError> findInParts(std::string_view rest, std::string_view boundary) {
  std::string_view content;
  std::string_view found;
  Delimiter delimiter = cutAtDelimiter(rest, boundary, content);  // the preamble
  for (size_t parts = 0; delimiter == Delimiter::Next; ++parts) {
    if (parts == kMaxBodyParts)
      return fail(Kind::Malformed, fmt::format("over {} body parts", kMaxBodyParts));
    delimiter = cutAtDelimiter(rest, boundary, content);
    const auto part = readPart(content);
    if (!part) return fail(Kind::Malformed, fmt::format("headers of body part {}", parts + 1));
    if (!isType(part->contentType, "application/sdp") || !found.empty()) continue;
    if (!isPlain(part->encoding)) return fail(Kind::Malformed, "SDP part is encoded");
    found = part->content;
  }
  if (delimiter != Delimiter::Last) return fail(Kind::Malformed, "closing delimiter is missing");
  if (found.empty()) return fail(Kind::NotSdp, "no part is application/sdp");
  return found;
}

}  // namespace

Result<std::string_view, BodyError> sessionDescriptionIn(std::string_view contentType,
                                                         std::string_view body) {
  if (body.size() > kMaxBodyOctets)
    return fail(Kind::Malformed, fmt::format("body is over {} octets", kMaxBodyOctets));
  if (isType(contentType, "application/sdp")) return body;
  if (!isMultipart(contentType)) return fail(Kind::NotSdp, "body is not application/sdp");
  const auto boundary = boundaryOf(contentType);
  if (!boundary) return fail(Kind::Malformed, "multipart boundary is missing or malformed");
  return findInParts(body, *boundary);
}

}  // namespace genesys::sdp
