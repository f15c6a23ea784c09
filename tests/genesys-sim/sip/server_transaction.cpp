#include "sip/server_transaction.hpp"

namespace genesys::sim {
namespace {

/// RFC 3261 section 18.2.2 without RFC 3581: UDP goes to the source address and the port in Via.
Peer answerAddress(const SipMessage& request, const Peer& from) {
  Peer to = from;
  if (from.transport == TransportKind::Udp) to.port = request.via.port;
  return to;
}

}  // namespace

ServerTransaction::ServerTransaction(EventLoop& loop, SipTransport& transport, SipMessage request,
                                     const Peer& from, std::string localTag,
                                     std::function<void()> onOver)
    : transport_(transport),
      request_(std::move(request)),
      from_(from),
      answerTo_(answerAddress(request_, from)),
      localTag_(std::move(localTag)),
      retransmission_(loop, [this] { retransmit(); }),
      lifetime_(loop, [this, over = std::move(onOver)] {
        if (waitsForAck() && onNoAck) onNoAck();
        over();
      }) {}

void ServerTransaction::respond(int status, const std::string& phrase) {
  respond(ResponseParts{status, phrase, {}, {}, {}, {}});
}

void ServerTransaction::respond(ResponseParts parts) {
  if (status_ >= 200) return;
  if (parts.phrase.empty()) parts.phrase = phraseOf(parts.status);
  if (parts.status > 100) parts.toTag = localTag_;
  status_ = parts.status;
  lastResponse_ = writeResponse(request_, from_.ipText(), parts);
  transport_.send(lastResponse_, answerTo_);
  if (status_ < 200) return;
  lifetime_.start(kTransactionTimeout);
  const bool reliable = from_.transport == TransportKind::Tcp;
  // The 2xx is repeated over any transport (section 13.3.1.4), a failure over UDP only.
  if (isInvite() && (status_ < 300 || !reliable)) retransmission_.start(interval_);
}

void ServerTransaction::repeat() {
  if (!lastResponse_.empty()) transport_.send(lastResponse_, answerTo_);
}

void ServerTransaction::retransmit() {
  repeat();
  interval_ = std::min(interval_ * 2, kT2);
  retransmission_.start(interval_);
}

void ServerTransaction::acknowledged() {
  acknowledged_ = true;
  retransmission_.cancel();
}

}  // namespace genesys::sim
