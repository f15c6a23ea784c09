// One incoming call that is offered to several DNs, together or one after the other, as a value
// without I/O: events in, actions out. A fork within the gateway: the caller sees one phone. SIP
// loop.
#pragma once

#include <cstddef>
#include <variant>
#include <vector>

#include "util/clock.hpp"

namespace genesys::sip {

class HuntMachine {
 public:
  struct Options {
    size_t members = 0;
    bool inTurn = false;
    Millis turn{20000};  ///< each member's time, in turn
  };

  // Events.
  struct Start {};
  struct Rang {
    size_t member;
  };
  struct Answered {
    size_t member;
  };
  struct Refused {
    size_t member;
    int status;  ///< 300-699
  };
  struct TurnOver {};
  struct CallerGone {};
  struct GiveUp {
    int status;
  };  ///< the gateway ends it
  using Event = std::variant<Start, Rang, Answered, Refused, TurnOver, CallerGone, GiveUp>;

  // Actions, to be done in order.
  struct Ring {
    size_t member;
  };
  struct TellRinging {};  ///< 180 to the caller
  struct StopRinging {
    size_t member;
    enum class Why { AnsweredElsewhere, TurnOver, CallerGone, GivenUp } why;
  };
  struct Connect {
    size_t member;
  };  ///< the dialog is this member's from now on
  struct Refuse {
    int status;
  };  ///< to the caller
  struct StartTimer {
    Millis delay;
  };  ///< replaces a running one
  struct StopTimer {};
  using Action =
      std::variant<Ring, TellRinging, StopRinging, Connect, Refuse, StartTimer, StopTimer>;
  using Actions = std::vector<Action>;

  explicit HuntMachine(Options options)
      : options_(options), members_(options.members, Member::Waiting) {}

  /// An event that means nothing in the present state does nothing.
  Actions on(const Event& event);
  bool rings(size_t member) const { return members_[member] == Member::Ringing; }
  bool over() const { return over_; }

 private:
  enum class Member { Waiting, Ringing, Gone };

  Actions start();
  Actions next();
  Actions rang(size_t member);
  Actions answered(size_t member);
  Actions refused(const Refused& event);
  Actions turnOver();
  Actions end(StopRinging::Why why);

  Options options_;
  std::vector<Member> members_;
  int status_ = 480;  ///< for the caller, if nobody answers
  bool ringingTold_ = false;
  bool over_ = false;
};

}  // namespace genesys::sip
