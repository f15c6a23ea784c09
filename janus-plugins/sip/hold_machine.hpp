// Hold and retrieve of one call as a value without I/O: what the agent (or the desktop) wants, what
// the far end has agreed to, and the re-INVITE under way in between (RFC 3261 section 14, RFC 3264
// section 8.4; dialect, section 3.4). Offer/answer itself is sdp/negotiation. SIP loop.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sdp/session_description.hpp"
#include "util/clock.hpp"
#include "util/random.hpp"

namespace genesys::sip {

class HoldMachine {
 public:
  /// Attempts at one change while the far end answers 491; then it has failed.
  static constexpr unsigned kMostAttempts = 6;

  // Events.
  struct Want {
    sdp::Direction direction;  ///< SendRecv retrieves, everything else holds
  };
  struct Ready {};  ///< the call is established now: what was wanted before it may go out
  /// The final answer to our re-INVITE. `agreed`: a 2xx whose SDP could be used.
  struct Answered {
    int status = 0;
    std::string phrase;
    bool agreed = false;
  };
  struct RetryNow {};
  /// The far end's own request was answered, and our description in it (or in our 2xx, answered by
  /// the ACK) said so.
  struct Described {
    sdp::Direction direction;
  };
  /// The far end's request that is being answered retrieves the call: our answer says so.
  struct Resumed {};
  /// The session has to be refreshed: a re-INVITE that changes nothing, unless one is under way.
  struct Refresh {};
  using Event = std::variant<Want, Ready, Answered, RetryNow, Described, Resumed, Refresh>;

  // Actions, to be done in order.
  struct SendOffer {
    sdp::Direction direction;
  };
  struct StartRetry {
    Millis delay;
  };
  struct Changed {};  ///< agreed() is news
  struct Failed {
    bool hold = false;  ///< else it was a retrieve
    int code = 0;
    std::string reason;
  };
  struct EndCall {
    int code = 0;
    std::string reason;
  };  ///< the far end does not know the dialog any more (RFC 3261 section 12.2.1.2)
  using Action = std::variant<SendOffer, StartRetry, Changed, Failed, EndCall>;
  using Actions = std::vector<Action>;

  /// `ownsCallId`: we made the call, and so wait longer after a glare (RFC 3261 section 14.1).
  explicit HoldMachine(bool ownsCallId) : ownsCallId_(ownsCallId) {}

  Actions on(const Event& event, Random& random);
  /// What our descriptions say from now on.
  sdp::Direction wanted() const { return wanted_; }
  /// What the far end has agreed to.
  sdp::Direction agreed() const { return agreed_; }
  bool held() const { return agreed_ != sdp::Direction::SendRecv; }
  /// Our re-INVITE is out, or waits for its next attempt.
  bool busy() const { return phase_ != Phase::Idle; }

 private:
  enum class Phase { Idle, Sent, Waiting };

  Actions want(sdp::Direction direction);
  Actions answered(const Answered& answer, Random& random);
  Actions settled(sdp::Direction direction);
  Actions next();

  bool ownsCallId_;
  bool ready_ = false;
  bool refreshDue_ = false;
  Phase phase_ = Phase::Idle;
  unsigned attempts_ = 0;
  sdp::Direction wanted_ = sdp::Direction::SendRecv;
  sdp::Direction agreed_ = sdp::Direction::SendRecv;
  sdp::Direction sent_ = sdp::Direction::SendRecv;  ///< in the re-INVITE that is out
};

}  // namespace genesys::sip
