#include "sip/registration_machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/overloaded.hpp"

namespace genesys::sip {
namespace {

using Phase = RegistrationState::Phase;

// Between a half and three quarters of the binding's life: far from expiry, and spread so that DNs
// that registered together do not refresh together.
Millis refreshDelay(Seconds granted, Random& random) {
  const auto ms = static_cast<uint64_t>(Millis(granted).count());
  return Millis(static_cast<Millis::rep>(random.between(ms / 2, ms * 3 / 4)));
}

}  // namespace

RegistrationMachine::Actions RegistrationMachine::on(const Event& event, Random& random) {
  return std::visit(
      Overloaded{[&](const Start&) { return start(); }, [&](const Stop&) { return stop(); },
                 [&](const TimerFired&) { return timerFired(); },
                 [&](const ServerChanged&) { return serverChanged(); },
                 [&](const NoAnswer& none) {
                   return answered(
                       Answer{0, none.why.empty() ? "no answer from SIP Server" : none.why},
                       random);
                 },
                 [&](const Answer& answer) { return answered(answer, random); }},
      event);
}

// Wanted again, the DN registers again: another endpoint may have it since, such as a gateway that
// the agent signed in at meanwhile, and SIP Server tells nobody (dialect, section 1).
RegistrationMachine::Actions RegistrationMachine::start() {
  if (wanted_ && !busy() && state_.inService()) return sendRegister();
  if (wanted_) return {};
  wanted_ = true;
  failures_ = 0;
  if (busy()) return {};  // a farewell is under way; its answer goes on from here
  return sendRegister();
}

RegistrationMachine::Actions RegistrationMachine::stop() {
  if (!wanted_) return {};
  wanted_ = false;
  if (busy()) return {StopTimer{}};  // the answer decides what there is to give back
  if (!bound_) return off();
  state_ = {Phase::Unregistering, 0, "", Millis(0), Seconds(0)};
  pending_ = Pending::Query;
  return {StopTimer{}, SendQuery{}, Report{state_}};
}

RegistrationMachine::Actions RegistrationMachine::timerFired() {
  if (!wanted_ || busy()) return {};
  return sendRegister();
}

RegistrationMachine::Actions RegistrationMachine::serverChanged() {
  // A farewell to the other server is forgotten: nobody waits for its answer any more.
  if (!wanted_) return busy() ? off() : Actions{};
  failures_ = 0;
  Actions actions{StopTimer{}};
  for (auto& action : sendRegister()) actions.push_back(std::move(action));
  return actions;
}

RegistrationMachine::Actions RegistrationMachine::sendRegister() {
  pending_ = Pending::Register;
  challenges_ = 0;
  Actions actions{SendRegister{expires_}};
  if (state_.phase == Phase::Registered) return actions;  // a refresh changes nothing for the page
  if (state_.phase != Phase::Failed) {
    state_ = {Phase::Registering, 0, "", Millis(0), Seconds(0)};
    actions.push_back(Report{state_});
  }
  return actions;
}

RegistrationMachine::Actions RegistrationMachine::answered(const Answer& answer, Random& random) {
  if (!busy()) return {};
  if (answer.status == 401 || answer.status == 407) return challenged(answer, random);
  if (pending_ != Pending::Register) return farewell(answer);
  pending_ = Pending::None;
  // SIP Server's 404 carries an expiry (dialect, section 1): the status alone decides.
  if (answer.status >= 200 && answer.status < 300) return registered(answer, random);
  bound_ = false;
  if (answer.status == 423 && answer.minExpires > expires_ &&
      answer.minExpires <= std::chrono::hours(24) && wanted_) {
    expires_ = answer.minExpires;
    return sendRegister();
  }
  return failed(answer.status, explainRegistrationFailure(answer.status, answer.phrase),
                answer.retryAfter, random);
}

RegistrationMachine::Actions RegistrationMachine::challenged(const Answer& answer, Random& random) {
  // One try with the password, and one more if the server says that only the nonce was old.
  const bool again = !answer.credentialsSent || answer.stale;
  if (options_.hasPassword && again && challenges_ < 3) {
    ++challenges_;
    return {Authenticate{}};
  }
  if (pending_ != Pending::Register) return farewell(answer);
  pending_ = Pending::None;
  bound_ = false;
  const char* why = options_.hasPassword ? "SIP Server refuses the password of this DN"
                                         : "SIP Server asks for a password and none is configured";
  return failed(answer.status, fmt::format("{} {}: {}", answer.status, answer.phrase, why),
                Millis(0), random);
}

RegistrationMachine::Actions RegistrationMachine::registered(const Answer& answer, Random& random) {
  bound_ = true;
  failures_ = 0;
  if (!wanted_) {
    pending_ = Pending::Query;
    return {SendQuery{}};
  }
  // A 2xx that does not list our contact (a proxy stripped it): believe what we asked for.
  const Seconds granted = answer.granted > Seconds(0) ? answer.granted : expires_;
  const bool news = !state_.inService();
  state_ = {Phase::Registered, answer.status, "", Millis(0), granted};
  Actions actions{StartTimer{refreshDelay(granted, random)}};
  if (news) actions.push_back(Report{state_});
  return actions;
}

RegistrationMachine::Actions RegistrationMachine::failed(int code, std::string reason,
                                                         Millis atLeast, Random& random) {
  if (!wanted_) return off();
  // 1, 2, 4 ... 60 s, each shortened by up to a quarter at random so that DNs spread.
  const auto doubled = options_.backOffMin * (1LL << std::min(failures_, 16U));
  const Millis ceiling = std::min<Millis>(doubled, options_.backOffMax);
  const auto top = static_cast<uint64_t>(ceiling.count());
  const Millis pause(static_cast<Millis::rep>(random.between(top * 3 / 4, top)));
  ++failures_;
  state_ = {Phase::Failed, code, std::move(reason), std::max(pause, atLeast), Seconds(0)};
  return {StartTimer{state_.retryIn}, Report{state_}};
}

RegistrationMachine::Actions RegistrationMachine::farewell(const Answer& answer) {
  const bool ours = pending_ == Pending::Query && answer.status >= 200 && answer.status < 300 &&
                    answer.granted > Seconds(0);
  pending_ = Pending::None;
  if (wanted_) return sendRegister();
  if (!ours) return off();  // removed, gone already, or another endpoint holds the DN now
  pending_ = Pending::Unregister;
  challenges_ = 0;
  return {SendRegister{Seconds(0)}};
}

RegistrationMachine::Actions RegistrationMachine::off() {
  bound_ = false;
  pending_ = Pending::None;
  expires_ = options_.expires;
  state_ = {};
  return {StopTimer{}, Report{state_}};
}

std::string explainRegistrationFailure(int status, const std::string& phrase) {
  const char* why = "";
  switch (status) {
    case 0:
      return phrase;
    case 403:
      why = ": SIP Server forbids this DN to register";
      break;
    case 404:
      why = ": SIP Server does not know this DN";
      break;
    case 408:
      why = ": SIP Server did not answer in time";
      break;
    case 423:
      why = ": SIP Server wants a longer register_expires_s";
      break;
    case 503:
      why = ": SIP Server is not in service";
      break;
    case 603:
      why = ": SIP Server is shutting down";
      break;
    default:
      break;
  }
  return fmt::format("{} {}{}", status, phrase, why);
}

}  // namespace genesys::sip
