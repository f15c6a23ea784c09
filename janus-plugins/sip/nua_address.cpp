// Where requests go and what they name: the stack's URIs, and the server that a handle keeps to.
// SIP loop.
#include <fmt/format.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nua_tag.h>

#include <algorithm>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {

std::string NuaStack::uri(const std::string& user, unsigned site) const {
  return sipUri(user, config_.sites[site].domain);
}

std::string NuaStack::contact(const std::string& user) const {
  return sipUri(user, hostPort(config_.advertisedAddress, config_.localPort)) +
         transportParameter();
}

std::string NuaStack::target(const std::string& user, unsigned site) const {
  const auto& [address, port] = server(site);
  if (address.empty()) return uri(user, site);
  return sipUri(user, hostPort(address, port)) + transportParameter();
}

std::string NuaStack::urlOf(const ServerTarget& server) const {
  return sipUri("", hostPort(server.address, server.port)) + transportParameter();
}

const char* NuaStack::transportName() const {
  switch (config_.transport) {
    case Transport::Tcp:
      return "tcp";
    case Transport::Tls:
      return "tls";
    case Transport::Udp:
      break;
  }
  return "udp";
}

std::string NuaStack::transportParameter() const {
  return config_.transport == Transport::Udp ? "" : fmt::format(";transport={}", transportName());
}

// sofia-sip holds the certificate against the host of the URL that a request is routed by, and
// connects to its maddr.
void NuaStack::bindTo(nua_handle_t* handle, const ServerTarget& server) const {
  if (config_.transport != Transport::Tls || !config_.tls.verify || server.address.empty()) return;
  const std::string route =
      fmt::format("sip:{};maddr={};transport=tls",
                  hostPort(config_.sites[siteOf(server)].tlsServerName, server.port),
                  hostPort(server.address, 0));
  nua_set_hparams(handle, NUTAG_PROXY(route.c_str()), TAG_END());
}

unsigned NuaStack::siteOf(const ServerTarget& server) const {
  const auto known = std::ranges::find(servers_, server, &KnownServer::target);
  return known == servers_.end() ? 0 : known->site;
}

KnownServer NuaStack::sender() const {
  KnownServer sender{server(0), 0};
  msg_t* request = nua_current_request(nua_);
  if (request == nullptr) return sender;
  char text[SU_ADDRSIZE] = "";
  const su_sockaddr_t* source = msg_addr(request);
  if (su_inet_ntop(source->su_family, SU_ADDR(source), text, sizeof text) == nullptr) return sender;
  const uint16_t port = ntohs(source->su_port);
  // The same address may have several ports; the port of a connection of the server's own is any.
  const KnownServer* found = nullptr;
  for (const KnownServer& known : servers_)
    if (known.target.address == text && (found == nullptr || known.target.port == port))
      found = &known;
  if (found != nullptr) return *found;
  sender.target.address = text;
  return sender;
}

std::string NuaStack::connectionFault() const {
  if (!log_ || log_->tlsFault().empty()) return "";
  return fmt::format("TLS with {}: {}", hostPort(server(0).address, server(0).port),
                     log_->tlsFault());
}

}  // namespace genesys::sip
