#include "sip/client_transaction.hpp"

namespace genesys::sim {

ClientTransaction::ClientTransaction(EventLoop& loop, SipTransport& transport,
                                     ClientRequest request, std::function<void()> onOver)
    : transport_(transport),
      request_(std::move(request)),
      onOver_(std::move(onOver)),
      retransmission_(loop, [this] { retransmit(); }),
      lifetime_(loop, [this] { expired(); }) {
  transport_.send(request_.bytes, request_.to);
  if (request_.to.transport == TransportKind::Udp) retransmission_.start(interval_);
  lifetime_.start(kTransactionTimeout);
}

void ClientTransaction::retransmit() {
  transport_.send(request_.bytes, request_.to);
  // An INVITE doubles without limit until something comes (timer A), others stop at T2 (timer E).
  interval_ = isInvite() ? interval_ * 2 : std::min(interval_ * 2, kT2);
  retransmission_.start(interval_);
}

void ClientTransaction::receive(const SipMessage& response) {
  const bool again = status_ >= 200;
  if (again && !isInvite()) return;
  if (response.status < 200) {
    if (again) return;
    status_ = response.status;
    if (isInvite()) {
      retransmission_.cancel();
      lifetime_.cancel();  // a phone may ring as long as it likes
    } else {
      interval_ = kT2;
    }
  } else {
    retransmission_.cancel();
    if (!again) lifetime_.start(kTransactionTimeout);  // timers D, K and M, absorbing repeats
    if (isInvite() && response.status >= 300) return finalInvite(response);
    status_ = response.status;
  }
  // The callback may end everything: use a copy.
  const auto onResponse = request_.onResponse;
  if (onResponse) onResponse(response);
}

void ClientTransaction::finalInvite(const SipMessage& response) {
  const bool again = status_ >= 200;
  status_ = response.status;
  if (!again && request_.makeFailureAck) failureAck_ = request_.makeFailureAck(response);
  if (!failureAck_.empty()) transport_.send(failureAck_, request_.to);
  const auto onResponse = request_.onResponse;
  if (!again && onResponse) onResponse(response);
}

void ClientTransaction::expired() {
  const auto over = onOver_;
  const auto timeout = status_ < 200 ? request_.onTimeout : nullptr;
  retransmission_.cancel();
  if (timeout) timeout();
  over();
}

}  // namespace genesys::sim
