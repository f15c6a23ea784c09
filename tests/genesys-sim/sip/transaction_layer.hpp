// Matches messages to transactions (RFC 3261 sections 17.1.3 and 17.2.3) and hands new requests up.
// Main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/event_loop.hpp"
#include "sip/client_transaction.hpp"
#include "sip/server_transaction.hpp"
#include "transport/sip_transport.hpp"
#include "wire/identifiers.hpp"

namespace genesys::sim {

using ServerTransactionPtr = std::shared_ptr<ServerTransaction>;

class TransactionLayer {
 public:
  struct User {
    /// A new request other than ACK and CANCEL. INVITE was answered 100 already.
    std::function<void(const ServerTransactionPtr&)> onRequest;
    /// The ACK of a 2xx.
    std::function<void(const SipMessage&)> onAck;
    /// Asked before anything else about each request: true drops or answers it (fault injection).
    std::function<bool(const SipMessage&, const Peer&)> intercept;
  };

  TransactionLayer(EventLoop& loop, const SipTransport::Settings& settings, Identifiers& ids);
  void setUser(User user) { user_ = std::move(user); }
  Result<Done> open() { return transport_.open(); }

  void send(ClientRequest request);
  /// Outside every transaction: the ACK of a 2xx, or an answer to a request nobody keeps.
  void sendStateless(std::string_view bytes, const Peer& to) { transport_.send(bytes, to); }
  const Peer& local() const { return transport_.local(); }
  uint64_t malformed() const { return malformed_; }
  size_t openTransactions() const { return clients_.size() + servers_.size(); }

 private:
  void receive(std::string_view bytes, const Peer& from);
  void receiveRequest(SipMessage message, const Peer& from);
  void receiveAck(const SipMessage& message);
  void receiveCancel(const ServerTransactionPtr& cancel);

  EventLoop& loop_;
  Identifiers& ids_;
  SipTransport transport_;
  User user_;
  std::unordered_map<std::string, std::unique_ptr<ClientTransaction>> clients_;
  std::unordered_map<std::string, ServerTransactionPtr> servers_;
  uint64_t malformed_ = 0;
};

}  // namespace genesys::sim
