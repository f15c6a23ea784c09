#include "sip/stack_log.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <sofia-sip/su_log.h>

#include <array>
#include <cstdio>
#include <string_view>

#include "util/log.hpp"
#include "util/text.hpp"

// Of sofia-sip, without a header of its own: the log of its transports.
extern "C" su_log_t tport_log[];

namespace genesys::sip {
namespace {

// At this level sofia-sip tells what is wrong with a certificate, and no more than that a call.
constexpr unsigned kLevel = 3;

/// What stands in `line` behind `head`; "" if it does not begin so.
std::string_view after(std::string_view line, std::string_view head) {
  const auto at = line.find(head);
  return at == std::string_view::npos ? std::string_view() : line.substr(at + head.size());
}

/// OpenSSL's own word for what went wrong in the handshake; sofia-sip leaves it in the queue.
std::string handshakeFault() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "the connection was closed";
}

std::string textOf(const char* format, va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  return text.data();
}

std::string_view firstLine(std::string_view text) {
  return trim(text.substr(0, text.find('\n')));
}

void hear(void*, const char* format, va_list arguments) {
  const std::string text = textOf(format, arguments);
  if (const std::string_view line = firstLine(text); !line.empty()) logDebug("SIP stack: {}", line);
}

}  // namespace

void hearStack() {
  su_log_redirect(su_log_default, &hear, nullptr);
}

StackLog::StackLog() {
  su_log_redirect(tport_log, &StackLog::receive, this);
  su_log_set_level(tport_log, kLevel);
}

StackLog::~StackLog() {
  su_log_redirect(tport_log, nullptr, nullptr);
}

void StackLog::receive(void* self, const char* format, va_list arguments) {
  static_cast<StackLog*>(self)->read(textOf(format, arguments));
}

void StackLog::read(const std::string& text) {
  const std::string_view line = firstLine(text);
  if (line.empty()) return;
  std::string fault;
  if (const auto name = after(line, "Peer Subject Mismatch ("); !name.empty())
    fault = fmt::format("the certificate is not for {}", name.substr(0, name.find(')')));
  else if (line.starts_with("err "))
    fault = fmt::format("the certificate is not trusted: {}", after(line, ":"));
  else if (line.find("TLS setup failed") != std::string_view::npos)
    fault = "no handshake: " + handshakeFault();
  logDebug("SIP stack: {}", line);
  if (fault.empty() || fault == tlsFault_) return;
  tlsFault_ = fault;
  logWarning("TLS with SIP Server: {}", fault);
}

}  // namespace genesys::sip
