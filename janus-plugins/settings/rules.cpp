#include "settings/rules.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "api/address.hpp"
#include "media/codec.hpp"
#include "media/srtp_suite.hpp"
#include "util/text.hpp"

namespace genesys::settings::rules {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kAlphanumeric =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool consistsOf(std::string_view text, std::string_view punctuation) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return kAlphanumeric.find(c) != std::string_view::npos ||
           punctuation.find(c) != std::string_view::npos;
  });
}

bool lengthIn(std::string_view text, size_t low, size_t high) {
  return text.size() >= low && text.size() <= high;
}

bool isUsableAddress(std::string_view text) {
  const std::string address(text);
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1)
    return v4.s_addr != INADDR_ANY && !IN_MULTICAST(ntohl(v4.s_addr)) &&
           v4.s_addr != INADDR_BROADCAST;
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && !IN6_IS_ADDR_UNSPECIFIED(&v6) &&
         !IN6_IS_ADDR_MULTICAST(&v6);
}

/// Whether an IPv4 address is within `net`/`bits`.
bool within(in_addr address, uint32_t net, unsigned bits) {
  return (ntohl(address.s_addr) ^ net) >> (32 - bits) == 0;
}

bool isInside(std::string_view text) {
  const std::string address(text);
  in_addr v4{};
  in6_addr v6{};
  if (isLoopback(text)) return true;
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1)
    return within(v4, 0x0a000000, 8) || within(v4, 0xac100000, 12) || within(v4, 0xc0a80000, 16);
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && (v6.s6_addr[0] & 0xfe) == 0xfc;
}

/// A DNS name (RFC 1123 section 2.1); its last label is no number, or it would be an address.
bool isDnsName(std::string_view text) {
  if (!lengthIn(text, 1, 253)) return false;
  std::string_view label;
  for (std::string_view rest = text;;) {
    const auto dot = rest.find('.');
    label = rest.substr(0, dot);
    if (!lengthIn(label, 1, 63) || !consistsOf(label, "-") || label.front() == '-' ||
        label.back() == '-')
      return false;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return label.find_first_not_of(kDigits) != std::string_view::npos;
}

bool isHost(std::string_view text) {
  return isUsableAddress(text) || isDnsName(text);
}

bool isNumberRange(std::string_view text) {
  const auto dash = text.find('-');
  return dash != std::string_view::npos && lengthIn(text.substr(0, dash), 1, 18) &&
         lengthIn(text.substr(dash + 1), 1, 18) &&
         text.substr(0, dash).find_first_not_of(kDigits) == std::string_view::npos &&
         text.substr(dash + 1).find_first_not_of(kDigits) == std::string_view::npos;
}

bool isPortRange(std::string_view text) {
  return text.size() <= 11 && isNumberRange(text);
}

bool isQuotable(std::string_view text) {
  return lengthIn(text, 1, 128) && text.find_first_of("\"\\<>") == std::string_view::npos;
}

bool isUser(std::string_view text) {
  return lengthIn(text, 1, 64) && text.find_first_of("\"\\: ") == std::string_view::npos;
}

bool isAlgorithm(std::string_view text) {
  return text == "HS256" || text == "RS256" || text == "ES256";
}

bool hasScheme(std::string_view text, std::string_view scheme, std::string_view secureScheme) {
  for (const auto prefix : {scheme, secureScheme})
    if (startsWithIgnoreCase(text, prefix))
      return lengthIn(text, prefix.size() + 1, 256) &&
             consistsOf(text.substr(prefix.size()), ".:-[]?=");
  return false;
}

bool isSipCodec(std::string_view text) {
  const auto codecs = media::sipCodecs();
  return std::find(codecs.begin(), codecs.end(), media::findCodec(text)) != codecs.end();
}

const std::string kSrtpSuites = [] {
  std::string names;
  for (const media::SrtpSuite* suite : media::srtpSuites())
    names.append(names.empty() ? "one of the suites " : ", ").append(suite->name);
  return names;
}();

const std::string kCodecs = [] {
  std::string names;
  for (const media::Codec* codec : media::sipCodecs())
    names.append(names.empty() ? "one of the codecs " : ", ").append(codec->configured);
  return names;
}();

/// A header name, or the beginning of one with "*" behind it.
bool isHeaderPattern(std::string_view text) {
  if (text.ends_with('*')) text.remove_suffix(1);
  return lengthIn(text, 1, 64) && consistsOf(text, "-._");
}

/// What builds and routes a SIP message cannot be opened to the page by mistake: extension headers
/// and RFC 7433 only.
bool isWritableHeader(std::string_view text) {
  return isHeaderPattern(text) && ((startsWithIgnoreCase(text, "X-") && text.size() > 2) ||
                                   equalsIgnoreCase(text, "User-to-User"));
}

}  // namespace

