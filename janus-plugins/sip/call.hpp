// One call of a DN at SIP Server: the call machine and the offer/answer of its dialog, with the
// dialog, the audio and the timers that they act on. Owned by its Dn; SIP loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/codec.hpp"
#include "sdp/negotiation.hpp"
#include "sip/call_audio.hpp"
#include "sip/call_machine.hpp"
#include "sip/dialog.hpp"
#include "util/scheduler.hpp"

namespace genesys::sip {

/// What is known of a call beyond its state.
struct CallFacts {
  std::string id;  ///< ours, for the page and the logs
  bool outgoing = false;
  std::string peerUri;
  std::string peerName;
  std::string callee;     ///< the To of an incoming call
  std::string sipCallId;  ///< Call-ID
  std::string uuid;       ///< X-Genesys-CallUUID, 32 characters; "" if SIP Server gave none
  std::vector<SipHeader> headers;  ///< of the INVITE, or of the response that answered ours
  MonoTime started{};
  std::optional<MonoTime> answered;
};

class Call;

class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void onCallNews(Call& call, const CallNews& news) = 0;
  /// The desktop asks the phone to answer (NOTIFY Event: talk; dialect, section 3.1).
  virtual void onTalk(Call& call) = 0;
  /// The call is over for good; destroy it, but not within this call.
  virtual void onReleased(Call& call) = 0;
};

/// What every call of a DN shares.
struct CallSettings {
  CallMachine::Options timers;
  std::string mediaAddress;  ///< IP literal for SDP
  std::vector<const media::Codec*> codecs;
};

class Call : private DialogOwner {
 public:
  /// `scheduler` and `observer` outlive it. `sdpSession` is the o= session id.
  Call(Scheduler& scheduler, CallObserver& observer, CallSettings settings, CallFacts facts,
       uint64_t sdpSession, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio);
  ~Call() override;

  /// Rings, if the INVITE's SDP (if any) can be served; else refuses it (400, 415, 488).
  void startIncoming(const SipMessage& invite);
  void startOutgoing(std::vector<SipHeader> headers);

  void accept(bool browserReady, std::vector<SipHeader> headers = {});
  void browserReady() { handle(CallMachine::BrowserReady{}); }
  void decline(int code) { handle(CallMachine::Decline{code}); }
  void hangUp() { handle(CallMachine::HangUp{}); }
  void giveUp(int code, std::string reason) {
    handle(CallMachine::GiveUp{code, std::move(reason)});
  }

  const CallFacts& facts() const { return facts_; }
  CallMachine::State state() const { return machine_.state(); }
  bool live() const { return machine_.live(); }
  /// Audio has been agreed on and may flow: early media or answered.
  bool hasAudio() const;
  /// The codec we send, nullptr before it is known.
  const media::Codec* codec() const;

 private:
  void onDialogEvent(const DialogEvent& event) override;
  void reinvited(const SipMessage& message);
  void updated(const SipMessage& message);
  void inviteAnswered(const SipMessage& message);
  void acked(const SipMessage& message);
  void learn(const SipMessage& message);

  void handle(const CallMachine::Event& event);
  void perform(const CallMachine::Action& action);
  void respond(const CallMachine::Respond& respond);
  void tell(const CallNews& news);

  /// The SDP for our 200: the answer to a waiting offer, or a full offer. Empty on failure, which
  /// `status` then names.
  std::string describe(int& status);
  /// Reads an offer out of a message; the SIP status to refuse it with, 0 if it is good.
  int takeOffer(const SipMessage& message);
  sdp::LocalAudio localAudio() const;
  void apply(const sdp::Agreed& agreed);

  Scheduler& scheduler_;
  CallObserver& observer_;
  CallSettings settings_;
  CallFacts facts_;
  CallMachine machine_;
  sdp::Negotiation negotiation_;
  std::vector<SipHeader> outgoingHeaders_;  ///< for our INVITE or our 200
  std::unique_ptr<Dialog> dialog_;
  std::unique_ptr<CallAudio> audio_;
  Timer timer_;
};

}  // namespace genesys::sip
