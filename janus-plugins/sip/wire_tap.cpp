#include "sip/wire_tap.hpp"

#include <sofia-sip/su_log.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "util/log.hpp"

namespace genesys::sip {
namespace {

// Around each message, and within none: its own lines come without their ends.
constexpr std::string_view kRule =
    "   ------------------------------------------------------------------------\n";
constexpr std::string_view kIndent = "   ";  // of every line of a message

struct Logger {
  su_logger_f* function = nullptr;
  void* stream = nullptr;
};

/// What sofia-sip's log went to before; it is one for the process.
Logger& former() {
  static Logger logger;
  return logger;
}

}  // namespace

WireTap::WireTap(OnMessage onMessage) : onMessage_(std::move(onMessage)) {
  former() = {su_log_default->log_logger, su_log_default->log_stream};
  su_log_redirect(su_log_default, &WireTap::receive, this);
}

WireTap::~WireTap() {
  su_log_redirect(su_log_default, former().function, former().stream);
}

void WireTap::receive(void* self, const char* format, va_list arguments) {
  std::array<char, 4096> text{};  // sofia-sip cuts lines at 2047 octets
  const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
  if (length > 0)
    static_cast<WireTap*>(self)->read(
        {text.data(), std::min(static_cast<size_t>(length), text.size() - 1)});
}

bool WireTap::begin(std::string_view stamp) {
  const bool sent = stamp.starts_with("send ");
  if (!sent && !stamp.starts_with("recv ")) return false;
  const std::string_view before = sent ? " to " : " from ";
  const size_t peer = stamp.find(before);
  const size_t end = stamp.rfind(" at ");
  if (peer == std::string_view::npos || end == std::string_view::npos || end < peer) return false;
  const size_t first = peer + before.size();
  message_ = {sent, std::string(stamp.substr(first, end - first)), ""};
  inside_ = lineStart_ = true;
  return true;
}

void WireTap::read(std::string_view piece) {
  if (piece.ends_with(kRule)) {
    if (begin(piece.substr(0, piece.size() - kRule.size())) || !std::exchange(inside_, false))
      return;
    return onMessage_(std::exchange(message_, {}));
  }
  if (!inside_) return logDebug("SIP stack: {}", piece);
  const bool ends = piece.ends_with('\n');
  if (std::exchange(lineStart_, ends) && piece.starts_with(kIndent))
    piece.remove_prefix(kIndent.size());
  message_.text += piece;
}

}  // namespace genesys::sip
