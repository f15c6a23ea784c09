#include "sip/call_machine.hpp"

#include <fmt/format.h>

#include <utility>

#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

using Kind = CallNews::Kind;
using Actions = CallMachine::Actions;

CallMachine::Tell tell(Kind kind, int code = 0) {
  return {CallNews{kind, code, "", ""}};
}

CallNews hungUp(int code, std::string reason, std::string reasonHeader = "") {
  return {Kind::HungUp, code, std::move(reason), std::move(reasonHeader)};
}

}  // namespace

bool CallMachine::live() const {
  return state_ != State::Cancelling && state_ != State::Ending && state_ != State::Ended;
}

Actions CallMachine::on(const Event& event) {
  if (state_ == State::Ended) return {};
  return std::visit(
      Overloaded{
          [&](const Offered& e) { return offered(e.offerless); },
          [&](const Dialled&) { return dialled(); }, [&](const Accept& e) { return accept(e); },
          [&](const BrowserReady&) { return browserReady(); },
          [&](const SendProgress&) { return sendProgress(); },
          [&](const Decline& e) { return decline(e.code, "declined"); },
          [&](const HangUp&) { return hangUp(200, "hung up here"); },
          [&](const GiveUp& e) { return hangUp(e.code, e.reason); },
          [&](const InviteAnswer& e) { return inviteAnswered(e); },
          [&](const Acked&) { return acked(); }, [&](const Connected&) { return connected(); },
          [&](const Cancelled& e) { return cancelled(e); }, [&](const Bye& e) { return bye(e); },
          [&](const ByeAnswer&) { return state_ == State::Ending ? end(CallNews{}) : Actions{}; },
          [&](const Terminated& e) { return terminated(e); },
          [&](const TimedOut&) { return timedOut(); }},
      event);
}

Actions CallMachine::offered(bool offerless) {
  if (state_ != State::Idle) return {};
  offerless_ = offerless;
  state_ = State::Ringing;
  return {Respond{180, false}, tell(Kind::Incoming), StartTimer{options_.ringTimeout}};
}

Actions CallMachine::dialled() {
  if (state_ != State::Idle) return {};
  state_ = State::Calling;
  return {SendInvite{}, tell(Kind::Calling), StartTimer{options_.noAnswerTimeout}};
}

Actions CallMachine::accept(const Accept& event) {
  if (state_ != State::Ringing) return {};
  // Answering before the browser can speak would give the caller silence: wait for it.
  state_ = State::Accepting;
  Actions actions{tell(Kind::Accepting), StartTimer{options_.acceptTimeout}};
  if (event.browserReady)
    for (auto& action : answer()) actions.push_back(std::move(action));
  return actions;
}

Actions CallMachine::browserReady() {
  return state_ == State::Accepting ? answer() : Actions{};
}

// Without an offer in the INVITE there is nothing that a 183 could answer unreliably (RFC 3262
// section 5).
Actions CallMachine::sendProgress() {
  if (state_ != State::Ringing || offerless_ || std::exchange(progressTold_, true)) return {};
  return {Respond{183, true}, tell(Kind::Progress, 183)};
}

Actions CallMachine::answer() {
  state_ = State::Answered;
  Actions actions{StopTimer{}, Respond{200, true}};
  if (!offerless_ || connected_)
    for (auto& action : connected()) actions.push_back(std::move(action));
  return actions;
}

// A call that the desktop makes is answered here long before anybody is at the far end: the agent
// is told when there is.
Actions CallMachine::connected() {
  connected_ = true;
  if (!answered() || std::exchange(acceptedTold_, true)) return {};
  return {tell(Kind::Accepted)};
}

Actions CallMachine::decline(int code, const std::string& reason) {
  if (state_ != State::Ringing && state_ != State::Accepting) return {};
  Actions actions{tell(Kind::Declining, code), Respond{code, false}};
  for (auto& action : end(hungUp(code, reason))) actions.push_back(std::move(action));
  return actions;
}

