// A request that came in and our answers to it (RFC 3261 section 17.2, with RFC 6026 for the 2xx of
// an INVITE): repeats the last answer when the request is repeated. Main thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/event_loop.hpp"
#include "sip/sip_timers.hpp"
#include "transport/sip_transport.hpp"
#include "wire/dialect.hpp"
#include "wire/sip_message.hpp"

namespace genesys::sim {

class ServerTransaction {
 public:
  /// `onOver` is called once, when nothing can come for it any more; it may destroy this.
  ServerTransaction(EventLoop& loop, SipTransport& transport, SipMessage request, const Peer& from,
                    std::string localTag, std::function<void()> onOver);

  const SipMessage& request() const { return request_; }
  const Peer& from() const { return from_; }
  bool isInvite() const { return request_.method == "INVITE"; }
  const std::string& localTag() const { return localTag_; }
  /// True once a final answer was given.
  bool answered() const { return status_ >= 200; }

  /// Sends an answer; to an INVITE several may be given, the last of them final. A final answer
  /// after a final answer is ignored. An empty phrase stands for the usual one.
  void respond(ResponseParts parts);
  void respond(int status, const std::string& phrase = {});

  /// The request came again.
  void repeat();
  /// The ACK of our final answer came: no more repeating.
  void acknowledged();
  /// True once the final answer was a failure: its ACK belongs to this transaction.
  bool failed() const { return status_ >= 300; }
  bool waitsForAck() const { return status_ >= 200 && isInvite() && !acknowledged_; }

  /// Called when the peer cancels this INVITE before a final answer.
  std::function<void()> onCancel;
  /// Called when no ACK of a final answer came within 32 s.
  std::function<void()> onNoAck;

 private:
  void retransmit();

  SipTransport& transport_;
  SipMessage request_;
  Peer from_;
  Peer answerTo_;
  std::string localTag_;
  std::string lastResponse_;
  int status_ = 0;
  bool acknowledged_ = false;
  Millis interval_ = kT1;
  Timer retransmission_;
  Timer lifetime_;
};

}  // namespace genesys::sim
