#include "plugin/config_sections.hpp"

#include <charconv>

#include "plugin/config_rules.hpp"
#include "plugin/sign_in.hpp"

namespace genesys::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr size_t kMinTurnSecret = 16;  ///< octets

uint16_t port(Group& group, const char* name, uint16_t fallback) {
  return static_cast<uint16_t>(group.integer(name, 1, 65535, fallback));
}

/// The defaults stand in config.hpp; this reads a duration whose unit is in the option's name.
template <class Duration>
Duration duration(Group& group, const char* name, int64_t low, int64_t high, Duration fallback) {
  return Duration(group.integer(name, low, high, fallback.count()));
}

/// "30000-39999" has room for at least one pair of an even port and the next one.
media::PortRange portRange(Group& group, media::PortRange fallback) {
  const std::string text = group.text("rtp_port_range", rules::kPortRange, "");
  if (text.empty() || group.reading().error()) return fallback;
  unsigned first = 0;
  unsigned last = 0;
  const char* const end = text.data() + text.size();
  std::from_chars(std::from_chars(text.data(), end, first).ptr + 1, end, last);
  if (first < 1024 || last > 65535 || first + first % 2 + 1 > last) {
    group.refuse("rtp_port_range", "must lie in 1024-65535 and hold an even port and the next one");
    return fallback;
  }
  return {static_cast<uint16_t>(first), static_cast<uint16_t>(last)};
}

/// "192.0.2.82" or "192.0.2.82:5070", "[2001:db8::1]:5070".
std::vector<sip::ServerTarget> readBackups(Group& group, uint16_t defaultPort) {
  std::vector<sip::ServerTarget> backups;
  for (const std::string& text : group.texts("backups", rules::kHostPort, {}))
    if (!group.reading().error()) backups.push_back(rules::hostPort(text, defaultPort).value());
  return backups;
}

}  // namespace

SipServerConfig readSipServer(Group group) {
  SipServerConfig server;
  server.host = group.text("host", rules::kHost);
  using sip::Transport;
  server.transport = group.choice<Transport>(
      "transport", {{"udp", Transport::Udp}, {"tcp", Transport::Tcp}, {"tls", Transport::Tls}},
      server.transport);
  const bool tls = server.transport == Transport::Tls;
  const uint16_t defaultPort = tls ? 5061 : 5060;
  server.port = port(group, "port", defaultPort);
  server.backups = readBackups(group, defaultPort);
  server.probeInterval = duration(group, "probe_interval_ms", 1000, 60000, server.probeInterval);
  server.registersPerSecond =
      static_cast<unsigned>(group.integer("registers_per_s", 1, 10000, server.registersPerSecond));
  server.domain = group.text("domain", rules::kHost, server.host);
  server.localAddress = group.text("local_address", rules::kAddress);
  server.advertisedAddress = group.text("advertised_address", rules::kAddress, server.localAddress);
  server.localPort = port(group, "local_port", defaultPort);
  server.trustedPeers = group.texts("trusted_peers", rules::kAddress, {});
  server.realm = group.text("realm", rules::kName, "");
  server.largeByTcp = group.flag("large_by_tcp", server.largeByTcp);
  server.udpMtu = static_cast<unsigned>(group.integer("udp_mtu", 576, 65535, server.udpMtu));
  server.keepalive = duration(group, "keepalive_s", 1, 600, server.keepalive);
  server.registerExpires = duration(group, "register_expires_s", 60, 86400, server.registerExpires);
  server.transactionTimeout =
      duration(group, "transaction_timeout_ms", 1000, 32000, server.transactionTimeout);
  server.sessionExpires = duration(group, "session_expires_s", 0, 86400, server.sessionExpires);
  server.sessionMin = duration(group, "session_min_s", 1, 3600, server.sessionMin);
  if (server.sessionExpires > seconds(0) && server.sessionExpires < server.sessionMin)
    group.refuse("session_expires_s", "must be 0 or at least session_min_s");
  server.userAgent = group.text("user_agent", rules::kProduct, server.userAgent);
  server.tls = readTls(group, tls);
  const int family = rules::addressFamily(server.host);
  server.srv = family == 0 && group.find("port") == nullptr;
  if (server.tls.serverName.empty()) server.tls.serverName = family == 0 ? server.host : "";
  if (tls && server.tls.verify && server.tls.serverName.empty())
    group.refuse("tls_server_name",
                 "is missing; host is an address, and the certificate's name must be known");
  for (const auto& backup : server.backups)
    if (rules::addressFamily(backup.address) != rules::addressFamily(server.localAddress))
      group.refuse("backups", "must be of the same IP version as sip_server.local_address");
  if (rules::addressFamily(server.advertisedAddress) != rules::addressFamily(server.localAddress))
    group.refuse("advertised_address",
                 "must be of the same IP version as sip_server.local_address");
  if (family != 0 && family != rules::addressFamily(server.localAddress))
    group.refuse("local_address", "must be of the same IP version as sip_server.host");
  group.finish();
  return server;
}

