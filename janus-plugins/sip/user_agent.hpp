// The one SIP stack of the gateway: all DNs register, call and are called through it. Wraps
// sofia-sip's nua_t; lives on the SIP loop and is made and destroyed there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "sip/dialog.hpp"
#include "sip/dn_trace.hpp"
#include "sip/registration_machine.hpp"
#include "sip/server_list.hpp"
#include "sip/sofia_loop.hpp"
#include "sip/transport.hpp"
#include "util/result.hpp"

namespace genesys::sip {

/// A site of SIP Server. With several, DNs register at all of them.
struct SiteConfig {
  ServerTarget server;        ///< its address is "" until it is known
  std::string domain;         ///< hostport of the DNs' URIs
  std::string tlsServerName;  ///< that the certificate must carry
};

struct UserAgentConfig {
  std::string localAddress;       ///< IP literal the socket is bound to
  std::string advertisedAddress;  ///< that Contact and Via name
  uint16_t localPort = 5060;
  Transport transport = Transport::Udp;   ///< of our requests, and of the listener on the port
  TlsSettings tls;                        ///< with Transport::Tls
  std::vector<SiteConfig> sites;          ///< one or more
  std::vector<std::string> trustedPeers;  ///< IP literals whose packets are read at all
  std::string userAgent;
  Seconds sessionExpires{1800};  ///< session timer that is asked for (RFC 4028); 0: none
  Seconds sessionMin{90};        ///< the shortest that is agreed to
  /// Octets of a request that go by UDP; a longer one goes by TCP (RFC 3261 section 18.1.1), and a
  /// TCP listener stands beside the UDP socket. 0: everything goes by UDP.
  unsigned udpMtu = 0;
  unsigned invitesPerSecond = 0;    ///< new calls that each peer may bring; 0: no limit
  Seconds keepalive{10};            ///< of silence until a TCP or TLS connection is tried
  Millis transactionTimeout{4000};  ///< request without any answer; 64*T1 of RFC 3261 is 32 s
};

struct DnCredentials {
  std::string dn;
  std::string displayName;
  std::string authUser;
  std::string password;  ///< empty: no digest is ever answered
  std::string realm;     ///< the only realm that gets an answer; empty: any
  unsigned site = 0;     ///< that requests go to, by its place in UserAgentConfig::sites
};

/// REGISTER transactions of one DN.
class RegistrationPort {
 public:
  using OnAnswer = std::function<void(const RegistrationMachine::Answer&)>;
  virtual ~RegistrationPort() = default;
  virtual void sendRegister(Seconds expires) = 0;
  virtual void sendQuery() = 0;
  /// Repeats the challenged request with credentials.
  virtual void authenticate() = 0;
  /// Forgets a request that got no final answer.
  virtual void abandon() = 0;
  /// For challenges from now on.
  virtual void setCredentials(const DnCredentials& dn) = 0;
};

/// One request outside of any dialog, under way; destroying it forgets the answer.
class OutOfDialogRequest {
 public:
  using OnAnswer = std::function<void(int status, const std::string& phrase)>;
  virtual ~OutOfDialogRequest() = default;
};

/// What a DN wants to hear of a user of SIP Server. Strings are checked by the caller.
struct SubscriptionRequest {
  std::string target;  ///< user part
  std::string event;   ///< event package, a token
  std::string accept;  ///< media type; "" for the package's own
  Seconds ttl{1800};
};

/// A subscription (RFC 6665), refreshed by itself; destroying it ends it.
class Subscription {
 public:
  struct Answered {
    int status = 0;
    std::string phrase;
  };  ///< final, of each SUBSCRIBE
  struct Notified {
    SipMessage message;
  };  ///< answered 200 already
  using News = std::variant<Answered, Notified>;
  /// Must not destroy the subscription.
  using OnNews = std::function<void(const News&)>;
  virtual ~Subscription() = default;
  /// Asks again, within the same dialog; SIP Server answers with a NOTIFY of the whole state.
  virtual void refresh(Seconds ttl) = 0;
};

class UserAgent {
 public:
  struct Handlers {
    /// An INVITE outside any dialog. The receiver owns the dialog and must respond to it.
    std::function<void(std::unique_ptr<Dialog>, const SipMessage&)> onInvite;
    /// A MESSAGE outside any dialog; false: nobody is there for it (404).
    std::function<bool(const SipMessage&)> onMessage;
    /// An OPTIONS outside any dialog; the status to answer, 200 or 503.
    std::function<int()> onOptions;
    /// The connection to a SIP Server (TCP, TLS) is gone; the next request opens another.
    std::function<void(const ServerTarget&)> onConnectionLost;
  };

  virtual ~UserAgent() = default;
  virtual std::unique_ptr<RegistrationPort> registrationPort(
      const DnCredentials& dn, RegistrationPort::OnAnswer onAnswer) = 0;
  /// A dialog for an outgoing call of `dn` to a user part at SIP Server.
  virtual std::unique_ptr<Dialog> dialogTo(const DnCredentials& dn, const std::string& target) = 0;
  /// A MESSAGE of `dn` to a user part at SIP Server; `onAnswer` is called once with the final
  /// status.
  virtual std::unique_ptr<OutOfDialogRequest> message(const DnCredentials& dn,
                                                      const std::string& target,
                                                      const SipContent& content,
                                                      OutOfDialogRequest::OnAnswer onAnswer) = 0;
  /// Packets from these servers are read from now on, whichever of them is in use: calls go on at
  /// the one that they were set up with.
  virtual void admit(unsigned site, const std::vector<ServerTarget>& servers) = 0;
  /// Who may send packets besides the servers, in place of those of UserAgentConfig.
  virtual void trust(const std::vector<std::string>& peers) = 0;
  /// Requests outside of dialogs go there from now on.
  virtual void setServer(unsigned site, const ServerTarget& server) = 0;
  /// OPTIONS to a server; `onAnswer` is called once with the final status, 408 for silence.
  virtual std::unique_ptr<OutOfDialogRequest> probe(const ServerTarget& server,
                                                    OutOfDialogRequest::OnAnswer onAnswer) = 0;
  virtual std::unique_ptr<Subscription> subscribe(const DnCredentials& dn,
                                                  SubscriptionRequest request,
                                                  Subscription::OnNews onNews) = 0;
  /// sip:user@domain of the site, as our requests name a user at SIP Server.
  virtual std::string uriOf(const std::string& user, unsigned site) const = 0;
  /// Why no connection to SIP Server comes about, in words; "" if nothing is known to be wrong.
  virtual std::string connectionFault() const = 0;
  /// Tells every message that goes over the wire; nullptr: no more. `onMessage` is not called
  /// within this.
  virtual void tap(std::function<void(const WireMessage&)> onMessage) = 0;
  /// Packets that were dropped unread because their source is no configured peer.
  virtual uint64_t droppedStrangers() const = 0;
  /// INVITEs that were refused because their peer brought too many.
  virtual uint64_t refusedFlood() const = 0;
  /// Ends the stack; `done` is called on the loop when the object may be destroyed. Destroy every
  /// dialog and port first, else it waits for them up to 30 s.
  virtual void shutDown(std::function<void()> done) = 0;
};

/// Binds the socket; on the SIP loop. Fails with the reason (address in use, not ours, ...).
Result<std::unique_ptr<UserAgent>> makeUserAgent(SofiaLoop& loop, const UserAgentConfig& config,
                                                 UserAgent::Handlers handlers);

}  // namespace genesys::sip
