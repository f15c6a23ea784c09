#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

constexpr uint64_t kMostDns = 20000;

Result<uint64_t> whole(const std::string& text, uint64_t low, uint64_t high) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return Failure{fmt::format("'{}' is not a whole number from {} to {}", text, low, high)};
  return value;
}

/// ip:port with a literal IPv4 address.
Result<Peer> address(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return Failure{fmt::format("'{}' is not IP:PORT", text)};
  const auto port = whole(text.substr(colon + 1), 1, 65535);
  if (!port) return Failure{port.error()};
  return makePeer(text.substr(0, colon), static_cast<uint16_t>(port.value()), TransportKind::Udp);
}

using Verdict = Result<Done>;

template <class Target>
Verdict number(const std::string& text, uint64_t low, uint64_t high, Target& target) {
  const auto value = whole(text, low, high);
  if (!value) return Failure{value.error()};
  target = static_cast<Target>(value.value());
  return Done{};
}

Verdict seconds(const std::string& text, uint64_t low, uint64_t high, Seconds& target) {
  uint64_t value = 0;
  const auto verdict = number(text, low, high, value);
  target = Seconds(value);
  return verdict;
}

Verdict takeListen(Options& out, const std::string& value) {
  const auto peer = address(value);
  if (!peer) return Failure{peer.error()};
  out.server.transport.listen = peer.value();
  return Done{};
}

Verdict takeTransport(Options& out, const std::string& value) {
  out.server.transport.udp = value == "udp" || value == "both";
  out.server.transport.tcp = value == "tcp" || value == "both";
  if (!out.server.transport.udp && !out.server.transport.tcp)
    return Failure{fmt::format("'{}' is none of udp, tcp, both", value)};
  return Done{};
}

Verdict takeHttp(Options& out, const std::string& value) {
  const auto peer = address(value);
  if (!peer) return Failure{peer.error()};
  if (peer->ipText().rfind("127.", 0) != 0)
    return Failure{fmt::format("'{}' is no loopback address: anyone could make calls", value)};
  out.httpHost = peer->ipText();
  out.httpPort = peer->port;
  return Done{};
}

/// 7001, 7000-7099, each with =password.
Verdict takeDn(Options& out, const std::string& value) {
  const size_t equals = value.find('=');
  const std::string names = value.substr(0, equals);
  const std::string password = equals == std::string::npos ? "" : value.substr(equals + 1);
  const size_t dash = names.find('-');
  if (names.empty() || hasControls(value)) return Failure{fmt::format("'{}' names no DN", value)};
  if (dash == std::string::npos) {
    out.dns.push_back({names, password});
    return Done{};
  }
  const auto low = whole(names.substr(0, dash), 0, 1'000'000'000'000);
  const auto high = whole(names.substr(dash + 1), 0, 1'000'000'000'000);
  if (!low || !high || low.value() > high.value() || high.value() - low.value() >= kMostDns)
    return Failure{fmt::format("'{}' is not a range LOW-HIGH of at most {} DNs", names, kMostDns)};
  for (uint64_t dn = low.value(); dn <= high.value(); ++dn)
    out.dns.push_back({fmt::format("{:0{}}", dn, dash), password});  // keeps leading zeros
  return Done{};
}

Verdict takeMediaAddress(Options& out, const std::string& value) {
  const auto peer = makePeer(value, 0, TransportKind::Udp);
  if (!peer) return Failure{peer.error()};
  out.server.mediaIp = value;
  return Done{};
}

Verdict takeMediaServer(Options& out, const std::string& value) {
  const auto peer = makePeer(value, 0, TransportKind::Udp);
  if (!peer) return Failure{peer.error()};
  out.server.mediaServerIp = value;
  return Done{};
}

Verdict takeMusic(Options& out, const std::string& value) {
  const auto source = SourceFactory().make(value);
  if (!source) return Failure{source.error()};
  out.server.music = value;
  return Done{};
}

Verdict takePorts(Options& out, const std::string& value) {
  const size_t dash = value.find('-');
  if (dash == std::string::npos) return Failure{fmt::format("'{}' is not LOW-HIGH", value)};
  const auto low = whole(value.substr(0, dash), 1024, 65534);
  const auto high = whole(value.substr(dash + 1), 1025, 65535);
  if (!low || !high || low.value() + 1 > high.value())
    return Failure{fmt::format("'{}' is not a range of ports from 1024 to 65535", value)};
  out.server.firstRtpPort = static_cast<uint16_t>(low.value());
  out.server.lastRtpPort = static_cast<uint16_t>(high.value());
  return Done{};
}

Verdict takeAuthenticate(Options& out, const std::string& value) {
  auto& registrar = out.server.registrar;
  registrar.authenticateRegister = registrar.authenticateInvite = false;
  for (size_t at = 0; at <= value.size();) {
    const size_t comma = std::min(value.find(',', at), value.size());
    const std::string method = value.substr(at, comma - at);
    at = comma + 1;
    if (method == "register")
      registrar.authenticateRegister = true;
    else if (method == "invite")
      registrar.authenticateInvite = true;
    else if (method != "none")
      return Failure{fmt::format("'{}' is none of register, invite, none", method)};
  }
  return Done{};
}

