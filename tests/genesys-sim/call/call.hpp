// One call as people see it: who calls whom, its legs, its media if the stand-in plays a part in
// it, and what happened when. Main thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/leg.hpp"
#include "call/media_peer.hpp"
#include "util/clock.hpp"

namespace genesys::sim {

/// What the calls of this program share.
struct CallContext {
  SipContext sip;
  PortPool& ports;
  const SourceFactory& sources;
  std::string mediaIp;
  std::string recordDirectory;  ///< empty: recorder numbers write nothing
  Seconds answerAfter{3};       ///< of the number that answers late
};

/// How a re-INVITE of ours is to look.
struct ReinviteOptions {
  /// none: without SDP; full: a whole offer; blackhole: 0.0.0.0, telephone-event first; hold:
  /// sendonly (or `direction`); move: another port, SSRC, sequence and timestamp.
  std::string sdp = "none";
  std::string direction;         ///< for hold: sendonly, inactive or recvonly
  const Codec* codec = nullptr;  ///< from now on only this one is offered
  bool newCallUuid = false;      ///< as when calls merge
};

class Call : public LegObserver, public std::enable_shared_from_this<Call> {
 public:
  struct Note {
    int64_t at;  ///< ms since the call began
    std::string text;
  };

  Call(const CallContext& context, std::string id, std::string kind, std::string from,
       std::string to);
  ~Call() override;

  const std::string& id() const { return id_; }
  const std::string& kind() const { return kind_; }  ///< caller, service or dn-to-dn
  const std::string& from() const { return from_; }
  const std::string& to() const { return to_; }
  const std::string& callUuid() const { return callUuid_; }
  LegState state() const { return state_; }
  const std::optional<Ending>& ending() const { return ending_; }
  const std::vector<Note>& notes() const { return notes_; }
  const std::vector<std::shared_ptr<Leg>>& legs() const { return legs_; }
  /// The stand-in's own media peer; none in a call between DNs.
  virtual MediaPeer* media() { return nullptr; }
  std::optional<int64_t> ringingAfter() const { return since(ringingAt_); }    ///< ms
  std::optional<int64_t> answeredAfter() const { return since(answeredAt_); }  ///< ms
  std::optional<int64_t> endedAfter() const { return since(endedAt_); }        ///< ms

  virtual void hangUp(const std::string& reason) = 0;
  /// The error says why not now.
  virtual Result<Done> reinvite(const ReinviteOptions& options) = 0;
  /// The leg that the control interface means when it names none: the phone that is called.
  Leg& controlled() { return *legs_.back(); }

  /// Called once after the end, by the table that keeps the call.
  std::function<void(Call&)> onOver;

 protected:
  std::shared_ptr<Leg> addLeg();
  void note(std::string text);
  void ringing();
  virtual void answered();
  void over(const Ending& ending);
  void setCallUuid(const std::string& uuid);
  /// Requests that every call answers alike; false if it is not one of them.
  bool answerCommon(Leg& leg, const ServerTransactionPtr& request);

  CallContext context_;

 private:
  std::optional<int64_t> since(const std::optional<MonoTime>& time) const;

  std::string id_, kind_, from_, to_, callUuid_;
  LegState state_ = LegState::Calling;
  std::vector<std::shared_ptr<Leg>> legs_;
  std::optional<Ending> ending_;
  std::vector<Note> notes_;
  MonoTime createdAt_ = MonoClock::now();
  std::optional<MonoTime> ringingAt_, answeredAt_, endedAt_;
};

}  // namespace genesys::sim
