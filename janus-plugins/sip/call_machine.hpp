// One call on the SIP side as a value without I/O: events in, actions out (RFC 3261 sections 9, 12,
// 13, 15; dialect, section 3). Offer/answer has a small machine of its own (sdp/negotiation); the
// shell feeds this one only what that one accepted. Lives on the SIP loop.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "util/clock.hpp"

namespace genesys::sip {

/// What the page and the log learn of a call, in the order in which it happens.
struct CallNews {
  enum class Kind {
    Incoming,  ///< rings here
    Calling,   ///< INVITE is out
    Proceeding,
    Ringing,
    Progress,   ///< early media
    Accepting,  ///< answered by the agent, waits for the browser's audio
    Accepted,   ///< the agent and somebody at the far end can talk
    Declining,
    HangingUp,
    HungUp,  ///< the last of every call
  } kind;
  int code = 0;
  std::string reason;        ///< HungUp: in words
  std::string reasonHeader;  ///< HungUp: the far end's Reason as it came
};

class CallMachine {
 public:
  enum class State {
    Idle,
    Ringing,     ///< in: 180 sent
    Accepting,   ///< in: the agent has answered, the PeerConnection is not up yet
    Answered,    ///< in: 200 sent, no ACK yet
    Calling,     ///< out: INVITE sent
    Early,       ///< out: 18x came
    Cancelling,  ///< out: given up before the answer
    Established,
    Ending,  ///< BYE sent
    Ended,
  };
  struct Options {
    Millis ringTimeout{60000};     ///< in: unanswered; 480 then
    Millis acceptTimeout{10000};   ///< in: the browser's audio does not come up; 480 then
    Millis noAnswerTimeout{4000};  ///< out: not even a 100
    Millis callTimeout{180000};    ///< out: rings and rings (RFC 3261 timer C)
    Millis endTimeout{33000};      ///< a bit over 64*T1: the stack has given up by then
  };

  // Events.
  /// An INVITE that we can serve. Without an offer the far end is known only with the ACK or with a
  /// later re-INVITE (dialect, section 3.3).
  struct Offered {
    bool offerless = false;
  };
  struct Dialled {};
  struct Accept {
    bool browserReady = false;
  };  ///< the agent answers, by page or desktop
  struct BrowserReady {};
  struct SendProgress {};  ///< the agent gives early media before the answer
  struct Decline {
    int code = 486;
  };
  struct HangUp {};  ///< the agent ends it, whatever its phase
  struct GiveUp {
    int code;
    std::string reason;
  };  ///< the gateway ends it
  struct InviteAnswer {
    int status = 0;
    std::string phrase;
    std::string reasonHeader;
    bool sdp = false;       ///< audio can flow from now on
    bool unusable = false;  ///< a 2xx whose SDP we cannot serve
  };
  struct Acked {};
  struct Connected {};  ///< offer/answer has found where the far end's audio is
  struct Cancelled {
    std::string reasonHeader;
    std::string reason = "the caller hung up";
  };
  struct Bye {
    std::string reasonHeader;
    int code = 200;  ///< why, if the far leg of a call that the desktop made has failed
    std::string reason = "the far end hung up";
  };
  struct ByeAnswer {};
  struct Terminated {
    int status = 0;
    std::string phrase;
  };
  struct TimedOut {};
  using Event =
      std::variant<Offered, Dialled, Accept, BrowserReady, SendProgress, Decline, HangUp, GiveUp,
                   InviteAnswer, Acked, Connected, Cancelled, Bye, ByeAnswer, Terminated, TimedOut>;

  // Actions, to be done in order.
  struct Respond {
    int status = 0;
    bool sdp = false;
  };
  struct SendInvite {};
  struct SendCancel {};
  struct SendBye {
    std::string reason;
  };  ///< a Reason header, "" for none
  struct CloseAudio {};
  struct StartTimer {
    Millis delay;
  };  ///< replaces a running one
  struct StopTimer {};
  struct Tell {
    CallNews news;
  };
  struct Release {};  ///< the call is over for good
  using Action = std::variant<Respond, SendInvite, SendCancel, SendBye, CloseAudio, StartTimer,
                              StopTimer, Tell, Release>;
  using Actions = std::vector<Action>;

  explicit CallMachine(Options options) : options_(options) {}

  /// An event that means nothing in the present state does nothing.
  Actions on(const Event& event);
  State state() const { return state_; }
  /// Neither ended nor about to end.
  bool live() const;
  /// Answered, by us or by the far end, and not over yet.
  bool answered() const { return state_ == State::Answered || state_ == State::Established; }

 private:
  Actions offered(bool offerless);
  Actions dialled();
  Actions accept(const Accept& event);
  Actions browserReady();
  Actions sendProgress();
  Actions decline(int code, const std::string& reason);
  Actions hangUp(int code, const std::string& reason);
  Actions inviteAnswered(const InviteAnswer& answer);
  Actions provisional(const InviteAnswer& answer);
  Actions acked();
  Actions connected();
  Actions cancelled(const Cancelled& event);
  Actions bye(const Bye& event);
  Actions terminated(const Terminated& event);
  Actions timedOut();

  Actions answer();
  Actions sayBye(int code, const std::string& reason, const std::string& reasonHeader);
  Actions end(CallNews last);

  Options options_;
  State state_ = State::Idle;
  bool offerless_ = false;
  bool connected_ = false;  ///< maybe before the answer: a PRACK can carry the far end's SDP
  bool acceptedTold_ = false;
  bool progressTold_ = false;
  bool ringingTold_ = false;
};

}  // namespace genesys::sip
