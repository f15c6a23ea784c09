// Where requests go and what they name: the stack's URIs, and the server that a handle keeps to.
// SIP loop.
#include <fmt/format.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nua_tag.h>

#include <algorithm>

#include "sip/address.hpp"
#include "sip/nua_stack.hpp"

namespace genesys::sip {

std::string NuaStack::uri(const std::string& user) const {
  return sipUri(user, config_.domain);
}

std::string NuaStack::contact(const std::string& user) const {
  return sipUri(user, hostPort(config_.advertisedAddress, config_.localPort)) +
         transportParameter();
}

std::string NuaStack::target(const std::string& user) const {
  if (config_.serverAddress.empty()) return sipUri(user, config_.domain);
  return sipUri(user, hostPort(config_.serverAddress, config_.serverPort)) + transportParameter();
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
      fmt::format("sip:{};maddr={};transport=tls", hostPort(config_.tls.serverName, server.port),
                  hostPort(server.address, 0));
  nua_set_hparams(handle, NUTAG_PROXY(route.c_str()), TAG_END());
}

ServerTarget NuaStack::sender() const {
  ServerTarget sender = server();
  msg_t* request = nua_current_request(nua_);
  if (request == nullptr) return sender;
  char text[SU_ADDRSIZE] = "";
  const su_sockaddr_t* source = msg_addr(request);
  if (su_inet_ntop(source->su_family, SU_ADDR(source), text, sizeof text) == nullptr) return sender;
  const auto known = std::ranges::find(servers_, std::string(text), &ServerTarget::address);
  if (known != servers_.end()) return *known;
  sender.address = text;
  return sender;
}

std::string NuaStack::connectionFault() const {
  if (!log_ || log_->tlsFault().empty()) return "";
  return fmt::format("TLS with {}: {}", hostPort(config_.serverAddress, config_.serverPort),
                     log_->tlsFault());
}

}  // namespace genesys::sip