SignInConfig readSignIn(Group group) {
  using Mode = SignInConfig::Mode;
  SignInConfig signIn;
  signIn.mode = group.choice<Mode>("mode", {{"token", Mode::Token}, {"password", Mode::Password}},
                                   signIn.mode);
  signIn.algorithm = group.text("algorithm", rules::kAlgorithm, "");
  signIn.audience = group.text("audience", rules::kClaim, "");
  signIn.issuer = group.text("issuer", rules::kClaim, "");
  signIn.dnClaim = group.text("dn_claim", rules::kClaim, signIn.dnClaim);
  signIn.rolesClaim = group.text("roles_claim", rules::kClaim, signIn.rolesClaim);
  signIn.maxHandlesPerSubject = static_cast<unsigned>(
      group.integer("max_handles_per_subject", 1, 100, signIn.maxHandlesPerSubject));
  for (const char* required : {"algorithm", "key_file", "audience"})
    if (!group.find(required) && signIn.mode == Mode::Token)
      group.refuse(required, "is missing; sign-in by token needs it");
  if (signIn.mode == Mode::Token) {
    signIn.key = readFileOption(group, "key_file", signIn.algorithm == "HS256");
    const auto key = checkKey(signIn.algorithm, signIn.key);
    if (!key) group.refuse("key_file", key.error());
  }
  group.finish();
  return signIn;
}

IceConfig readIce(Group group) {
  IceConfig ice;
  ice.stunUrls = group.texts("stun_urls", rules::kStunUrl, {});
  ice.turnUrls = group.texts("turn_urls", rules::kTurnUrl, {});
  ice.turnSecret = readFileOption(group, "turn_secret_file", true);
  ice.turnLifetime = duration(group, "turn_lifetime_s", 60, 600, ice.turnLifetime);
  if (!ice.turnUrls.empty() && ice.turnSecret.empty())
    group.refuse("turn_secret_file", "is missing; turn_urls need the secret shared with coturn");
  if (!ice.turnSecret.empty() && ice.turnSecret.size() < kMinTurnSecret)
    group.refuse("turn_secret_file", "holds a secret of less than 16 octets");
  group.finish();
  return ice;
}

AgentConfig readAgent(Group group) {
  AgentConfig agent;
  agent.resumeWindow = duration(group, "resume_window_s", 0, 3600, agent.resumeWindow);
  agent.ringTimeout = duration(group, "ring_timeout_s", 5, 600, agent.ringTimeout);
  agent.readableHeaders = group.texts("readable_headers", rules::kReadableHeader, {"X-Genesys-*"});
  agent.writableHeaders = group.texts("writable_headers", rules::kWritableHeader, {});
  agent.maxCalls = static_cast<unsigned>(group.integer("max_calls", 1, 16, agent.maxCalls));
  agent.callsPerMinute =
      static_cast<unsigned>(group.integer("calls_per_minute", 0, 1000, agent.callsPerMinute));
  agent.autoAnswerAlertInfo = group.texts("auto_answer_alert_info", rules::kName,
                                          {"info=alert-autoanswer", "auto answer", "ring answer"});
  agent.subscribeEvents = group.texts("subscribe_events", rules::kEventPackage,
                                      {"message-summary", "presence", "dialog"});
  group.finish();
  return agent;
}

MediaConfig readMedia(Group group, const std::string& sipAddress) {
  MediaConfig media;
  media.workers = static_cast<unsigned>(group.integer("workers", 0, 64, media.workers));
  media.bindAddress = group.text("bind_address", rules::kAddress, sipAddress);
  media.advertisedAddress = group.text("advertised_address", rules::kAddress, media.bindAddress);
  if (rules::addressFamily(media.advertisedAddress) != rules::addressFamily(media.bindAddress))
    group.refuse("advertised_address", "must be of the same IP version as media.bind_address");
  media.ports = portRange(group, media.ports);
  media.portQuarantine = duration(group, "port_quarantine_ms", 0, 60000, media.portQuarantine);
  media.dscp = static_cast<uint8_t>(group.integer("dscp", 0, 63, media.dscp));
  media.symmetric = group.flag("symmetric", media.symmetric);
  group.finish();
  return media;
}

}  // namespace genesys::plugin
