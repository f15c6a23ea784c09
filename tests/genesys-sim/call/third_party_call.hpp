// A call between two DNs that the desktop of one of them makes (3PCC make-call): the caller's own
// phone is rung without SDP and answered by NOTIFY, then the called phone. Afterwards it is a call
// between DNs like any other. Main thread.
#pragma once

#include "call/bridged_call.hpp"

namespace genesys::sim {

struct MakeCallOptions {
  std::string by, to;        ///< DNs
  std::string byUri, toUri;  ///< as they registered themselves
  Binding caller, called;
  /// RFC 3725. 1: the caller's ACK waits for the called phone's answer. 2: a black hole in the ACK
  /// at once, a re-INVITE when the called phone has answered.
  int flow = 1;
};

class ThirdPartyCall : public BridgedCall {
 public:
  ThirdPartyCall(const CallContext& context, std::string id, MakeCallOptions options)
      : BridgedCall(context, std::move(id), options.by, options.to), options_(std::move(options)) {}
  void start();

  void onProgress(Leg& leg, const SipMessage& response) override;
  void onAnswer(Leg& leg, const SipMessage& response) override;
  void onEnded(Leg& leg, const Ending& ending) override;

 private:
  bool isCaller(const Leg& leg) const { return &leg == legs().front().get(); }
  void ring(const std::optional<std::string>& offer);
  void connectCaller(const std::string& offer);

  MakeCallOptions options_;
  bool talked_ = false;
};

}  // namespace genesys::sim
