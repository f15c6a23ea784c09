#include "sip/nua_stack.hpp"

#include <arpa/inet.h>

#include <fmt/format.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su_tag_io.h>
#include <sofia-sip/tport_tag.h>

#include <algorithm>
#include <utility>

#include "sip/address.hpp"
#include "sip/phrase.hpp"
#include "util/log.hpp"

namespace genesys::sip {
namespace {

constexpr const char* kAllow =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO, UPDATE, MESSAGE, REFER, PRACK";
// Octets of one message; more than any real one, and rule 2 of the security rules.
constexpr unsigned kMaxMessage = 16 * 1024;
constexpr unsigned kMaxDatagram = 65535;
// Seconds until a peer that was told 503 may ask again: while the gateway drains, and in a flood.
constexpr const char* kRetryAfter = "30";
constexpr const char* kFloodRetryAfter = "5";

/// The address that the request being told has come from; "" if it is made up by the stack.
std::string sourceOf(const nua_t* nua) {
  const msg_t* request = nua_current_request(nua);
  if (request == nullptr) return "";
  const su_sockaddr_t* from = msg_addr(const_cast<msg_t*>(request));
  char text[INET6_ADDRSTRLEN] = "";
  const void* address = from->su_family == AF_INET6
                            ? static_cast<const void*>(&from->su_sin6.sin6_addr)
                            : &from->su_sin.sin_addr;
  return inet_ntop(from->su_family, address, text, sizeof text) != nullptr ? text : "";
}

// Certificates between SIP Server's own and the authority.
constexpr unsigned kCertificateChain = 4;

unsigned tlsPolicy(const TlsSettings& tls) {
  return (tls.verify ? TPTLS_VERIFY_SUBJECTS_OUT : TPTLS_VERIFY_NONE) |
         (tls.askClients ? TPTLS_VERIFY_INCOMING : TPTLS_VERIFY_NONE);
}

const char* textOr(const char* text, const char* otherwise) {
  return text != nullptr ? text : otherwise;
}

}  // namespace

NuaStack::NuaStack(SofiaLoop& loop, UserAgentConfig config, UserAgent::Handlers handlers)
    : loop_(loop),
      config_(std::move(config)),
      handlers_(std::move(handlers)),
      intake_(config_.invitesPerSecond) {
  if (config_.sites.empty()) config_.sites.emplace_back();
  if (config_.advertisedAddress.empty()) config_.advertisedAddress = config_.localAddress;
}

NuaStack::~NuaStack() {
  if (nua_ != nullptr) nua_destroy(nua_);
}

Result<Done> NuaStack::open() {
  hearStack();
  const std::string bind = bindUrl();
  std::string certificates;
  if (config_.transport == Transport::Tls) {
    log_ = std::make_unique<StackLog>();
    if (auto written = tlsFiles_.write(config_.tls); !written) return written;
    certificates = tlsFiles_.folder();
  }
  nua_ = create(bind, certificates);
  tlsFiles_.remove();
  if (nua_ == nullptr)
    return Failure{
        fmt::format("SIP socket {} port {} ({}) cannot be opened: in use, or no address "
                    "of this host",
                    config_.localAddress, config_.localPort, transportName())};
  if (config_.transport != Transport::Udp || tcpBesideUdp()) watchConnections();
  return admitPeers();
}

// What the server in use is told by nothing else: its connection may be lost in silence, and SIP
// Server may have lost the registrations with it.
void NuaStack::watchConnections() {
  watch_ = std::make_unique<ConnectionWatch>(
      loop_, ConnectionWatch::Settings{config_.localAddress, config_.localPort, config_.keepalive},
      [this](const ServerTarget& server) {
        // Beside UDP a connection carries long requests only, and nobody registers by it.
        if (handlers_.onConnectionLost && !tcpBesideUdp()) handlers_.onConnectionLost(server);
      });
}

// sofia-sip binds to the maddr of the URL and puts its host into Via. It listens by TLS under a
// sips: URL alone (our Contacts and targets stay sip: ones), and by UDP and TCP under one without a
// transport.
std::string NuaStack::bindUrl() const {
  const bool tls = config_.transport == Transport::Tls;
  std::string url = fmt::format("{}:{};maddr={}", tls ? "sips" : "sip",
                                hostPort(config_.advertisedAddress, config_.localPort),
                                hostPort(config_.localAddress, 0));
  if (!tcpBesideUdp()) url += fmt::format(";transport={}", transportName());
  return url;
}

nua_t* NuaStack::create(const std::string& bind, const std::string& certificates) {
  const bool tls = !certificates.empty();
  const unsigned policy = tlsPolicy(config_.tls);
  // Media stays off: sofia's SDP parser never sees a byte, offer/answer is ours. Automatic answers
  // are off where a call decides.
  // A 100 is told: SIP Server is there, though its 180 may be lost.
  // PRACK stays with the stack: it acknowledges reliable responses, and sends ours reliably when
  // the caller requires it, a 183 also when the caller can (RFC 3262).
  // 302, 305 and Retry-After are answers like any other. The stack would follow the former by
  // itself, to any address and with the DN's digest, and keep the latter from us until it has tried
  // again: whom to ask is a matter of the configuration, and when, one of call and registration.
  return nua_create(loop_.root(), &NuaStack::callback, reinterpret_cast<nua_magic_t*>(this),
                    NUTAG_URL(bind.c_str()), NUTAG_MEDIA_ENABLE(0), NUTAG_AUTOALERT(0),
                    NUTAG_AUTOANSWER(0), NUTAG_AUTOACK(1), NUTAG_ENABLEMESSAGE(1), NUTAG_AUTO302(0),
                    NUTAG_AUTO305(0), NUTAG_MAX_RETRY_AFTER(0),
                    NUTAG_SESSION_TIMER(static_cast<unsigned>(config_.sessionExpires.count())),
                    NUTAG_MIN_SE(static_cast<unsigned>(config_.sessionMin.count())),
                    NUTAG_OUTBOUND("no-outbound no-validate no-options-keepalive no-natify"),
                    NUTAG_ALLOW(static_cast<const char*>(nullptr)), NUTAG_ALLOW(kAllow),
                    NUTAG_APPL_METHOD(static_cast<const char*>(nullptr)),
                    NUTAG_APPL_METHOD("INVITE, NOTIFY, UPDATE, INFO, REFER, MESSAGE, OPTIONS"),
                    SIPTAG_SUPPORTED_STR("timer, 100rel, replaces"),
                    SIPTAG_USER_AGENT_STR(config_.userAgent.c_str()), NTATAG_MAXSIZE(kMaxMessage),
                    NTATAG_UDP_MTU(tcpBesideUdp() ? config_.udpMtu : kMaxDatagram),
                    NTATAG_PASS_100(1), NTATAG_USE_NAPTR(0), NTATAG_USE_SRV(0),
                    TAG_IF(tls, NUTAG_CERTIFICATE_DIR(certificates.c_str())),
                    TAG_IF(tls, TPTAG_TLS_VERIFY_POLICY(policy)),
                    TAG_IF(tls, TPTAG_TLS_VERIFY_DEPTH(kCertificateChain)), TAG_END());
}

Result<Done> NuaStack::admitPeers() {
  std::vector<std::string> peers = config_.trustedPeers;
  peers.insert(peers.end(), formerServers_.begin(), formerServers_.end());
  for (const SiteConfig& site : config_.sites)
    if (!site.server.address.empty()) peers.push_back(site.server.address);
  std::ranges::sort(peers);
  peers.erase(std::ranges::unique(peers).begin(), peers.end());
  return filter_.attach(config_.localAddress, config_.localPort, peers);
}

void NuaStack::admit(unsigned site, const std::vector<ServerTarget>& servers) {
  std::erase_if(servers_, [site](const KnownServer& known) { return known.site == site; });
  for (const ServerTarget& server : servers) {
    servers_.push_back({server, site});
    if (std::ranges::find(formerServers_, server.address) == formerServers_.end())
      formerServers_.push_back(server.address);
  }
  if (watch_) {
    std::vector<ServerTarget> all;
    for (const KnownServer& known : servers_) all.push_back(known.target);
    watch_->setServers(std::move(all));
  }
  if (const auto admitted = admitPeers(); !admitted)
    logError("SIP Server's addresses are not admitted: {}", admitted.error());
}

void NuaStack::trust(const std::vector<std::string>& peers) {
  config_.trustedPeers = peers;
  if (const auto admitted = admitPeers(); !admitted)
    logError("trusted peers are not admitted: {}", admitted.error());
}

void NuaStack::setServer(unsigned site, const ServerTarget& server) {
  logInfo("SIP Server{} is at {}", site == 0 ? "" : " of the second site",
          hostPort(server.address, server.port));
  config_.sites[site].server = server;
}

void NuaStack::tap(WireTap::OnMessage onMessage) {
  tap_.reset();
  if (onMessage) tap_ = std::make_unique<WireTap>(std::move(onMessage));
  nua_set_params(nua_, TPTAG_LOG(tap_ ? 1 : 0), TAG_END());
}

void NuaStack::shutDown(std::function<void()> done) {
  onShutDown_ = std::move(done);
  watch_.reset();
  if (nua_ != nullptr) return nua_shutdown(nua_);
  std::exchange(onShutDown_, nullptr)();
}

void NuaStack::callback(nua_event_t event, int status, char const* phrase, nua_t*,
                        nua_magic_t* magic, nua_handle_t* handle, nua_hmagic_t* owner,
                        sip_t const* sip, tagi_t*) {
  auto* self = reinterpret_cast<NuaStack*>(magic);
  if (event == nua_r_shutdown) {
    if (status >= 200 && self->onShutDown_) std::exchange(self->onShutDown_, nullptr)();
    return;
  }
  if (owner != nullptr)
    return reinterpret_cast<NuaHandleOwner*>(owner)->onNua(event, status, textOr(phrase, ""), sip);
  self->onUnbound(event, handle, sip);
}

void NuaStack::invited(nua_handle_t* handle, const sip_t* sip) {
  const std::string source = sourceOf(nua_);
  if (!intake_.admit(source, loop_.now())) {
    nua_respond(handle, SIP_503_SERVICE_UNAVAILABLE, SIPTAG_RETRY_AFTER_STR(kFloodRetryAfter),
                TAG_END());
    nua_handle_destroy(handle);
    return;
  }
  SipMessage message = readMessage(sip);
  message.source = source;
  message.site = sender().site;
  handlers_.onInvite(makeIncomingDialog(*this, handle, message), message);
}

// A request outside every dialog of ours: a new call, or something that belongs to none.
void NuaStack::onUnbound(nua_event_t event, nua_handle_t* handle, const sip_t* sip) {
  switch (event) {
    case nua_i_invite:
      return invited(handle, sip);
    case nua_i_notify:
    case nua_i_update:
    case nua_i_info:
      nua_respond(handle, SIP_481_NO_TRANSACTION, NUTAG_WITH_THIS(nua_), TAG_END());
      nua_handle_destroy(handle);
      return;
    case nua_i_message: {
      const SipMessage message = readMessage(sip);
      const bool taken = handlers_.onMessage && handlers_.onMessage(message);
      nua_respond(handle, taken ? 200 : 404, taken ? "OK" : "Not Found", NUTAG_WITH_THIS(nua_),
                  TAG_END());
      nua_handle_destroy(handle);
      return;
    }
    case nua_i_refer:  // the stack would accept it by itself, and nothing would be transferred
      nua_respond(handle, SIP_405_METHOD_NOT_ALLOWED, NUTAG_WITH_THIS(nua_), TAG_END());
      nua_handle_destroy(handle);
      return;
    case nua_i_options:
      answerOptions(handle);
      nua_handle_destroy(handle);
      return;
    default:
      return;  // late news of a handle that its owner has given up
  }
}

// Whether whoever asks should send new calls here (dialect, section 1; dispatchers do the same).
void NuaStack::answerOptions(nua_handle_t* handle) {
  const int status = handlers_.onOptions ? handlers_.onOptions() : 200;
  nua_respond(handle, status, reasonPhrase(status), NUTAG_WITH_THIS(nua_),
              TAG_IF(status == 503, SIPTAG_RETRY_AFTER_STR(kRetryAfter)), TAG_END());
}

// Extra headers as one block for SIPTAG_HEADER_STR, which takes them line by line. Their text has
// no controls (dialog.hpp).
std::string headerBlock(const std::vector<SipHeader>& headers) {
  std::string block;
  for (const SipHeader& header : headers)
    block += fmt::format("{}{}: {}", block.empty() ? "" : "\n", header.name, header.value);
  return block;
}

std::string credentialsFor(const DnCredentials& dn, const sip_t* sip, bool* stale) {
  if (sip == nullptr || dn.password.empty()) return "";
  const msg_auth_t* challenge = sip->sip_www_authenticate != nullptr ? sip->sip_www_authenticate
                                                                     : sip->sip_proxy_authenticate;
  if (challenge == nullptr) return "";
  const char* realm = msg_params_find(challenge->au_params, "realm=");
  const char* old = msg_params_find(challenge->au_params, "stale=");
  *stale = old != nullptr && unquote(old) == "true";
  if (realm == nullptr) return "";
  if (!dn.realm.empty() && unquote(realm) != dn.realm) {
    logWarning("DN {}: challenge for realm {} is not answered: only '{}' is configured", dn.dn,
               realm, dn.realm);
    return "";
  }
  // The realm goes in as it came, quotes included.
  return fmt::format("Digest:{}:{}:{}", realm, dn.authUser.empty() ? dn.dn : dn.authUser,
                     dn.password);
}

}  // namespace genesys::sip
