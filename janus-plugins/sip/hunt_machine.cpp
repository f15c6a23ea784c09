#include "sip/hunt_machine.hpp"

#include <algorithm>

#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

using Actions = HuntMachine::Actions;

/// What says more to the caller: somebody was there and did not want (486, 603), the gateway could
/// not (503), nobody was there (480).
int rank(int status) {
  if (status == 480) return 0;
  return status == 486 || status >= 600 ? 2 : 1;
}

void append(Actions& actions, Actions more) {
  actions.insert(actions.end(), more.begin(), more.end());
}

}  // namespace

Actions HuntMachine::on(const Event& event) {
  if (over_) return {};
  return std::visit(
      Overloaded{[this](const Start&) { return start(); },
                 [this](const Rang& e) { return rang(e.member); },
                 [this](const Answered& e) { return answered(e.member); },
                 [this](const Refused& e) { return refused(e); },
                 [this](const TurnOver&) { return turnOver(); },
                 [this](const CallerGone&) { return end(StopRinging::Why::CallerGone); },
                 [this](const GiveUp& e) {
                   Actions actions = end(StopRinging::Why::GivenUp);
                   actions.emplace_back(Refuse{e.status});
                   return actions;
                 }},
      event);
}

Actions HuntMachine::start() {
  if (options_.inTurn) return next();
  Actions actions;
  for (size_t member = 0; member < members_.size(); ++member) {
    members_[member] = Member::Ringing;
    actions.emplace_back(Ring{member});
  }
  return actions;
}

// Whoever rings may refuse within its Ring: the timer stands before it.
Actions HuntMachine::next() {
  const auto waiting = std::find(members_.begin(), members_.end(), Member::Waiting);
  if (waiting == members_.end()) {
    over_ = true;
    return {StopTimer{}, Refuse{status_}};
  }
  *waiting = Member::Ringing;
  ringingTold_ = false;  // a 180 each turn: proxies give up after three minutes without (RFC 3261
                         // section 16.6, timer C)
  return {StartTimer{options_.turn}, Ring{static_cast<size_t>(waiting - members_.begin())}};
}

Actions HuntMachine::rang(size_t member) {
  if (!rings(member) || ringingTold_) return {};
  ringingTold_ = true;
  return {TellRinging{}};
}

Actions HuntMachine::answered(size_t member) {
  if (!rings(member)) return {};
  members_[member] = Member::Gone;
  Actions actions{Connect{member}};
  append(actions, end(StopRinging::Why::AnsweredElsewhere));
  return actions;
}

Actions HuntMachine::refused(const Refused& event) {
  if (!rings(event.member)) return {};
  members_[event.member] = Member::Gone;
  if (rank(event.status) >= rank(status_)) status_ = event.status;
  if (options_.inTurn) return next();
  const bool left = std::any_of(members_.begin(), members_.end(),
                                [](Member member) { return member != Member::Gone; });
  if (left) return {};
  over_ = true;
  return {StopTimer{}, Refuse{status_}};
}

Actions HuntMachine::turnOver() {
  Actions actions;
  for (size_t member = 0; member < members_.size(); ++member)
    if (rings(member)) {
      members_[member] = Member::Gone;
      actions.emplace_back(StopRinging{member, StopRinging::Why::TurnOver});
    }
  append(actions, next());
  return actions;
}

Actions HuntMachine::end(StopRinging::Why why) {
  over_ = true;
  Actions actions{StopTimer{}};
  for (size_t member = 0; member < members_.size(); ++member)
    if (rings(member)) {
      members_[member] = Member::Gone;
      actions.emplace_back(StopRinging{member, why});
    }
  return actions;
}

}  // namespace genesys::sip
