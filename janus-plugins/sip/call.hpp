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
#include "sip/hold_machine.hpp"
#include "sip/referral.hpp"
#include "sip/session_refresh.hpp"
#include "util/random.hpp"
#include "util/scheduler.hpp"

namespace genesys::sip {

/// What is known of a call beyond its state.
struct CallFacts {
  std::string id;  ///< ours, for the page and the logs
  bool outgoing = false;
  std::string peerUri;
  std::string peerName;
  unsigned site = 0;      ///< of SIP Server that an incoming call came from
  std::string callee;     ///< the To of an incoming call
  std::string sipCallId;  ///< Call-ID
  std::string localTag;   ///< of the dialog; "" until it is known
  std::string remoteTag;
  std::string referredBy;  ///< Referred-By: who has sent this call here
  std::string replaces;    ///< id of the call of this DN that it takes the place of
  std::string uuid;        ///< X-Genesys-CallUUID, 32 characters; "" if SIP Server gave none
  std::vector<SipHeader> headers;  ///< of the INVITE, or of the response that answered ours
  MonoTime started{};
  std::optional<MonoTime> answered;
  bool offerless = false;            ///< the INVITE had no SDP: the desktop makes this call
  std::optional<Millis> autoAnswer;  ///< the INVITE asks to be answered after so long
  sdp::SrtpPolicy srtpAsked = sdp::SrtpPolicy::Off;  ///< what the INVITE's SDP asks for
};

/// Who has put the call on hold.
struct HoldState {
  bool local = false;   ///< this side: the far end is not heard and hears comfort noise
  bool remote = false;  ///< the far end: 0.0.0.0, sendonly, recvonly or inactive
  bool any() const { return local || remote; }
  bool operator==(const HoldState&) const = default;
};

// What comes in a call's dialog and does not change the call itself.
struct InfoCame {
  SipMessage message;
};
struct MessageCame {
  SipMessage message;
};
struct DigitByInfo {
  char digit;
  Millis duration;
};
struct MessageDelivered {
  int status = 0;
  std::string phrase;
};
struct TransferProgress {
  int code = 0;  ///< of the message/sipfrag, or of the refused REFER
  std::string phrase;
  bool final = false;
};
/// A NOTIFY of the subscription that a REFER of ours has made.
struct NotifyCame {
  SipMessage message;
};
using CallRequestNews = std::variant<InfoCame, MessageCame, DigitByInfo, MessageDelivered,
                                     TransferProgress, NotifyCame>;

class Call;

class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void onCallNews(Call& call, const CallNews& news) = 0;
  /// The desktop asks the phone to answer or to retrieve (NOTIFY Event: talk; dialect,
  /// section 3.1).
  virtual void onTalk(Call& call) = 0;
  /// The desktop asks the phone to hold (NOTIFY Event: hold).
  virtual void onHold(Call& call) = 0;
  /// The time that the INVITE gave for the answer is over (auto_answer.hpp).
  virtual void onAutoAnswer(Call& call) = 0;
  /// Something that the page is shown of a call may have changed: hold, media, UUID.
  virtual void onChanged(Call& call) = 0;
  /// A hold (or retrieve) was refused; what was before goes on.
  virtual void onHoldFailed(Call& call, const HoldMachine::Failed& failed) = 0;
  virtual void onCallRequest(Call& call, const CallRequestNews& news) = 0;
  /// The far end asks this DN to call somebody else (REFER): the SIP status of the answer, 202 if
  /// it is going to.
  virtual int onRefer(Call& call, const ReferTarget& target, const SipMessage& refer) = 0;
  /// The call is over for good; destroy it, but not within this call.
  virtual void onReleased(Call& call) = 0;
};

/// What every call of a DN shares.
struct CallSettings {
  CallMachine::Options timers;
  std::string mediaAddress;  ///< IP literal for SDP
  std::vector<const media::Codec*> codecs;
  Seconds sessionExpires{1800};                  ///< what the user agent asks for; 0: nothing
  bool telephoneEvents = true;                   ///< SDP names telephone-event (RFC 4733)
  bool autoAnswer = true;                        ///< heed what INVITEs say of it
  std::vector<std::string> autoAnswerAlertInfo;  ///< Alert-Info texts that mean it
  sdp::SrtpTerms srtp;                           ///< of the DN, or as the page wants it
  SecretRandom secrets;                          ///< what SRTP keys are made of
};

class Call : private DialogOwner {
 public:
  /// `scheduler`, `observer` and `random` outlive it. The o= session id is drawn from `random`.
  Call(Scheduler& scheduler, CallObserver& observer, Random& random, CallSettings settings,
       CallFacts facts, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio);
  ~Call() override;

  /// Rings, if the INVITE's SDP (if any) can be served; else refuses it (400, 415, 488).
  void startIncoming(const SipMessage& invite);
  void startOutgoing(std::vector<SipHeader> headers);

