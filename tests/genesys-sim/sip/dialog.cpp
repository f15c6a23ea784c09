#include "sip/dialog.hpp"

#include "util/text.hpp"

namespace genesys::sim {
namespace {

/// Where the URI leads; `known` as long as it is a name, which cannot be resolved here.
Peer peerAt(const SipUri& uri, const Peer& known) {
  TransportKind transport = known.transport;
  if (equalsIgnoreCase(uri.transport, "tcp")) transport = TransportKind::Tcp;
  const auto peer = makePeer(uri.host, uri.port ? uri.port : uint16_t{5060}, transport);
  return peer ? peer.value() : known;
}

}  // namespace

RequestParts Dialog::request(const std::string& method, const Peer& local, std::string branch) {
  RequestParts parts;
  parts.method = method;
  parts.uri = target;
  parts.from = localValue;
  parts.to = remoteValue;
  parts.callId = callId;
  parts.cseq = ++cseq;
  parts.viaTransport = peer.transport == TransportKind::Udp ? "UDP" : "TCP";
  parts.viaSentBy = local.hostPort();
  parts.branch = std::move(branch);
  parts.callUuid = callUuid;
  parts.routes = routes;
  return parts;
}

void Dialog::learnRoutes(const std::vector<SipUri>& proxies) {
  routes.clear();
  for (const SipUri& proxy : proxies) routes.push_back(proxy.text);
  if (!proxies.empty()) peer = peerAt(proxies.front(), peer);
}

void Dialog::learnRemote(const SipMessage& message, const std::string& remoteHeader,
                         const std::string& tag) {
  remoteValue = remoteHeader;
  remoteTag = tag;
  if (!message.contact) return;
  target = message.contact->text;
  if (routes.empty()) peer = peerAt(*message.contact, peer);
}

}  // namespace genesys::sim
