// The groups sip_server and second_site.
#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace genesys::settings {
namespace {

using sip::Transport;

constexpr uint16_t kPort = 5060;
constexpr uint16_t kTlsPort = 5061;

uint16_t portOf(Group& group, const char* name, Transport transport) {
  const uint16_t usual = transport == Transport::Tls ? kTlsPort : kPort;
  return static_cast<uint16_t>(group.integer(name, 1, 65535, usual));
}

/// "192.0.2.82" or "192.0.2.82:5070", "[2001:db8::1]:5070".
std::vector<sip::ServerTarget> readBackups(Group& group, Transport transport) {
  std::vector<sip::ServerTarget> backups;
  for (const std::string& text : group.texts("backups", rules::kHostPort, {}))
    if (!group.reading().error())
      backups.push_back(
          rules::hostPort(text, transport == Transport::Tls ? kTlsPort : kPort).value());
  return backups;
}

/// What both groups have in common.
void readServers(Group& group, SiteServers& site, Transport transport) {
  site.host = group.text("host", rules::kHost);
  site.port = portOf(group, "port", transport);
  const bool named = rules::addressFamily(site.host) == 0;
  site.srv = named && group.find("port") == nullptr;
  site.backups = readBackups(group, transport);
  site.domain = group.text("domain", rules::kHost, site.host);
  site.tlsServerName = group.text("tls_server_name", rules::kDnsName, named ? site.host : "");
}

void checkServers(Group& group, const SiteServers& site, const SipServerConfig& server) {
  const int family = rules::addressFamily(server.localAddress);
  for (const auto& backup : site.backups)
    if (rules::addressFamily(backup.address) != family)
      group.refuse("backups", "must be of the same IP version as sip_server.local_address");
  if (server.transport == Transport::Tls && server.tls.verify && site.tlsServerName.empty())
    group.refuse("tls_server_name",
                 "is missing; host is an address, and the certificate's name must be known");
}

/// An address that is no name has to be of the local one's IP version.
bool fits(const std::string& host, const SipServerConfig& server) {
  const int family = rules::addressFamily(host);
  return family == 0 || family == rules::addressFamily(server.localAddress);
}

}  // namespace

SipServerConfig readSipServer(Group group) {
  SipServerConfig server;
  server.transport = group.choice<Transport>(
      "transport", {{"udp", Transport::Udp}, {"tcp", Transport::Tcp}, {"tls", Transport::Tls}},
      server.transport);
  readServers(group, server, server.transport);
  server.probeInterval = duration(group, "probe_interval_ms", 1000, 60000, server.probeInterval);
  server.registersPerSecond =
      static_cast<unsigned>(group.integer("registers_per_s", 1, 10000, server.registersPerSecond));
  server.invitesPerSecond =
      static_cast<unsigned>(group.integer("invites_per_s", 0, 10000, server.invitesPerSecond));
  server.localAddress = group.text("local_address", rules::kAddress);
  server.advertisedAddress = group.text("advertised_address", rules::kAddress, server.localAddress);
  server.localPort = portOf(group, "local_port", server.transport);
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
  if (server.sessionExpires.count() > 0 && server.sessionExpires < server.sessionMin)
    group.refuse("session_expires_s", "must be 0 or at least session_min_s");
  server.userAgent = group.text("user_agent", rules::kProduct, server.userAgent);
  server.tls = readTls(group, server.transport == Transport::Tls);
  checkServers(group, server, server);
  if (!fits(server.advertisedAddress, server))
    group.refuse("advertised_address",
                 "must be of the same IP version as sip_server.local_address");
  if (!fits(server.host, server))
    group.refuse("local_address", "must be of the same IP version as sip_server.host");
  group.finish();
  return server;
}

std::optional<SiteServers> readSecondSite(Group& file, const SipServerConfig& server) {
  // Without the group its options are asked for all the same: they are known.
  Reading none("none");
  const bool there = file.find("second_site") != nullptr;
  Group group = there ? file.group("second_site") : Group(none, nullptr, "second_site");
  SiteServers site;
  readServers(group, site, server.transport);
  if (!there) {
    file.reading().known.merge(none.known);
    return std::nullopt;
  }
  checkServers(group, site, server);
  if (!fits(site.host, server))
    group.refuse("host", "must be of the same IP version as sip_server.local_address");
  group.finish();
  return site;
}

}  // namespace genesys::settings
