#include "sip/transaction_layer.hpp"

#include <fmt/format.h>

#include "util/log.hpp"

namespace genesys::sim {
namespace {

std::string clientKey(const std::string& branch, const std::string& method) {
  return branch + ' ' + method;
}

std::string serverKey(const SipMessage& request, const std::string& method) {
  return fmt::format("{} {}:{} {} {}", request.via.branch, request.via.host, request.via.port,
                     request.callId, method);
}

}  // namespace

TransactionLayer::TransactionLayer(EventLoop& loop, const SipTransport::Settings& settings,
                                   Identifiers& ids)
    : loop_(loop),
      ids_(ids),
      transport_(loop, settings,
                 [this](std::string_view bytes, const Peer& from) { receive(bytes, from); }) {}

void TransactionLayer::send(ClientRequest request) {
  const std::string key = clientKey(request.branch, request.method);
  clients_[key] = std::make_unique<ClientTransaction>(loop_, transport_, std::move(request),
                                                      [this, key] { clients_.erase(key); });
}

void TransactionLayer::receive(std::string_view bytes, const Peer& from) {
  auto message = parseSip(bytes);
  if (!message) {
    ++malformed_;
    logWarning("dropped a message from {}: {}", from.text(), message.error());
    return;
  }
  if (message->isRequest) return receiveRequest(std::move(message).value(), from);
  const auto client = clients_.find(clientKey(message->via.branch, message->method));
  if (client != clients_.end()) client->second->receive(message.value());
}

void TransactionLayer::receiveRequest(SipMessage message, const Peer& from) {
  if (message.method == "ACK") return receiveAck(message);
  const std::string key = serverKey(message, message.method);
  if (const auto known = servers_.find(key); known != servers_.end())
    return known->second->repeat();
  if (user_.intercept && user_.intercept(message, from)) return;
  auto transaction =
      std::make_shared<ServerTransaction>(loop_, transport_, std::move(message), from, ids_.tag(),
                                          [this, key] { servers_.erase(key); });
  servers_[key] = transaction;
  if (transaction->request().method == "CANCEL") return receiveCancel(transaction);
  if (transaction->isInvite()) transaction->respond(100);
  user_.onRequest(transaction);
}

void TransactionLayer::receiveAck(const SipMessage& message) {
  // The ACK of a failure has the branch of its INVITE; the ACK of a 2xx should have its own.
  const auto invite = servers_.find(serverKey(message, "INVITE"));
  if (invite != servers_.end() && invite->second->failed()) return invite->second->acknowledged();
  user_.onAck(message);
}

void TransactionLayer::receiveCancel(const ServerTransactionPtr& cancel) {
  const auto invite = servers_.find(serverKey(cancel->request(), "INVITE"));
  if (invite == servers_.end()) return cancel->respond(481);
  cancel->respond(200);
  if (!invite->second->answered() && invite->second->onCancel) invite->second->onCancel();
}

}  // namespace genesys::sim