Actions CallMachine::hangUp(int code, const std::string& reason) {
  switch (state_) {
    case State::Ringing:
    case State::Accepting:
      return code == 200 ? decline(486, "declined") : decline(code, reason);
    case State::Calling:
    case State::Early:
      state_ = State::Cancelling;
      return {tell(Kind::HangingUp), SendCancel{}, CloseAudio{},
              Tell{hungUp(code == 200 ? 487 : code, reason)}, StartTimer{options_.endTimeout}};
    case State::Answered:
    case State::Established:
      return sayBye(code, reason, "");
    default:
      return {};
  }
}

Actions CallMachine::inviteAnswered(const InviteAnswer& answer) {
  if (answer.status < 200) return provisional(answer);
  if (state_ == State::Cancelling) {
    if (answer.status >= 300) return end(CallNews{});
    state_ = State::Ending;  // the 200 crossed our CANCEL (RFC 3261 section 9.1)
    return {SendBye{""}, StartTimer{options_.endTimeout}};
  }
  if (state_ != State::Calling && state_ != State::Early) return {};
  if (answer.status >= 300)
    return end(hungUp(answer.status, fmt::format("{} {}", answer.status, answer.phrase),
                      answer.reasonHeader));
  if (answer.unusable)
    return sayBye(488, "the answer holds no audio that we can use",
                  "SIP;cause=488;text=\"Not Acceptable Here\"");
  state_ = State::Established;
  acceptedTold_ = true;
  return {StopTimer{}, tell(Kind::Accepted)};
}

Actions CallMachine::provisional(const InviteAnswer& answer) {
  if (state_ != State::Calling && state_ != State::Early) return {};
  Actions actions;
  if (state_ == State::Calling) actions.push_back(StartTimer{options_.callTimeout});
  state_ = State::Early;
  if (answer.sdp && !progressTold_) {
    progressTold_ = true;
    actions.push_back(tell(Kind::Progress, answer.status));
  } else if (answer.status == 180 && !ringingTold_) {
    ringingTold_ = true;
    actions.push_back(tell(Kind::Ringing, answer.status));
  } else if (answer.status > 180) {
    actions.push_back(tell(Kind::Proceeding, answer.status));
  }
  return actions;
}

Actions CallMachine::acked() {
  if (state_ == State::Answered) state_ = State::Established;
  return {};
}

Actions CallMachine::cancelled(const Cancelled& event) {
  if (state_ != State::Ringing && state_ != State::Accepting) return {};
  return end(hungUp(487, event.reason, event.reasonHeader));  // the stack has sent the 487
}

Actions CallMachine::bye(const Bye& event) {
  if (!live()) return {};
  return end(hungUp(event.code, event.reason, event.reasonHeader));
}

Actions CallMachine::terminated(const Terminated& event) {
  if (!live()) return end(CallNews{});
  if (event.status == 0 || event.status == 200) return end(hungUp(200, "the dialog ended"));
  return end(hungUp(event.status, fmt::format("{} {}", event.status, event.phrase)));
}

Actions CallMachine::timedOut() {
  switch (state_) {
    case State::Ringing:
      return decline(480, "nobody answered");
    case State::Accepting:
      return decline(480, "the browser's audio did not come up");
    case State::Calling:
      return hangUp(408, "no answer from SIP Server");
    case State::Early:
      return hangUp(408, "nobody answered");
    case State::Cancelling:
    case State::Ending:
      return end(CallNews{});
    default:
      return {};
  }
}

Actions CallMachine::sayBye(int code, const std::string& reason, const std::string& reasonHeader) {
  state_ = State::Ending;
  return {tell(Kind::HangingUp), SendBye{reasonHeader}, CloseAudio{}, Tell{hungUp(code, reason)},
          StartTimer{options_.endTimeout}};
}

// `last` is told unless the call has been told as hung up already (then its code is 0).
Actions CallMachine::end(CallNews last) {
  state_ = State::Ended;
  Actions actions{StopTimer{}, CloseAudio{}};
  if (last.code != 0) actions.push_back(Tell{std::move(last)});
  actions.push_back(Release{});
  return actions;
}

}  // namespace genesys::sip
