// Inside of user_agent: the nua_t, its event callback and what a handle is bound to. For sip/ only;
// SIP loop.
#pragma once

#include <sofia-sip/nua.h>
#include <sofia-sip/sip.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sip/connection_watch.hpp"
#include "sip/intake.hpp"
#include "sip/peer_filter.hpp"
#include "sip/stack_log.hpp"
#include "sip/tls_files.hpp"
#include "sip/user_agent.hpp"
#include "sip/wire_tap.hpp"

namespace genesys::sip {

/// Whoever owns a nua handle gets its events. Bound as hmagic.
class NuaHandleOwner {
 public:
  virtual ~NuaHandleOwner() = default;
  virtual void onNua(nua_event_t event, int status, const char* phrase, const sip_t* sip) = 0;
};

/// A SIP Server, and which site's it is.
struct KnownServer {
  ServerTarget target;
  unsigned site = 0;
};

class NuaStack {
 public:
  NuaStack(SofiaLoop& loop, UserAgentConfig config, UserAgent::Handlers handlers);
  /// After shutDown() has called back (or open() has failed).
  ~NuaStack();
  NuaStack(const NuaStack&) = delete;
  NuaStack& operator=(const NuaStack&) = delete;

  Result<Done> open();
  void admit(unsigned site, const std::vector<ServerTarget>& servers);
  void trust(const std::vector<std::string>& peers);
  void setServer(unsigned site, const ServerTarget& server);
  void shutDown(std::function<void()> done);
  void tap(WireTap::OnMessage onMessage);

  nua_t* nua() const { return nua_; }
  const UserAgentConfig& config() const { return config_; }
  uint64_t droppedStrangers() const { return filter_.dropped(); }
  uint64_t refusedFlood() const { return intake_.refused(); }
  std::string connectionFault() const;
  /// A SIP Server has answered: what was wrong with the connection is over.
  void answered(const ServerTarget& server) {
    if (log_) log_->clear();
    if (watch_ && !tcpBesideUdp()) watch_->answered(server);
  }

  std::string uri(const std::string& user, unsigned site) const;  ///< sip:user@domain
  std::string contact(const std::string& user) const;  ///< sip:user@advertised:port[;transport=...]
  /// Request-URI outside a dialog: sip:user@address of SIP Server, or the server itself for "". It
  /// names the address and not the domain, so that sofia-sip has nothing to look up.
  std::string target(const std::string& user, unsigned site) const;
  std::string urlOf(const ServerTarget& server) const;
  /// The server in use at a site.
  const ServerTarget& server(unsigned site) const { return config_.sites[site].server; }
  /// The server that the request under way came from: by its address, since the port of a
  /// connection that SIP Server has opened is any.
  KnownServer sender() const;
  /// Requests of `handle`, those inside its dialog too, go to `server`. Without effect but with
  /// TLS: there it names who the certificate must be for, which no Contact and no address tells.
  void bindTo(nua_handle_t* handle, const ServerTarget& server) const;
  /// The site that a server belongs to; 0 for an unknown one.
  unsigned siteOf(const ServerTarget& server) const;

 private:
  static void callback(nua_event_t event, int status, char const* phrase, nua_t* nua,
                       nua_magic_t* magic, nua_handle_t* handle, nua_hmagic_t* owner,
                       sip_t const* sip, tagi_t tags[]);
  Result<Done> admitPeers();
  void watchConnections();
  bool tcpBesideUdp() const { return config_.transport == Transport::Udp && config_.udpMtu > 0; }
  std::string bindUrl() const;
  const char* transportName() const;
  std::string transportParameter() const;
  nua_t* create(const std::string& bind, const std::string& certificates);
  void onUnbound(nua_event_t event, nua_handle_t* handle, const sip_t* sip);
  void invited(nua_handle_t* handle, const sip_t* sip);
  void answerOptions(nua_handle_t* handle);

  SofiaLoop& loop_;
  UserAgentConfig config_;
  UserAgent::Handlers handlers_;
  Intake intake_;
  nua_t* nua_ = nullptr;
  std::function<void()> onShutDown_;
  PeerFilter filter_;
  std::vector<KnownServer> servers_;        ///< all that are admitted
  std::vector<std::string> formerServers_;  ///< addresses of all that ever were: calls may go on
  TlsFiles tlsFiles_;
  std::unique_ptr<WireTap> tap_;            ///< while somebody reads
  std::unique_ptr<StackLog> log_;           ///< with TLS
  std::unique_ptr<ConnectionWatch> watch_;  ///< with TCP and TLS
};

/// Extra headers as one block for SIPTAG_HEADER_STR, which takes them line by line.
std::string headerBlock(const std::vector<SipHeader>& headers);

/// "Digest:\"realm\":user:password" for nua_authenticate() if `sip` challenges with a realm that
/// `dn` may answer; "" if it must not be answered. `stale` is set if the server says so.
std::string credentialsFor(const DnCredentials& dn, const sip_t* sip, bool* stale);

std::unique_ptr<Dialog> makeIncomingDialog(NuaStack& stack, nua_handle_t* handle,
                                           const SipMessage& invite);
std::unique_ptr<Dialog> makeOutgoingDialog(NuaStack& stack, const DnCredentials& dn,
                                           const std::string& target);
std::unique_ptr<OutOfDialogRequest> makeOutOfDialogMessage(NuaStack& stack, const DnCredentials& dn,
                                                           const std::string& target,
                                                           const SipContent& content,
                                                           OutOfDialogRequest::OnAnswer onAnswer);
std::unique_ptr<OutOfDialogRequest> makeProbe(NuaStack& stack, const ServerTarget& server,
                                              OutOfDialogRequest::OnAnswer onAnswer);
std::unique_ptr<Subscription> makeSubscription(NuaStack& stack, const DnCredentials& dn,
                                               SubscriptionRequest request,
                                               Subscription::OnNews onNews);
std::unique_ptr<RegistrationPort> makeRegistrationPort(NuaStack& stack, const DnCredentials& dn,
                                                       RegistrationPort::OnAnswer onAnswer);

}  // namespace genesys::sip
