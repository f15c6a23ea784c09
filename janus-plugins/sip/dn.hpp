// A DN: what SIP Server takes for one phone. It owns its registration and its calls, whether or not
// a page is open. SIP loop.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "sip/call.hpp"
#include "sip/registration.hpp"
#include "sip/user_agent.hpp"

namespace genesys::sip {

/// The plugin's side of a DN.
class DnObserver : public CallObserver {
 public:
  virtual void onRegistration(const RegistrationState& state) = 0;
  /// Whether a call may ring now; false turns it away with 480.
  virtual bool reachable() const = 0;
  /// Opens the audio of a call, on the workers; nullptr with the reason if no port is free.
  virtual Result<std::unique_ptr<CallAudio>> openAudio(const std::string& callId) = 0;
};

struct DnSettings {
  DnCredentials credentials;
  CallSettings calls;
  RegistrationMachine::Options registration;
  Millis transactionTimeout{4000};
  size_t maxCalls = 4;  ///< at once; one more gets 486
};

class Dn : private CallObserver {
 public:
  /// All references outlive it.
  Dn(Scheduler& scheduler, UserAgent& agent, Random& random, DnSettings settings,
     DnObserver& observer);

  const std::string& number() const { return settings_.credentials.dn; }
  Registration& registration() { return registration_; }

  /// A new INVITE for this DN.
  void invited(std::unique_ptr<Dialog> dialog, const SipMessage& invite);
  /// Dials; the error says why there is no call (no port, too many calls).
  Result<Call*> dial(const std::string& target, std::vector<SipHeader> headers);

  /// Calls that are neither ended nor ending, oldest first.
  std::vector<Call*> calls();
  Call* find(const std::string& callId);

 private:
  void onCallNews(Call& call, const CallNews& news) override { observer_.onCallNews(call, news); }
  void onTalk(Call& call) override { observer_.onTalk(call); }
  void onHold(Call& call) override { observer_.onHold(call); }
  void onAutoAnswer(Call& call) override { observer_.onAutoAnswer(call); }
  void onChanged(Call& call) override { observer_.onChanged(call); }
  void onHoldFailed(Call& call, const HoldMachine::Failed& failed) override {
    observer_.onHoldFailed(call, failed);
  }
  void onReleased(Call& call) override;

  std::string newCallId();
  Call& add(CallFacts facts, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio);

  Scheduler& scheduler_;
  UserAgent& agent_;
  Random& random_;
  DnSettings settings_;
  DnObserver& observer_;
  Registration registration_;
  std::list<std::unique_ptr<Call>> calls_;
  Timer sweep_;  ///< destroys released calls outside of their own code
  std::vector<std::unique_ptr<Call>> released_;
};

}  // namespace genesys::sip
