// Taking one line of SDP apart without copying: words, numbers, tokens. Pure functions, any thread.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace genesys::sdp {

/// A whole unsigned decimal number of at most `max`; nothing else may stand in `text`.
template <class Number>
std::optional<Number> number(std::string_view text, Number max) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end || value > max) return std::nullopt;
  return static_cast<Number>(value);
}

/// Cuts the next word, which ends with a blank, off the front of `rest`; empty at its end. RFC 8866
/// wants single blanks between words; more of them, and some at the end, are met in the field.
std::string_view nextWord(std::string_view& rest);

/// True if `text` is a token of RFC 8866 section 9: not empty, no blanks and no separators.
bool isToken(std::string_view text);

/// The two sides of the first `separator`; the second is empty if there is none.
struct Halves {
  std::string_view before;
  std::string_view after;
};
Halves split(std::string_view text, char separator);

/// True for an IPv4 or IPv6 literal, as `version6` says, that one host can own: no multicast and no
/// broadcast address, since media is sent there.
bool isUnicastLiteral(std::string_view text, bool version6);

}  // namespace genesys::sdp
