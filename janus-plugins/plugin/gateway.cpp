#include "plugin/gateway.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "api/json_writer.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "sip/address.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

constexpr Millis kFarewellPoll{50};
// DNS answers of SIP Server's name are asked for again this often.
constexpr Seconds kResolveInterval{30};

/// SRV name of the transport (RFC 3263 section 4.1).
const char* serviceOf(sip::Transport transport) {
  switch (transport) {
    case sip::Transport::Tcp:
      return "_sip._tcp.";
    case sip::Transport::Tls:
      return "_sips._tcp.";
    case sip::Transport::Udp:
      break;
  }
  return "_sip._udp.";
}

int familyOf(const std::string& address) {
  return address.find(':') == std::string::npos ? AF_INET : AF_INET6;
}

sip::SiteConfig siteOf(const settings::SiteServers& servers) {
  sip::SiteConfig site;
  if (sip::isIpLiteral(servers.host)) site.server.address = servers.host;
  site.server.port = servers.port;
  site.domain = servers.domain.empty() ? sip::hostPort(servers.host, servers.port) : servers.domain;
  site.tlsServerName = servers.tlsServerName;
  return site;
}

sip::UserAgentConfig agentConfig(const settings::Config& config) {
  sip::UserAgentConfig agent;
  agent.localAddress = config.sip.localAddress;
  agent.advertisedAddress = config.sip.advertisedAddress;
  agent.localPort = config.sip.localPort;
  agent.transport = config.sip.transport;
  agent.tls = config.sip.tls;
  agent.sites = {siteOf(config.sip)};
  if (config.secondSite) agent.sites.push_back(siteOf(*config.secondSite));
  agent.udpMtu = config.sip.largeByTcp ? config.sip.udpMtu : 0;
  agent.invitesPerSecond = config.sip.invitesPerSecond;
  agent.keepalive = config.sip.keepalive;
  agent.trustedPeers = peersOf(config);
  agent.userAgent = config.sip.userAgent;
  agent.sessionExpires = config.sip.sessionExpires;
  agent.sessionMin = config.sip.sessionMin;
  return agent;
}

}  // namespace

std::vector<std::string> peersOf(const settings::Config& config) {
  std::vector<std::string> peers = config.sip.trustedPeers;
  for (const dialplan::Trunk& trunk : config.dialPlan.trunks)
    peers.insert(peers.end(), trunk.addresses.begin(), trunk.addresses.end());
  return peers;
}

Gateway::Gateway(GatewayParts parts)
    : parts_(parts),
      signIn_(parts.config.signIn),
      admission_(parts.config),
      random_(Random::fromSystem()),
      ledger_(parts.scheduler, [this](const CallRecord& record) { callClosed(record); }) {}

Gateway::~Gateway() = default;

Result<Done> Gateway::open(sip::SofiaLoop& loop) {
  sip::UserAgent::Handlers handlers;
  handlers.onInvite = [this](std::unique_ptr<sip::Dialog> dialog, const sip::SipMessage& invite) {
    invited(std::move(dialog), invite);
  };
  handlers.onMessage = [this](const sip::SipMessage& message) {
    Line* addressed = line(message.requestUser);
    return addressed != nullptr && addressed->messageReceived(message);
  };
  handlers.onOptions = [this] { return drain_.on() || closing_ ? 503 : 200; };
  handlers.onConnectionLost = [this](const sip::ServerTarget& server) { connectionLost(server); };
  auto agent = sip::makeUserAgent(loop, agentConfig(parts_.config), std::move(handlers));
  if (!agent) return Failure{agent.error()};
  open(std::move(agent).value());
  return openCapture();
}

Result<Done> Gateway::openCapture() {
  if (parts_.config.hep.server.empty()) return Done{};
  auto capture = Capture::open(parts_.config);
  if (!capture) return Failure{capture.error()};
  tracing_.capture(std::move(capture).value());
  return Done{};
}

