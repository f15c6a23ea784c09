// A DN's binding at SIP Server: the registration machine with its port, timers and log. SIP loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sip/registration_machine.hpp"
#include "sip/user_agent.hpp"
#include "util/random.hpp"
#include "util/scheduler.hpp"

namespace genesys::sip {

class Registration {
 public:
  using OnState = std::function<void(const RegistrationState&)>;

  /// `scheduler`, `agent` and `random` outlive it. `transactionTimeout`: how long a REGISTER may
  /// stay unanswered (SIP Proxy pools want 4 s instead of RFC 3261's 32 s).
  Registration(Scheduler& scheduler, UserAgent& agent, Random& random, const DnCredentials& dn,
               RegistrationMachine::Options options, Millis transactionTimeout, OnState onState);

  void start() { handle(RegistrationMachine::Start{}); }
  /// Gives the binding back if it is still ours.
  void stop() { handle(RegistrationMachine::Stop{}); }
  /// Other settings from now on; with other credentials it registers at once, so that a wrong one
  /// shows.
  void reconfigure(const DnCredentials& dn, RegistrationMachine::Options options);
  /// Registers at once at the server that the user agent uses now.
  void serverChanged();
  /// Told of each REGISTER that got its final answer, by its status, or none: 0.
  void watchServer(std::function<void(int status)> onOutcome) { onOutcome_ = std::move(onOutcome); }
  const RegistrationState& state() const { return machine_.state(); }

 private:
  void handle(const RegistrationMachine::Event& event);
  void answered(const RegistrationMachine::Answer& answer);
  void perform(const RegistrationMachine::Action& action);
  void awaitAnswer();
  void report(const RegistrationState& state);

  Scheduler& scheduler_;
  UserAgent& agent_;
  Random& random_;
  DnCredentials dn_;
  RegistrationMachine machine_;
  Millis transactionTimeout_;
  OnState onState_;
  std::function<void(int)> onOutcome_;
  std::unique_ptr<RegistrationPort> port_;
  Timer timer_;  ///< refresh or back-off
  Timer answerTimer_;
};

}  // namespace genesys::sip
