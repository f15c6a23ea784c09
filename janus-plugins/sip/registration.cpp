#include "sip/registration.hpp"

#include <tuple>
#include <utility>

#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::sip {

Registration::Registration(Scheduler& scheduler, UserAgent& agent, Random& random,
                           const DnCredentials& dn, RegistrationMachine::Options options,
                           Millis transactionTimeout, OnState onState)
    : scheduler_(scheduler),
      agent_(agent),
      random_(random),
      dn_(dn),
      machine_(options),
      transactionTimeout_(transactionTimeout),
      onState_(std::move(onState)),
      port_(agent.registrationPort(
          dn, [this](const RegistrationMachine::Answer& answer) { answered(answer); })) {}

void Registration::handle(const RegistrationMachine::Event& event) {
  for (const auto& action : machine_.on(event, random_)) perform(action);
}

void Registration::reconfigure(const DnCredentials& dn, RegistrationMachine::Options options) {
  machine_.setOptions(options);
  const bool others = std::tie(dn.authUser, dn.password, dn.realm) !=
                      std::tie(dn_.authUser, dn_.password, dn_.realm);
  dn_ = dn;
  if (!others) return;
  port_->setCredentials(dn);
  using Phase = RegistrationState::Phase;
  const Phase phase = state().phase;
  if (phase != Phase::Off && phase != Phase::Unregistering) serverChanged();
}

void Registration::serverChanged() {
  answerTimer_.reset();
  port_->abandon();
  handle(RegistrationMachine::ServerChanged{});
}

void Registration::answered(const RegistrationMachine::Answer& answer) {
  answerTimer_.reset();
  const int status = answer.status;
  if (onOutcome_) onOutcome_(status);
  handle(answer);
  // A challenge that is not answered leaves nua waiting for credentials: start afresh next time.
  if ((status == 401 || status == 407) && !answerTimer_) port_->abandon();
}

void Registration::awaitAnswer() {
  answerTimer_ = scheduler_.after(transactionTimeout_, [this] {
    port_->abandon();
    if (onOutcome_) onOutcome_(0);
    handle(RegistrationMachine::NoAnswer{agent_.connectionFault()});
  });
}

void Registration::perform(const RegistrationMachine::Action& action) {
  using Machine = RegistrationMachine;
  std::visit(Overloaded{[this](const Machine::SendRegister& send) {
                          port_->sendRegister(send.expires);
                          awaitAnswer();
                        },
                        [this](const Machine::SendQuery&) {
                          port_->sendQuery();
                          awaitAnswer();
                        },
                        [this](const Machine::Authenticate&) {
                          port_->authenticate();
                          awaitAnswer();
                        },
                        [this](const Machine::StartTimer& start) {
                          timer_ = scheduler_.after(start.delay,
                                                    [this] { handle(Machine::TimerFired{}); });
                        },
                        [this](const Machine::StopTimer&) { timer_.reset(); },
                        [this](const Machine::Report& news) { report(news.state); }},
             action);
}

void Registration::report(const RegistrationState& state) {
  using Phase = RegistrationState::Phase;
  if (state.phase == Phase::Registered)
    logInfo("DN {}: in service, registered for {} s", dn_.dn, state.granted.count());
  else if (state.phase == Phase::Failed)
    logWarning("DN {}: not in service: {}; next try in {} ms", dn_.dn, state.reason,
               state.retryIn.count());
  onState_(state);
}

}  // namespace genesys::sip
