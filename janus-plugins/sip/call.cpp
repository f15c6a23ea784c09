#include "sip/call.hpp"

#include <utility>

#include "sdp/body.hpp"
#include "sip/auto_answer.hpp"
#include "sip/phrase.hpp"
#include "sip/reason.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"
#include "util/text.hpp"

namespace genesys::sip {

Call::Call(Scheduler& scheduler, CallObserver& observer, Random& random, CallSettings settings,
           CallFacts facts, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio)
    : scheduler_(scheduler),
      observer_(observer),
      random_(random),
      settings_(std::move(settings)),
      facts_(std::move(facts)),
      machine_(settings_.timers),
      // o= session ids stay below 2^53 (RFC 8866 asks for digits; some parsers take a double).
      negotiation_(random.between(1, (1ULL << 53) - 1), settings_.secrets),
      hold_(facts_.outgoing),
      session_(settings_.sessionExpires),
      dialog_(std::move(dialog)),
      audio_(std::move(audio)) {
  dialog_->setOwner(this);
}

Call::~Call() {
  dialog_->setOwner(nullptr);
}

void Call::startIncoming(const SipMessage& invite) {
  learn(invite);
  facts_.headers = invite.headers;
  facts_.offerless = invite.body.empty();
  session_.answered(invite);
  ringsReliably_ = invite.requires100rel;
  if (settings_.autoAnswer)
    facts_.autoAnswer = autoAnswerDelay(invite, settings_.autoAnswerAlertInfo);
  if (!facts_.offerless) {
    if (const int refusal = takeOffer(invite); refusal != 0) {
      logWarning("call {}: INVITE refused with {}", facts_.id, refusal);
      dialog_->respond(refusal, reasonPhrase(refusal), {});
      return observer_.onReleased(*this);
    }
    facts_.srtpAsked = negotiation_.srtpAsked();
  }
  handle(CallMachine::Offered{facts_.offerless});
  if (facts_.autoAnswer)
    autoAnswerTimer_ =
        scheduler_.after(*facts_.autoAnswer, [this] { observer_.onAutoAnswer(*this); });
}

void Call::startOutgoing(std::vector<SipHeader> headers) {
  outgoingHeaders_ = std::move(headers);
  handle(CallMachine::Dialled{});
}

void Call::accept(bool browserReady, std::vector<SipHeader> headers) {
  outgoingHeaders_ = std::move(headers);
  handle(CallMachine::Accept{browserReady});
}

void Call::sendProgress(std::vector<SipHeader> headers) {
  outgoingHeaders_ = std::move(headers);
  handle(CallMachine::SendProgress{});
}

bool Call::hasAudio() const {
  return audio_ != nullptr && negotiation_.agreed().has_value();
}

const media::Codec* Call::codec() const {
  return negotiation_.agreed() ? negotiation_.agreed()->send.codec : nullptr;
}

void Call::onDialogEvent(const DialogEvent& event) {
  std::visit(Overloaded{
                 [this](const InviteReceived& e) { reinvited(e.message); },
                 [this](const AckReceived& e) { acked(e.message); },
                 [this](const CancelReceived& e) { cancelled(e.message); },
                 [this](const ByeReceived& e) { byeReceived(e.message); },
                 [this](const NotifyReceived& e) { notified(e.message); },
                 [this](const UpdateReceived& e) { updated(e.message); },
                 [this](const PrackReceived& e) { pracked(e.message); },
                 [this](const InfoReceived& e) { infoReceived(e.message); },
                 [this](const MessageReceived& e) {
                   observer_.onCallRequest(*this, MessageCame{e.message});
                 },
                 [this](const ReferReceived& e) { referReceived(e.message); },
                 [this](const RequestAnswered& e) { requestAnswered(e); },
                 [this](const InviteAnswered& e) { inviteAnswered(e.message); },
                 [this](const ByeAnswered&) { handle(CallMachine::ByeAnswer{}); },
                 [this](const DialogTerminated& e) {
                   handle(CallMachine::Terminated{e.status, e.phrase});
                 },
             },
             event);
}

// Somebody else has answered, at SIP Server or here (hunt.hpp): RFC 3326 section 3.1.
void Call::cancelled(const SipMessage& message) {
  CallMachine::Cancelled cancelled{message.reason};
  const auto reason = parseReason(message.reason);
  if (reason && equalsIgnoreCase(reason->protocol, "SIP") && reason->cause != 0 &&
      reason->cause != 487)
    cancelled.reason = !reason->text.empty()  ? reason->text
                       : reason->cause == 200 ? "answered elsewhere"
                                              : cancelled.reason;
  handle(cancelled);
}

// A call that the desktop makes fails by a BYE of an answered call, with the far leg's Reason.
void Call::byeReceived(const SipMessage& message) {
  CallMachine::Bye bye{message.reason};
  const auto reason = parseReason(message.reason);
  if (facts_.offerless && reason && equalsIgnoreCase(reason->protocol, "SIP") &&
      reason->cause >= 300 && reason->cause < 700) {
    bye.code = reason->cause;
    bye.reason = explainFailure(*reason, facts_.peerUri);
  }
  handle(bye);
}

void Call::inviteAnswered(const SipMessage& message) {
  if (machine_.state() == CallMachine::State::Established) return reinviteAnswered(message);
  learn(message);
  CallMachine::InviteAnswer answer{message.status, message.phrase, message.reason, false, false};
  if (const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
      body && message.status < 300) {
    // In a reliable 18x it is the answer, for good (RFC 3262 section 5).
    const bool early = message.status < 200 && !message.requires100rel;
    auto agreed =
        early ? negotiation_.takeEarlyAnswer(body.value()) : negotiation_.takeAnswer(body.value());
    answer.sdp = agreed.ok();
    if (agreed) apply(agreed.value());
  }
  if (message.status >= 200 && message.status < 300) {
    facts_.headers = message.headers;
    // SDP that comes after the answer says nothing (RFC 3261 section 13.2.1).
    answer.unusable =
        negotiation_.state() != sdp::Negotiation::State::Idle || !negotiation_.agreed();
    session_.accepted(message);
    scheduleRefresh();
  }
  if (message.status >= 300) negotiation_.reject();
  handle(answer);
  if (machine_.state() == CallMachine::State::Established) steer(HoldMachine::Ready{});
}

void Call::acked(const SipMessage& message) {
  if (learn(message)) observer_.onChanged(*this);
  takeLateAnswer(message);
  scheduleRefresh();
  handle(CallMachine::Acked{});
  if (machine_.state() == CallMachine::State::Established) steer(HoldMachine::Ready{});
}

void Call::pracked(const SipMessage& message) {
  if (!answerInAck_ || !offeredEarly_) return;
  takeLateAnswer(message);
  offeredEarly_ = hasAudio();  // else the 200 makes the offer again
}

void Call::handle(const CallMachine::Event& event) {
  for (const auto& action : machine_.on(event)) perform(action);
}

void Call::perform(const CallMachine::Action& action) {
  using Machine = CallMachine;
  std::visit(Overloaded{
                 [this](const Machine::Respond& a) { respond(a); },
                 [this](const Machine::SendInvite&) {
                   const auto offer = negotiation_.offer(localAudio());
                   dialog_->invite({offer ? offer.value() : "", outgoingHeaders_});
                 },
                 [this](const Machine::SendCancel&) { dialog_->cancel(); },
                 [this](const Machine::SendBye& a) { dialog_->bye(a.reason); },
                 [this](const Machine::CloseAudio&) { audio_.reset(); },
                 [this](const Machine::StartTimer& a) {
                   timer_ = scheduler_.after(a.delay, [this] { handle(Machine::TimedOut{}); });
                 },
                 [this](const Machine::StopTimer&) { timer_.reset(); },
                 [this](const Machine::Tell& a) { tell(a.news); },
                 [this](const Machine::Release&) { observer_.onReleased(*this); },
             },
             action);
}

void Call::respond(const CallMachine::Respond& respond) {
  // An offer of ours stands in the first reliable response (RFC 3261 section 13.2.1).
  if (respond.status == 180) offeredEarly_ = ringsReliably_ && facts_.offerless;
  const bool sdpHere = respond.status == 180 ? offeredEarly_ : respond.sdp && !offeredEarly_;
  if (!sdpHere)
    return dialog_->respond(respond.status, reasonPhrase(respond.status),
                            {"", respond.sdp ? outgoingHeaders_ : std::vector<SipHeader>{}});
  int status = 0;
  std::string sdp = std::exchange(earlyAnswer_, "");  // RFC 3261 section 13.2.1
  if (sdp.empty()) sdp = describe(status);
  if (status == 0 && respond.status < 200) earlyAnswer_ = sdp;
  if (status == 0)
    return dialog_->respond(respond.status, reasonPhrase(respond.status), {sdp, outgoingHeaders_});
  // Cannot happen after a good takeOffer(), unless the offer changed under way: refuse, and the
  // stack's DialogTerminated ends the call.
  dialog_->respond(status, reasonPhrase(status), {});
}

void Call::tell(const CallNews& news) {
  if (news.kind == CallNews::Kind::Accepted) facts_.answered = scheduler_.now();
  observer_.onCallNews(*this, news);
}

}  // namespace genesys::sip