  /// Other terms than the DN's, before a call is accepted; fails with the reason if its offer does
  /// not allow them.
  Result<Done> useSrtp(sdp::SrtpTerms terms);
  void accept(bool browserReady, std::vector<SipHeader> headers = {});
  /// Early media (183) to a call that rings and has made an offer; nothing happens otherwise.
  void sendProgress(std::vector<SipHeader> headers);
  void browserReady() { handle(CallMachine::BrowserReady{}); }
  void decline(int code) { handle(CallMachine::Decline{code}); }
  void hangUp() { handle(CallMachine::HangUp{}); }
  void giveUp(int code, std::string reason) {
    handle(CallMachine::GiveUp{code, std::move(reason)});
  }

  /// By a re-INVITE of ours, now or as soon as the call is established: SendOnly, RecvOnly or
  /// Inactive holds, SendRecv retrieves.
  void hold(sdp::Direction direction) { steer(HoldMachine::Want{direction}); }
  void unhold() { hold(sdp::Direction::SendRecv); }
  HoldState holdState() const;
  /// Held here, or about to be.
  bool wantsHold() const { return hold_.wanted() != sdp::Direction::SendRecv; }

  // call_requests.cpp: in an established call.
  void sendInfo(SipContent content) { dialog_->send(SendInfo{std::move(content)}); }
  void sendMessage(SipContent content) { dialog_->send(SendMessage{std::move(content)}); }
  /// Asks the far end to call `uri` instead (RFC 5589); with `replaced`, to take over that dialog
  /// of ours. `by` is our own URI.
  void transfer(const std::string& uri, const DialogId* replaced, const std::string& by);
  /// How far the call is that the far end asked for.
  void reportReferral(int status, const std::string& phrase);
  DialogId dialogId() const;

  const CallFacts& facts() const { return facts_; }
  bool answered() const { return machine_.answered(); }
  CallMachine::State state() const { return machine_.state(); }
  bool live() const { return machine_.live(); }
  /// Audio has been agreed on and may flow: early media or answered.
  bool hasAudio() const;
  /// The codec we send, nullptr before it is known.
  const media::Codec* codec() const;
  /// What the audio at SIP Server's side is encrypted with, nullptr if it is not.
  const media::SrtpSuite* srtpSuite() const;
  /// What this call allows of encryption.
  const sdp::SrtpTerms& srtpTerms() const { return settings_.srtp; }

 private:
  void onDialogEvent(const DialogEvent& event) override;
  void cancelled(const SipMessage& message);
  void byeReceived(const SipMessage& message);
  void inviteAnswered(const SipMessage& message);
  void acked(const SipMessage& message);
  /// What our 180 or 183 has offered is answered in the PRACK (RFC 3262 section 5).
  void pracked(const SipMessage& message);

  // call_requests.cpp
  void notified(const SipMessage& message);
  void transferWent(int code, const std::string& phrase, bool final);
  void requestAnswered(const RequestAnswered& answer);
  void infoReceived(const SipMessage& message);
  void referReceived(const SipMessage& message);
  /// Tags and UUID; true if the call has another UUID than before.
  bool learn(const SipMessage& message);

  // call_media.cpp: offer/answer and hold.
  struct Answer {
    int status;
    DialogBody body;
  };
  /// What answers a re-INVITE or UPDATE; a re-INVITE without an offer gets one (RFC 3261 14.2).
  Answer answerTo(const SipMessage& message, bool offerIfNone);
  void reinvited(const SipMessage& message);
  void updated(const SipMessage& message);
  void reinviteAnswered(const SipMessage& message);
  void takeLateAnswer(const SipMessage& message);
  void resumeIfTransferred(const SipMessage& message);
  void steer(const HoldMachine::Event& event);
  void perform(const HoldMachine::Action& action);
  void sendOffer();
  void scheduleRefresh();

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
  Random& random_;
  CallSettings settings_;
  CallFacts facts_;
  CallMachine machine_;
  sdp::Negotiation negotiation_;
  HoldMachine hold_;
  SessionRefresh session_;
  bool ringsReliably_ = false;              ///< the INVITE requires 100rel
  bool offeredEarly_ = false;               ///< our offer went out in a reliable 180
  bool answerInAck_ = false;                ///< our 2xx carried the offer
  std::string earlyAnswer_;                 ///< the SDP of our 183: the 200 says the same
  std::vector<SipHeader> outgoingHeaders_;  ///< for our INVITE or our 200
  std::unique_ptr<Dialog> dialog_;
  std::unique_ptr<CallAudio> audio_;
  Timer timer_;
  Timer autoAnswerTimer_;
  Timer holdRetry_;
  Timer refreshTimer_;
};

}  // namespace genesys::sip