Verdict takeInviteChallenge(Options& out, const std::string& value) {
  if (value != "401" && value != "407")
    return Failure{fmt::format("'{}' is not 401 or 407", value)};
  out.server.registrar.inviteChallenge = value == "401" ? 401 : 407;
  return Done{};
}

Verdict takeQop(Options& out, const std::string& value) {
  if (value != "auth" && value != "none")
    return Failure{fmt::format("'{}' is not auth or none", value)};
  out.server.registrar.digest.qop = value == "auth";
  return Done{};
}

using Take = std::function<Verdict(Options&, const std::string&)>;

const std::map<std::string, Take>& takers() {
  static const std::map<std::string, Take> kTakers = {
      {"--listen", takeListen},
      {"--transport", takeTransport},
      {"--http", takeHttp},
      {"--dn", takeDn},
      {"--media-address", takeMediaAddress},
      {"--media-server", takeMediaServer},
      {"--music", takeMusic},
      {"--rtp-ports", takePorts},
      {"--authenticate", takeAuthenticate},
      {"--invite-challenge", takeInviteChallenge},
      {"--qop", takeQop},
      {"--realm",
       [](Options& out, const std::string& value) -> Verdict {
         if (value.empty() || hasControls(value) || value.find('"') != std::string::npos)
           return Failure{fmt::format("'{}' cannot be a realm", value)};
         out.server.registrar.digest.realm = value;
         return Done{};
       }},
      {"--nonce-lifetime",
       [](Options& out, const std::string& value) {
         return seconds(value, 1, 86400, out.server.registrar.digest.nonceLifetime);
       }},
      {"--min-expires",
       [](Options& out, const std::string& value) {
         return number(value, 0, 86400, out.server.registrar.minExpires);
       }},
      {"--answer-after",
       [](Options& out, const std::string& value) {
         return seconds(value, 0, 300, out.server.answerAfter);
       }},
      {"--max-calls",
       [](Options& out, const std::string& value) {
         return number(value, 1, 5000, out.server.maxCalls);
       }},
      {"--uuid-seed",
       [](Options& out, const std::string& value) {
         return number(value, 0, UINT64_MAX, out.server.seed);
       }},
      {"--speech",
       [](Options& out, const std::string& v) -> Verdict {
         return out.server.speechFile = v, Done{};
       }},
      {"--record-dir",
       [](Options& out, const std::string& v) -> Verdict {
         return out.server.recordDirectory = v, Done{};
       }},
      {"--trace-file",
       [](Options& out, const std::string& v) -> Verdict { return out.traceFile = v, Done{}; }},
  };
  return kTakers;
}

bool takeFlag(Options& out, const std::string& name) {
  if (name == "--trace") return out.trace = true;
  if (name == "--quiet") return out.quiet = true;
  if (name == "--help" || name == "-h") return out.help = true;
  return false;
}

}  // namespace

Result<Options> parseOptions(const std::vector<std::string>& arguments) {
  Options out;
  out.server.seed = Random::fromSystem().next();
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    if (takeFlag(out, name)) continue;
    const auto taker = takers().find(name);
    if (taker == takers().end()) return Failure{fmt::format("unknown option '{}'", name)};
    if (i + 1 == arguments.size()) return Failure{name + ": a value is missing"};
    const auto verdict = taker->second(out, arguments[++i]);
    if (!verdict) return Failure{name + ": " + verdict.error()};
  }
  if (out.help) return out;
  if (out.server.transport.listen.port == 0) return Failure{std::string("--listen is missing")};
  if (out.dns.empty()) return Failure{std::string("--dn is missing: nobody could register")};
  if (out.server.mediaIp.empty()) out.server.mediaIp = out.server.transport.listen.ipText();
  if (out.server.mediaServerIp.empty()) out.server.mediaServerIp = out.server.mediaIp;
  if (out.server.mediaIp == "0.0.0.0" || out.server.transport.listen.ip == 0)
    return Failure{std::string("--listen: 0.0.0.0 cannot be written into SIP, name one address")};
  return out;
}

const char* usage() {
  return "usage: genesys-sim --listen IP:PORT --dn DN[-DN][=PASSWORD] [options]\n"
         "  --transport udp|tcp|both     default udp\n"
         "  --http 127.0.0.1:PORT        control interface, default 127.0.0.1:8085\n"
         "  --realm R --qop auth|none --nonce-lifetime S --authenticate register,invite|none\n"
         "  --invite-challenge 401|407   digest of DNs that have a password\n"
         "  --min-expires S              423 below it\n"
         "  --media-address IP --rtp-ports LOW-HIGH   default: as --listen, 20000-24999\n"
         "  --media-server IP            of music and conferences, default: the media address\n"
         "  --music PLAY                 for the held party of a call between DNs, default none\n"
         "  --speech FILE.wav            16-bit mono 8000 Hz, default speech.wav beside the "
         "program\n"
         "  --record-dir DIR             recorder numbers write CALLID.wav there\n"
         "  --answer-after S             of 9014, default 3\n"
         "  --max-calls N --uuid-seed N --quiet\n"
         "  --trace | --trace-file FILE  every SIP message, to standard error or FILE\n";
}

}  // namespace genesys::sim
