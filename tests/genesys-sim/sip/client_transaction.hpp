// A request of ours on its way (RFC 3261 section 17.1): repeats it over UDP until it is answered or
// 32 s are over. Main thread.
#pragma once

#include <functional>
#include <string>

#include "core/event_loop.hpp"
#include "sip/sip_timers.hpp"
#include "transport/sip_transport.hpp"
#include "wire/sip_message.hpp"

namespace genesys::sim {

struct ClientRequest {
  std::string bytes;
  std::string method;
  std::string branch;
  Peer to;
  /// Every provisional answer, and every final one; a repeated 2xx of an INVITE comes again.
  std::function<void(const SipMessage&)> onResponse;
  /// No final answer in time.
  std::function<void()> onTimeout;
  /// INVITE only: the ACK for a non-2xx answer.
  std::function<std::string(const SipMessage&)> makeFailureAck;
};

class ClientTransaction {
 public:
  /// Sends at once. `onOver` is called once at the end; it may destroy this.
  ClientTransaction(EventLoop& loop, SipTransport& transport, ClientRequest request,
                    std::function<void()> onOver);
  void receive(const SipMessage& response);

 private:
  void retransmit();
  void expired();
  void finalInvite(const SipMessage& response);
  bool isInvite() const { return request_.method == "INVITE"; }

  SipTransport& transport_;
  ClientRequest request_;
  std::function<void()> onOver_;
  int status_ = 0;
  std::string failureAck_;
  Millis interval_ = kT1;
  Timer retransmission_;
  Timer lifetime_;
};

}  // namespace genesys::sim
