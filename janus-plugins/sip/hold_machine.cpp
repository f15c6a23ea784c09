#include "sip/hold_machine.hpp"

#include <fmt/format.h>

#include <utility>

#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

// RFC 3261 section 14.1, in its units of 10 ms: the owner of the Call-ID waits 2.1 to 4 s, the
// other side up to 2 s, so that the two do not meet again.
Millis glareDelay(bool ownsCallId, Random& random) {
  const uint64_t ticks = ownsCallId ? random.between(210, 400) : random.between(0, 200);
  return Millis(static_cast<Millis::rep>(10 * ticks));
}

}  // namespace

HoldMachine::Actions HoldMachine::on(const Event& event, Random& random) {
  return std::visit(Overloaded{[&](const Want& e) { return want(e.direction); },
                               [&](const Ready&) {
                                 ready_ = true;
                                 return next();
                               },
                               [&](const Answered& e) { return answered(e, random); },
                               [&](const RetryNow&) {
                                 if (phase_ != Phase::Waiting) return Actions{};
                                 phase_ = Phase::Idle;
                                 return next();
                               },
                               [&](const Described& e) { return settled(e.direction); },
                               [&](const Resumed&) {
                                 wanted_ = sdp::Direction::SendRecv;
                                 return Actions{};
                               },
                               [&](const Refresh&) {
                                 refreshDue_ = true;
                                 return next();
                               }},
                    event);
}

HoldMachine::Actions HoldMachine::want(sdp::Direction direction) {
  wanted_ = direction;
  attempts_ = 0;
  return next();
}

// One re-INVITE at a time; what was wanted meanwhile follows it.
HoldMachine::Actions HoldMachine::next() {
  if (!ready_ || phase_ != Phase::Idle || (wanted_ == agreed_ && !refreshDue_)) return {};
  phase_ = Phase::Sent;
  ++attempts_;
  sent_ = wanted_;
  return {SendOffer{wanted_}};
}

// The far end's own re-INVITE may have carried our wish through: then ours need not follow.
HoldMachine::Actions HoldMachine::settled(sdp::Direction direction) {
  if (phase_ == Phase::Waiting && direction == wanted_) phase_ = Phase::Idle;
  if (std::exchange(agreed_, direction) == direction) return {};
  return {Changed{}};
}

HoldMachine::Actions HoldMachine::answered(const Answered& answer, Random& random) {
  if (phase_ != Phase::Sent) return {};
  phase_ = Phase::Idle;
  if (answer.agreed) {
    attempts_ = 0;
    refreshDue_ = false;  // whatever was changed, the session is refreshed
    Actions actions;
    if (std::exchange(agreed_, sent_) != sent_) actions.push_back(Changed{});
    for (auto& action : next()) actions.push_back(std::move(action));
    return actions;
  }
  if (answer.status == 491 && attempts_ < kMostAttempts) {
    phase_ = Phase::Waiting;
    return {StartRetry{glareDelay(ownsCallId_, random)}};
  }
  const bool hold = sent_ != sdp::Direction::SendRecv;
  const bool change = sent_ != agreed_;
  refreshDue_ = false;
  std::string reason = fmt::format("{} {}", answer.status, answer.phrase);
  wanted_ = agreed_;
  attempts_ = 0;
  if (answer.status == 408 || answer.status == 481)
    return {EndCall{answer.status, std::move(reason)}};
  if (!change) return {};  // a refresh: the session still has most of its time
  return {Failed{hold, answer.status, std::move(reason)}};
}

}  // namespace genesys::sip
