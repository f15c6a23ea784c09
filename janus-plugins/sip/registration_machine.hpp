// One DN's registration as a value without I/O: events in, actions out. Lives on the SIP loop.
// RFC 3261 section 10.2, and how SIP Server differs: 404 carries an expiry, the last REGISTER wins.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "util/clock.hpp"
#include "util/random.hpp"

namespace genesys::sip {

/// The binding's state as page, log and query_session tell it.
struct RegistrationState {
  enum class Phase { Off, Registering, Registered, Failed, Unregistering } phase = Phase::Off;
  int code = 0;        ///< last SIP status; 0 = no answer
  std::string reason;  ///< last failure in words; empty when registered
  Millis retryIn{0};   ///< when failed
  Seconds granted{0};  ///< when registered
  bool inService() const { return phase == Phase::Registered; }
};

class RegistrationMachine {
 public:
  struct Options {
    Seconds expires{1800};    ///< what we ask for
    Millis backOffMin{1000};  ///< first pause after a failure; doubles up to backOffMax
    Millis backOffMax{60000};
    bool hasPassword = false;  ///< false: a challenge is a failure at once
  };

  // Events.
  struct Start {};
  struct Stop {};  ///< give the binding back, if it is still ours
  struct TimerFired {};
  struct ServerChanged {};  ///< whatever is under way is forgotten; registers at the other server
  struct NoAnswer {
    std::string why;  ///< in words; "" if nothing is known but that
  };                  ///< transaction timeout or transport error
  struct Answer {     ///< a final response to our last request
    int status = 0;
    std::string phrase;
    Seconds granted{0};            ///< expiry of our own contact in a 2xx; 0 = it is not listed
    Seconds minExpires{0};         ///< of a 423
    Seconds retryAfter{0};         ///< of any failure; 0 = not said
    bool credentialsSent = false;  ///< the challenged request carried credentials already
    bool stale = false;            ///< the challenge says stale=true: same password, new nonce
  };
  using Event = std::variant<Start, Stop, TimerFired, ServerChanged, NoAnswer, Answer>;

  // Actions, to be done in order.
  struct SendRegister {
    Seconds expires;
  };                       ///< 0 removes our own contact, never "*"
  struct SendQuery {};     ///< REGISTER without Contact (RFC 3261 section 10.2.3)
  struct Authenticate {};  ///< repeat the challenged request with credentials
  struct StartTimer {
    Millis delay;
  };  ///< replaces a running one
  struct StopTimer {};
  struct Report {
    RegistrationState state;
  };
  using Action = std::variant<SendRegister, SendQuery, Authenticate, StartTimer, StopTimer, Report>;
  using Actions = std::vector<Action>;

  explicit RegistrationMachine(Options options) : options_(options), expires_(options.expires) {}

  Actions on(const Event& event, Random& random);
  /// Counts from the next request on.
  void setOptions(Options options) {
    options_ = options;
    expires_ = options.expires;
  }
  const RegistrationState& state() const { return state_; }
  /// True while a request of ours is under way.
  bool busy() const { return pending_ != Pending::None; }

 private:
  enum class Pending { None, Register, Query, Unregister };

  Actions start();
  Actions stop();
  Actions timerFired();
  Actions serverChanged();
  Actions answered(const Answer& answer, Random& random);
  Actions registered(const Answer& answer, Random& random);
  Actions failed(int code, std::string reason, Millis atLeast, Random& random);
  Actions challenged(const Answer& answer, Random& random);
  Actions farewell(const Answer& answer);
  Actions off();
  Actions sendRegister();

  Options options_;
  RegistrationState state_;
  Pending pending_ = Pending::None;
  bool wanted_ = false;  ///< Start came after the last Stop
  bool bound_ = false;   ///< the last answer listed our contact
  Seconds expires_;      ///< what we ask for now; a 423 raises it
  unsigned failures_ = 0;
  unsigned challenges_ = 0;  ///< in the present transaction
};

/// A status in words an administrator can act on: "404 Not Found: SIP Server does not know this
/// DN".
std::string explainRegistrationFailure(int status, const std::string& phrase);

}  // namespace genesys::sip
