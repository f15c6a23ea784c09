#include "sip/dialog.hpp"

#include "util/text.hpp"

namespace genesys::sim {

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
  return parts;
}

void Dialog::learnRemote(const SipMessage& message, const std::string& remoteHeader,
                         const std::string& tag) {
  remoteValue = remoteHeader;
  remoteTag = tag;
  if (!message.contact) return;
  target = message.contact->text;
  TransportKind transport = peer.transport;
  if (equalsIgnoreCase(message.contact->transport, "tcp")) transport = TransportKind::Tcp;
  const uint16_t port = message.contact->port ? message.contact->port : uint16_t{5060};
  // A name in the Contact cannot be resolved here: stay with the address that worked.
  if (const auto next = makePeer(message.contact->host, port, transport)) peer = next.value();
}

}  // namespace genesys::sim
