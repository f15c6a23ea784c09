// A call that the stand-in makes to a DN on command: the customer's side of an incoming call, or
// with desktop_answer and offerless a part of third-party call control. Main thread.
#pragma once

#include "call/media_call.hpp"
#include "sip/registrar.hpp"

namespace genesys::sim {

struct CallerOptions {
  std::string to;  ///< DN
  std::string from = "5551234";
  std::string fromUri;  ///< filled in by the SIP server
  std::string play = "silence";
  std::string record;  ///< path; empty: none
  MediaPeer::Settings media;
  std::vector<RawHeader> headers;
  std::string replaces;  ///< a call whose place this one takes at the phone; empty: none
  bool offerless = false;
  /// NOTIFY Event: talk after the first 18x, this long after it.
  bool desktopAnswer = false;
  Millis talkDelay{0};
  /// Body of the ACK to an offerless INVITE's 2xx: answer, blackhole or echo (of their offer).
  std::string ackSdp = "answer";
  Millis ackDelay{0};
  /// A re-INVITE without SDP this long after the ACK, as SIP Server sends it (0-12 ms).
  bool reinviteAfterAck = false;
  Millis reinviteDelay{0};
  Millis ringTimeout{0};  ///< CANCEL after so long; 0: never
};

class CallerCall : public MediaCall {
 public:
  CallerCall(const CallContext& context, std::string id, CallerOptions options);
  /// Sends the INVITE to where the DN is registered.
  Result<Done> start(const Binding& binding);

  void onProgress(Leg& leg, const SipMessage& response) override;
  void onAnswer(Leg& leg, const SipMessage& response) override;

 private:
  void talk();
  void acknowledge();
  std::string ackBody();

  CallerOptions options_;
  std::string offer_;  // in their 2xx to our offerless INVITE
  bool talked_ = false;
  Timer talkTimer_, ackTimer_, reinviteTimer_, ringTimer_;
};

}  // namespace genesys::sim
