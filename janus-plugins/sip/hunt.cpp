#include "sip/hunt.hpp"

#include <fmt/format.h>

#include <utility>

#include "sip/phrase.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::sip {

/// The dialog that a member's call has: within the gateway while it rings, the caller's own once it
/// is answered, nothing after it has stopped ringing.
class Hunt::Leg : public Dialog {
 public:
  Leg(Hunt& hunt, size_t member) : hunt_(&hunt), member_(member) { hunt_->legs_[member] = this; }
  ~Leg() override {
    if (hunt_ == nullptr) return;
    hunt_->legs_[member_] = nullptr;
    respond(480, reasonPhrase(480), {});  // unless it has refused already
  }
  Leg(const Leg&) = delete;
  Leg& operator=(const Leg&) = delete;

  void connect(std::unique_ptr<Dialog> caller) {
    hunt_ = nullptr;
    caller_ = std::move(caller);
    caller_->setOwner(owner_);
  }
  void leave() { hunt_ = nullptr; }
  void tell(const DialogEvent& event) {
    if (owner_ != nullptr) owner_->onDialogEvent(event);
  }

  void setOwner(DialogOwner* owner) override {
    owner_ = owner;
    if (caller_) caller_->setOwner(owner);
  }
  void respond(int status, const char* phrase, const DialogBody& body) override {
    if (caller_) return caller_->respond(status, phrase, body);
    if (hunt_ != nullptr) hunt_->responded(member_, {status, phrase, body});
  }
  // A call that rings does none of these.
  void invite(const DialogBody& body) override {
    if (caller_) caller_->invite(body);
  }
  void respondToUpdate(int status, const char* phrase, const DialogBody& body) override {
    if (caller_) caller_->respondToUpdate(status, phrase, body);
  }
  void respondToRefer(int status, const char* phrase) override {
    if (caller_) caller_->respondToRefer(status, phrase);
  }
  void send(const DialogRequest& request) override {
    if (caller_) caller_->send(request);
  }
  void cancel() override {
    if (caller_) caller_->cancel();
  }
  void bye(const std::string& reason) override {
    if (caller_) caller_->bye(reason);
  }

 private:
  Hunt* hunt_;
  size_t member_;
  DialogOwner* owner_ = nullptr;
  std::unique_ptr<Dialog> caller_;
};

Hunt::Hunt(Scheduler& scheduler, Order order, std::vector<Member> members,
           std::unique_ptr<Dialog> caller, SipMessage invite, std::function<void()> onOver)
    : scheduler_(scheduler),
      members_(std::move(members)),
      machine_({members_.size(), order.inTurn, order.turn}),
      caller_(std::move(caller)),
      invite_(std::move(invite)),
      onOver_(std::move(onOver)),
      legs_(members_.size(), nullptr) {
  caller_->setOwner(this);
  // A reliable 180 to an INVITE without SDP would have to carry the offer (RFC 3262 section 5),
  // which is that of whoever answers.
  ringsToCaller_ = !invite_.requires100rel || !invite_.body.empty();
  invite_.requires100rel = false;
}

Hunt::~Hunt() {
  for (Leg* leg : legs_)
    if (leg != nullptr) leg->leave();
  if (caller_) caller_->setOwner(nullptr);
}

void Hunt::onDialogEvent(const DialogEvent& event) {
  std::visit(
      Overloaded{[this](const CancelReceived& e) {
                   callersReason_ = e.message.reason;
                   handle(HuntMachine::CallerGone{});
                 },
                 [this](const DialogTerminated&) { handle(HuntMachine::CallerGone{}); },
                 // The INVITE's own offer is open (RFC 3311 section 5.2).
                 [this](const UpdateReceived&) {
                   caller_->respondToUpdate(500, reasonPhrase(500), {"", {{"Retry-After", "5"}}});
                 },
                 [this](const ReferReceived&) { caller_->respondToRefer(603, reasonPhrase(603)); },
                 [](const auto&) {}},
      event);
}

// Early media of one among several would be the caller's only answer (RFC 3261 section 13.2.1), and
// the 200 of another could not follow it: it is left out.
void Hunt::responded(size_t member, const Answer& answer) {
  if (answer.status < 200) return handle(HuntMachine::Rang{member});
  answer_ = &answer;
  if (answer.status < 300)
    handle(HuntMachine::Answered{member});
  else
    handle(HuntMachine::Refused{member, answer.status});
  answer_ = nullptr;
}

void Hunt::handle(const HuntMachine::Event& event) {
  const bool before = machine_.over();
  for (const auto& action : machine_.on(event)) perform(action);
  if (!before && machine_.over() && onOver_) std::exchange(onOver_, nullptr)();
}

void Hunt::perform(const HuntMachine::Action& action) {
  using Machine = HuntMachine;
  std::visit(Overloaded{[this](const Machine::Ring& a) { ring(a.member); },
                        [this](const Machine::TellRinging&) {
                          if (ringsToCaller_) caller_->respond(180, reasonPhrase(180), {});
                        },
                        [this](const Machine::StopRinging& a) { stopRinging(a); },
                        [this](const Machine::Connect& a) { connect(a.member); },
                        [this](const Machine::Refuse& a) {
                          logInfo("call from {} to {} refused with {}: nobody answered",
                                  invite_.fromUri, invite_.requestUser, a.status);
                          caller_->respond(a.status, reasonPhrase(a.status), {});
                        },
                        [this](const Machine::StartTimer& a) {
                          timer_ =
                              scheduler_.after(a.delay, [this] { handle(Machine::TurnOver{}); });
                        },
                        [this](const Machine::StopTimer&) { timer_.reset(); }},
             action);
}

void Hunt::ring(size_t member) {
  if (!machine_.rings(member)) return;  // another has answered within its own Ring
  members_[member].invite(std::make_unique<Leg>(*this, member), invite_);
}

void Hunt::connect(size_t member) {
  answeredBy_ = members_[member].dn;
  logInfo("call from {} to {} answered by {}", invite_.fromUri, invite_.requestUser, answeredBy_);
  Leg* leg = std::exchange(legs_[member], nullptr);
  leg->connect(std::move(caller_));
  leg->respond(answer_->status, answer_->phrase, answer_->body);
}

// To the call it is a CANCEL that says why (RFC 3326 section 2).
void Hunt::stopRinging(const HuntMachine::StopRinging& stop) {
  using Why = HuntMachine::StopRinging::Why;
  Leg* leg = std::exchange(legs_[stop.member], nullptr);
  if (leg == nullptr) return;
  leg->leave();
  SipMessage cancel;
  if (stop.why == Why::AnsweredElsewhere)
    cancel.reason = fmt::format("SIP;cause=200;text=\"answered by {}\"", answeredBy_);
  if (stop.why == Why::TurnOver) cancel.reason = "SIP;cause=480;text=\"the next DN rings\"";
  if (stop.why == Why::GivenUp) cancel.reason = "SIP;cause=503;text=\"the gateway gave up\"";
  if (stop.why == Why::CallerGone) cancel.reason = callersReason_;
  leg->tell(CancelReceived{cancel});
}

}  // namespace genesys::sip