void Gateway::open(std::unique_ptr<sip::UserAgent> agent) {
  agent_ = std::move(agent);
  openSite(parts_.config.sip);
  if (parts_.config.secondSite) openSite(*parts_.config.secondSite);
  for (const auto& [number, dn] : parts_.config.dns)
    lines_.emplace(number, std::make_unique<Line>(*this, dn));
  forEachLine([](Line& line) { line.start(true); });
  warnOfReadableKeys();
}

void Gateway::forEachLine(std::function<void(Line&)> act) {
  round_ = std::make_unique<Pace>(parts_.scheduler, parts_.config.sip.registersPerSecond);
  round_->beginAtOnce(roundOf(std::move(act)));
}

// By number, since a line may go while the round is under way.
Pace::Each Gateway::roundOf(std::function<void(Line&)> act) {
  std::vector<std::string> numbers;
  for (const auto& [number, line] : lines_) numbers.push_back(number);
  return [this, numbers = std::move(numbers), act = std::move(act)](size_t index) {
    if (index >= numbers.size() || closing_) return false;
    if (Line* found = line(numbers[index])) act(*found);
    return true;
  };
}

// SDES keys stand in SDP: whoever reads the SIP messages can listen (RFC 4568 section 9.1).
void Gateway::warnOfReadableKeys() const {
  if (parts_.config.sip.transport == sip::Transport::Tls) return;
  const auto encrypted = [](const auto& entry) {
    return entry.second.srtp.policy != sdp::SrtpPolicy::Off;
  };
  const auto& dns = parts_.config.dns;
  if (const auto count = std::count_if(dns.begin(), dns.end(), encrypted); count > 0)
    logWarning(
        "{} DN(s) use SRTP, and their keys travel in SIP without TLS: readable by everybody "
        "who can read this network",
        count);
}

void Gateway::openSite(const settings::SiteServers& servers) {
  const settings::SipServerConfig& sip = parts_.config.sip;
  const auto number = static_cast<unsigned>(sites_.size());
  ServerPool::Settings settings;
  settings.site = number;
  settings.list.probeInterval = sip.probeInterval;
  settings.list.probeAlone = parts_.config.secondSite.has_value();
  settings.probeTimeout = std::min<Millis>(settings.probeTimeout, sip.transactionTimeout);
  settings.registersPerSecond = sip.registersPerSecond;
  sites_.emplace_back();
  sites_.back().servers = &servers;
  sites_.back().pool =
      std::make_unique<ServerPool>(parts_.scheduler, *agent_, settings, [this, number] {
        return roundOf(
            [number](Line& line) { line.dn().registration().at(number).serverChanged(); });
      });
  if (sip::isIpLiteral(servers.host)) return setServers(number, {{servers.host, servers.port}});
  sip::ServerLookup lookup(
      {servers.host, servers.port, servers.srv ? serviceOf(sip.transport) : ""},
      sip::systemDns(familyOf(sip.localAddress)));
  sites_.back().resolver = std::make_unique<sip::ServerResolver>(
      parts_.scheduler, servers.host, kResolveInterval,
      [this, number](const std::vector<sip::ServerTarget>& found) {
        if (number < sites_.size() && !closing_) setServers(number, found);
      },
      std::move(lookup), Random::fromSystem());
}

// What the name says comes first, the backups behind it.
void Gateway::setServers(unsigned site, std::vector<sip::ServerTarget> servers) {
  const auto& backups = sites_[site].servers->backups;
  servers.insert(servers.end(), backups.begin(), backups.end());
  sites_[site].pool->setTargets(std::move(servers));
}

const sip::ServerTarget* Gateway::server(unsigned site) const {
  return site < sites_.size() ? sites_[site].pool->current() : nullptr;
}

std::optional<bool> Gateway::serverAnswers(unsigned site) const {
  return site < sites_.size() ? sites_[site].pool->answers() : std::nullopt;
}

void Gateway::registerWent(unsigned site, int status) {
  measures_.registerWent(site, status);
  if (site < sites_.size() && !closing_) sites_[site].pool->requestWent(sip::serves(status));
}

