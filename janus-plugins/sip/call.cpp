#include "sip/call.hpp"

#include <utility>

#include "sdp/body.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

int statusOf(const sdp::BodyError& error) {
  return error.kind == sdp::BodyError::Kind::NotSdp ? 415 : 400;
}

int statusOf(const sdp::NegotiationError& error) {
  using Kind = sdp::NegotiationError::Kind;
  if (error.kind == Kind::Disagreed) return 488;
  return error.kind == Kind::Malformed ? 400 : 491;
}

const char* phraseOf(int status) {
  switch (status) {
    case 400:
      return "Bad SDP";
    case 415:
      return "Unsupported Media Type";
    case 491:
      return "Request Pending";
    default:
      return reasonPhrase(status);
  }
}

}  // namespace

Call::Call(Scheduler& scheduler, CallObserver& observer, CallSettings settings, CallFacts facts,
           uint64_t sdpSession, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio)
    : scheduler_(scheduler),
      observer_(observer),
      settings_(std::move(settings)),
      facts_(std::move(facts)),
      machine_(settings_.timers),
      negotiation_(sdpSession),
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
  if (!invite.body.empty()) {
    if (const int refusal = takeOffer(invite); refusal != 0) {
      logWarning("call {}: INVITE refused with {}", facts_.id, refusal);
      dialog_->respond(refusal, phraseOf(refusal), {});
      return observer_.onReleased(*this);
    }
  }
  handle(CallMachine::Offered{});
}

void Call::startOutgoing(std::vector<SipHeader> headers) {
  outgoingHeaders_ = std::move(headers);
  handle(CallMachine::Dialled{});
}

void Call::accept(bool browserReady, std::vector<SipHeader> headers) {
  outgoingHeaders_ = std::move(headers);
  handle(CallMachine::Accept{browserReady});
}

bool Call::hasAudio() const {
  return audio_ != nullptr && negotiation_.agreed().has_value();
}

const media::Codec* Call::codec() const {
  return negotiation_.agreed() ? negotiation_.agreed()->send.codec : nullptr;
}

void Call::onDialogEvent(const DialogEvent& event) {
  std::visit(
      Overloaded{
          [this](const InviteReceived& e) { reinvited(e.message); },
          [this](const AckReceived& e) { acked(e.message); },
          [this](const CancelReceived& e) { handle(CallMachine::Cancelled{e.message.reason}); },
          [this](const ByeReceived& e) { handle(CallMachine::Bye{e.message.reason}); },
          [this](const NotifyReceived& e) {
            learn(e.message);
            if (e.message.event == "talk") observer_.onTalk(*this);
          },
          [this](const UpdateReceived& e) { updated(e.message); },
          [this](const InviteAnswered& e) { inviteAnswered(e.message); },
          [this](const ByeAnswered&) { handle(CallMachine::ByeAnswer{}); },
          [this](const DialogTerminated& e) {
            handle(CallMachine::Terminated{e.status, e.phrase});
          },
      },
      event);
}

// SIP Server moves media, holds and retrieves by re-INVITE, with SDP or without; the browser never
// hears of it (dialect, sections 3.2-3.4).
void Call::reinvited(const SipMessage& message) {
  learn(message);
  int status = message.body.empty() ? 0 : takeOffer(message);
  const std::string sdp = status == 0 ? describe(status) : "";
  if (status == 0) return dialog_->respond(200, phraseOf(200), {sdp, {}});
  negotiation_.reject();
  dialog_->respond(status, phraseOf(status), {});
}

void Call::updated(const SipMessage& message) {
  learn(message);
  if (message.body.empty()) return dialog_->respondToUpdate(200, "OK", {});
  int status = takeOffer(message);
  const std::string sdp = status == 0 ? describe(status) : "";
  if (status == 0) return dialog_->respondToUpdate(200, "OK", {sdp, {}});
  negotiation_.reject();
  dialog_->respondToUpdate(status, phraseOf(status), {});
}

void Call::inviteAnswered(const SipMessage& message) {
  learn(message);
  CallMachine::InviteAnswer answer{message.status, message.phrase, message.reason, false, false};
  if (const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
      body && message.status < 300) {
    auto agreed = message.status < 200 ? negotiation_.takeEarlyAnswer(body.value())
                                       : negotiation_.takeAnswer(body.value());
    answer.sdp = agreed.ok();
    if (agreed) apply(agreed.value());
  }
  if (message.status >= 200 && message.status < 300) {
    facts_.headers = message.headers;
    answer.unusable = !answer.sdp;
  }
  if (message.status >= 300) negotiation_.reject();
  handle(answer);
}

// The ACK carries the answer when our 200 carried the offer. A black hole or an echo of our own
// offer is no error: a BYE or a re-INVITE follows (dialect, sections 2 and 3.3).
void Call::acked(const SipMessage& message) {
  if (negotiation_.state() == sdp::Negotiation::State::LocalOfferSent) {
    const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
    if (!body) {
      negotiation_.reject();
    } else if (const auto agreed = negotiation_.takeAnswer(body.value()); agreed) {
      apply(agreed.value());
    } else {
      logWarning("call {}: the answer in the ACK is of no use: {}", facts_.id,
                 agreed.error().reason);
    }
  }
  handle(CallMachine::Acked{});
}

void Call::learn(const SipMessage& message) {
  if (const auto uuid = message.header("X-Genesys-CallUUID"); !uuid.empty()) facts_.uuid = uuid;
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
  if (!respond.sdp) return dialog_->respond(respond.status, phraseOf(respond.status), {});
  int status = 0;
  const std::string sdp = describe(status);
  if (status == 0)
    return dialog_->respond(respond.status, phraseOf(respond.status), {sdp, outgoingHeaders_});
  // Cannot happen after a good takeOffer(), unless the offer changed under way: refuse, and the
  // stack's DialogTerminated ends the call.
  dialog_->respond(status, phraseOf(status), {});
}

void Call::tell(const CallNews& news) {
  if (news.kind == CallNews::Kind::Accepted) facts_.answered = scheduler_.now();
  observer_.onCallNews(*this, news);
}

int Call::takeOffer(const SipMessage& message) {
  const auto body = sdp::sessionDescriptionIn(message.contentType, message.body);
  if (!body) return statusOf(body.error());
  const auto taken = negotiation_.takeOffer(body.value());
  if (!taken) return statusOf(taken.error());
  // What cannot be answered must not ring first.
  return negotiation_.answerable(localAudio()) ? 0 : 488;
}

std::string Call::describe(int& status) {
  if (negotiation_.state() == sdp::Negotiation::State::RemoteOfferReceived) {
    auto answer = negotiation_.answer(localAudio());
    if (answer) {
      apply(answer->agreed);
      return answer->sdp;
    }
    status = statusOf(answer.error());
    return "";
  }
  auto offer = negotiation_.offer(localAudio());
  if (offer) return offer.value();
  status = statusOf(offer.error());
  return "";
}

sdp::LocalAudio Call::localAudio() const {
  sdp::LocalAudio local;
  local.address = settings_.mediaAddress;
  local.port = audio_ ? audio_->localPort() : 9;  // 9, discard: only when the call is ending
  local.codecs = settings_.codecs;
  return local;
}

void Call::apply(const sdp::Agreed& agreed) {
  if (audio_) audio_->apply(agreed);
}

}  // namespace genesys::sip
