#include "sip/auto_answer.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "util/text.hpp"

namespace genesys::sip {
namespace {

constexpr Millis kLongestDelay{60000};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// `;name=SECONDS` in the parameters of `value`, whole or with a fraction.
std::optional<Millis> secondsIn(std::string_view value, std::string_view name) {
  const std::string text = lower(value);
  for (size_t at = text.find(';'); at != std::string::npos; at = text.find(';', at + 1)) {
    std::string_view parameter = std::string_view(text).substr(at + 1);
    parameter = trim(parameter.substr(0, parameter.find(';')));
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || trim(parameter.substr(0, equals)) != name) continue;
    const auto number = trim(parameter.substr(equals + 1));
    double seconds = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), seconds);
    // Written so that NaN is refused, too.
    const bool good = seconds >= 0 && seconds * 1000 <= static_cast<double>(kLongestDelay.count());
    if (read.ec != std::errc() || !good) continue;
    return Millis(static_cast<Millis::rep>(seconds * 1000));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Millis> autoAnswerDelay(const SipMessage& invite,
                                      const std::vector<std::string>& alertInfo) {
  for (const SipHeader& header : invite.headers) {
    if (equalsIgnoreCase(header.name, "Call-Info")) {
      if (const auto delay = secondsIn(header.value, "answer-after")) return delay;
    } else if (equalsIgnoreCase(header.name, "Alert-Info")) {
      const std::string value = lower(header.value);
      const bool meant = std::ranges::any_of(alertInfo, [&](const std::string& text) {
        return value.find(lower(text)) != std::string::npos;
      });
      if (meant) return secondsIn(header.value, "delay").value_or(Millis(0));
    }
  }
  return std::nullopt;
}

}  // namespace genesys::sip
