#include "sip/dn_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <initializer_list>
#include <utility>

#include "util/text.hpp"

namespace genesys::sip {
namespace {

constexpr size_t kMaxDns = 32;
// Of calls and registrations; the oldest by name go first, and are found again by their DN.
constexpr size_t kMaxDialogs = 1024;
constexpr const char* kRemoved = "(removed)";

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The name of a header line; "" if it is none.
std::string_view nameOf(std::string_view line) {
  const size_t colon = line.find(':');
  return colon == std::string_view::npos ? std::string_view() : trim(line.substr(0, colon));
}

std::string_view valueOf(std::string_view line) {
  return trim(line.substr(std::min(line.find(':') + 1, line.size())));
}

bool isAny(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names,
                             [name](std::string_view one) { return equalsIgnoreCase(name, one); });
}

std::string unescaped(std::string_view user) {
  std::string out;
  for (size_t i = 0; i < user.size(); ++i) {
    unsigned octet = 0;
    if (user[i] == '%' && i + 2 < user.size() &&
        std::from_chars(user.data() + i + 1, user.data() + i + 3, octet, 16).ptr ==
            user.data() + i + 3) {
      out += static_cast<char>(octet);
      i += 2;
    } else {
      out += user[i];
    }
  }
  return out;
}

/// Calls `found` with the user part of every SIP URI in `text`.
template <class Found>
void eachUser(std::string_view text, Found found) {
  for (size_t at = 0; (at = text.find("sip", at)) != std::string_view::npos;) {
    at += text.substr(at + 3).starts_with('s') ? 4 : 3;
    if (at >= text.size() || text[at] != ':') continue;
    const size_t end = text.find_first_of("@<>;,\" ", ++at);
    if (end != std::string_view::npos && text[end] == '@')
      found(unescaped(text.substr(at, end - at)));
  }
}

bool holds(std::string_view text, std::string_view part) {
  return std::ranges::search(text, part, [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         }).begin() != text.end();
}

/// Headers that are as good as a password.
bool isSecret(std::string_view header) {
  return isAny(header, {"Authorization", "Proxy-Authorization"}) || holds(header, "token");
}

/// "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY" without the key (RFC 4568).
std::string withoutKey(std::string_view line) {
  const size_t key = line.find("inline:");
  if (!line.starts_with("a=crypto:") || key == std::string_view::npos) return std::string(line);
  return fmt::format("{}inline:{}", line.substr(0, key), kRemoved);
}

}  // namespace

std::vector<std::string> redactedLines(std::string_view message) {
  std::vector<std::string> shown;
  bool body = false;
  bool secret = false;
  bool first = true;
  for (const std::string_view line : linesOf(message)) {
    const bool start = std::exchange(first, false);
    body = body || line.empty();
    const bool folded = line.starts_with(' ') || line.starts_with('\t');
    if (start || body) {
      shown.push_back(withoutKey(line));
      continue;
    }
    if (folded && secret) continue;  // goes on with what was taken out
    if (!folded) secret = isSecret(nameOf(line));
    shown.push_back(secret ? fmt::format("{}: {}", nameOf(line), kRemoved) : std::string(line));
  }
  return shown;
}

bool DnTrace::start(const std::string& dn, MonoTime until, MonoTime now) {
  expire(now);
  if (!until_.contains(dn) && until_.size() >= kMaxDns) return false;
  until_[dn] = until;
  return true;
}

bool DnTrace::stop(const std::string& dn) {
  std::erase_if(dialogs_, [&dn](const auto& dialog) { return dialog.second == dn; });
  return until_.erase(dn) > 0;
}

std::vector<std::string> DnTrace::expire(MonoTime now) {
  std::vector<std::string> over;
  for (const auto& [dn, until] : until_)
    if (until <= now) over.push_back(dn);
  for (const std::string& dn : over) stop(dn);
  return over;
}

std::string DnTrace::dnOf(std::string_view text, MonoTime now) {
  std::string dn;
  std::string callId;
  bool first = true;
  const auto consider = [&](const std::string& user) {
    const auto found = until_.find(user);
    if (dn.empty() && found != until_.end() && found->second > now) dn = user;
  };
  for (const std::string_view line : linesOf(text)) {
    if (line.empty()) break;
    const std::string_view name = nameOf(line);
    if (std::exchange(first, false) || isAny(name, {"From", "f", "To", "t", "Contact", "m"}))
      eachUser(line, consider);
    else if (isAny(name, {"Call-ID", "i"}))
      callId = valueOf(line);
  }
  if (dn.empty()) {
    const auto dialog = dialogs_.find(callId);
    return dialog == dialogs_.end() ? "" : dialog->second;
  }
  if (dialogs_.size() >= kMaxDialogs) dialogs_.erase(dialogs_.begin());
  dialogs_[callId] = dn;
  return dn;
}

std::vector<std::string> DnTrace::read(const WireMessage& message, MonoTime now) {
  const std::string dn = dnOf(message.text, now);
  if (dn.empty()) return {};
  std::vector<std::string> lines{
      fmt::format("trace {}: {} {}", dn, message.sent ? "sent to" : "received from", message.peer)};
  for (const std::string& line : redactedLines(message.text))
    lines.push_back(fmt::format("trace {} | {}", dn, line));
  return lines;
}

}  // namespace genesys::sip