int addressFamily(std::string_view text) {
  in6_addr buffer{};
  for (const int family : {AF_INET, AF_INET6})
    if (inet_pton(family, std::string(text).c_str(), &buffer) == 1) return family;
  return 0;
}

bool isLoopback(std::string_view text) {
  const std::string address(text);
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return within(v4, 0x7f000000, 8);
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::optional<sip::ServerTarget> hostPort(std::string_view text, uint16_t defaultPort) {
  sip::ServerTarget target{"", defaultPort};
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    target.address = text.substr(1, close - 1);
    port = text.substr(close + 1);
  } else if (addressFamily(text) == AF_INET6) {
    target.address = text;
  } else {
    const auto colon = text.find(':');
    target.address = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  if (!isUsableAddress(target.address)) return std::nullopt;
  if (port.empty()) return target;
  unsigned number = 0;
  const char* const end = port.data() + port.size();
  const auto read = std::from_chars(port.data() + 1, end, number);
  if (port.front() != ':' || read.ptr != end || number < 1 || number > 65535) return std::nullopt;
  target.port = static_cast<uint16_t>(number);
  return target;
}

const TextRule kAddress{"an IPv4 or IPv6 address (no wildcard, no multicast)", isUsableAddress};
const TextRule kInsideAddress{
    "a loopback or private IPv4 or IPv6 address (127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, "
    "192.168.0.0/16, ::1, fc00::/7)",
    isInside};
const TextRule kHost{"an IPv4 or IPv6 address or a DNS name", isHost};
const TextRule kDnsName{"a DNS name", isDnsName};
const TextRule kHostPort{"an address, with a port or without, such as \"192.0.2.82:5060\"",
                         [](std::string_view t) { return hostPort(t).has_value(); }};
const TextRule kNumber{"a DN of 1 to 32 characters of A-Z a-z 0-9 + * # . _ -", api::isDn};
const TextRule kRange{"two numbers of at most 18 digits, such as \"7000-7999\"", isNumberRange};
const TextRule kFile{"the path of a file", [](std::string_view t) { return !t.empty(); }};
const TextRule kName{"1 to 128 characters without \" \\ < >", isQuotable};
const TextRule kUser{"1 to 64 characters without blank, \" \\ and :", isUser};
const TextRule kPassword{"1 to 128 characters",
                         [](std::string_view t) { return lengthIn(t, 1, 128); }, true};
const TextRule kProduct{
    "1 to 64 characters of A-Z a-z 0-9 . _ / - and blank",
    [](std::string_view t) { return lengthIn(t, 1, 64) && consistsOf(t, "._/- "); }};
const TextRule kAlgorithm{"\"HS256\", \"RS256\" or \"ES256\"", isAlgorithm};
const TextRule kClaim{"1 to 256 characters",
                      [](std::string_view t) { return lengthIn(t, 1, 256); }};
const TextRule kStunUrl{"a stun: or stuns: URL, such as \"stun:gw.example.com:3478\"",
                        [](std::string_view t) { return hasScheme(t, "stun:", "stuns:"); }};
const TextRule kTurnUrl{
    "a turn: or turns: URL, such as \"turns:gw.example.com:5349?transport=tcp\"",
    [](std::string_view t) { return hasScheme(t, "turn:", "turns:"); }};
const TextRule kPortRange{"two ports, such as \"30000-39999\"", isPortRange};
const TextRule kCodec{kCodecs, isSipCodec};
const TextRule kSrtpSuite{kSrtpSuites,
                          [](std::string_view t) { return media::findSrtpSuite(t) != nullptr; }};
const TextRule kReadableHeader{"a SIP header name, or the beginning of one with * behind it",
                               isHeaderPattern};
const TextRule kWritableHeader{
    "a header name that begins with X- (a * may stand at its end), or User-to-User",
    isWritableHeader};
const TextRule kEventPackage{"1 to 64 characters of A-Z a-z 0-9 . -", [](std::string_view t) {
                               return lengthIn(t, 1, 64) && consistsOf(t, ".-");
                             }};
const TextRule kLabel{"1 to 32 characters of A-Z a-z 0-9 . _ - and blank", [](std::string_view t) {
                        return lengthIn(t, 1, 32) && consistsOf(t, "._- ");
                      }};
const TextRule kDialable{"1 to 64 characters of A-Z a-z 0-9 + * # . _ ~ ! $ & ' ( ) -",
                         api::isDialable};
const TextRule kAnyText{"a text", [](std::string_view) { return true; }};

}  // namespace genesys::settings::rules