void Gateway::connectionLost(const sip::ServerTarget& server) {
  if (closing_) return;
  for (const Site& site : sites_) site.pool->connectionLost(server);
}

void Gateway::invited(std::unique_ptr<sip::Dialog> dialog, const sip::SipMessage& invite) {
  const bool known = line(invite.requestUser) != nullptr;
  dialog = ledger_.incoming(std::move(dialog), invite, known ? invite.requestUser : "");
  if (closing_) return dialog->respond(503, "Service Unavailable", {});
  if (drain_.refuses(invite)) return drain_.refuse(*dialog, invite);
  switchboard_.invited(std::move(dialog), invite);
}

void Gateway::callClosed(const CallRecord& record) {
  measures_.callEnded(record);
  if (parts_.cdr != nullptr) parts_.cdr->write(api::textOf(toJson(record)));
}

void Gateway::addSession(std::shared_ptr<HandlePort> port) {
  const PageId page = port->page();
  sessions_.emplace(page, std::make_unique<Session>(*this, std::move(port)));
}

void Gateway::request(PageId page, const std::string& transaction,
                      const Result<api::Request, api::ApiError>& request, bool withJsep) {
  Session* target = session(page);
  if (target == nullptr) return;  // detached meanwhile
  if (!request && withJsep) target->offerUnused();
  if (!request) return target->refuse(request.error(), transaction);
  target->handle(request.value(), transaction);
}

void Gateway::peerConnectionUp(PageId page) {
  if (Session* target = session(page)) target->peerConnectionUp();
}

void Gateway::peerConnectionDown(PageId page) {
  if (Session* target = session(page)) target->peerConnectionDown();
}

void Gateway::removeSession(PageId page) {
  // Out of the map first: nothing finds the page any more while it takes its leave.
  const auto node = sessions_.extract(page);
}

Line* Gateway::line(const std::string& number) {
  const auto found = lines_.find(number);
  return found == lines_.end() ? nullptr : found->second.get();
}

Session* Gateway::session(PageId page) {
  const auto found = sessions_.find(page);
  return found == sessions_.end() ? nullptr : found->second.get();
}

size_t Gateway::pagesOf(const std::string& subject, const std::string& number) const {
  return static_cast<size_t>(
      std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
        const Line* line = entry.second->line();
        return line != nullptr && entry.second->subject() == subject &&
               line->config().number != number;
      }));
}

size_t Gateway::callsOf(const std::string& subject) const {
  size_t calls = 0;
  for (const auto& [page, session] : sessions_)
    if (session->line() != nullptr && !session->isHelper() && session->subject() == subject)
      calls += session->line()->dn().calls().size();
  return calls;
}

void Gateway::shutDown(Millis limit, std::function<void()> done) {
  closing_ = true;
  onShutDown_ = std::move(done);
  switchboard_.close();
  for (const auto& [number, line] : lines_) {
    line->endCalls(503, "the gateway is shutting down");
    line->endSubscriptions();
    line->dn().registration().stop();
  }
  awaitFarewell(parts_.scheduler.now() + limit);
}

void Gateway::awaitFarewell(MonoTime deadline) {
  const bool waiting = std::any_of(lines_.begin(), lines_.end(), [](const auto& entry) {
    return entry.second->dn().registration().state().phase != sip::RegistrationState::Phase::Off;
  });
  if (waiting && parts_.scheduler.now() < deadline) {
    farewellTimer_ =
        parts_.scheduler.after(kFarewellPoll, [this, deadline] { awaitFarewell(deadline); });
    return;
  }
  closeStack();
}

void Gateway::closeStack() {
  round_.reset();
  tracing_.close();
  sites_.clear();
  while (!sessions_.empty()) removeSession(sessions_.begin()->first);
  lines_.clear();
  if (!agent_) return std::exchange(onShutDown_, nullptr)();
  agent_->shutDown([this] { std::exchange(onShutDown_, nullptr)(); });
}

}  // namespace genesys::plugin
