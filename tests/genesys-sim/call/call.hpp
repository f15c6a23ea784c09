// One call as people see it: who calls whom, its legs, its media if the stand-in plays a part in
// it, and what happened when. Main thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/leg.hpp"
#include "call/media_peer.hpp"
#include "call/referral.hpp"
#include "util/clock.hpp"

namespace genesys::sim {

class Call;

/// What the calls of this program share.
struct CallContext {
  SipContext sip;
  PortPool& ports;
  PortPool& mediaServerPorts;
  const SourceFactory& sources;
  std::string mediaIp;
  std::string mediaServerIp;    ///< of music, treatments and the conference bridge
  std::string music;            ///< for the other party of a held call between DNs; empty: none
  std::string recordDirectory;  ///< empty: recorder numbers write nothing
  Seconds answerAfter{3};       ///< of the number that answers late
  /// A REFER of a phone; whoever is called answers it.
  std::function<void(Call&, Leg&, const ServerTransactionPtr&)> onRefer;

  /// A media peer with ports of its own that plays `play`, at the media server or where callers
  /// are.
  Result<std::shared_ptr<MediaPeer>> openPeer(const MediaPeer::Settings& settings,
                                              const std::string& play, bool atMediaServer) const;
};

/// `application/x-www-form-urlencoded`, as far as it is well-formed.
std::map<std::string, std::string> parseForm(const std::string& body);

/// How a re-INVITE of ours is to look.
struct ReinviteOptions {
  /// none: without SDP; full: a whole offer; twice: two re-INVITEs in a row, none and full;
  /// blackhole: 0.0.0.0, telephone-event first; hold: sendonly (or `direction`); move: another
  /// port, SSRC, sequence and timestamp.
  std::string sdp = "none";
  std::string direction;         ///< for hold: sendonly, inactive or recvonly
  const Codec* codec = nullptr;  ///< from now on only this one is offered
  bool newCallUuid = false;      ///< as when calls merge
};

/// Whom the phone of a call is to hear from now on.
struct PartyOptions {
  std::string party;  ///< a new name, or one that the phone was connected with before
  std::string play = "silence";
  bool atMediaServer = false;
  ReinviteOptions how;
};

/// The other side of a phone's call: another phone, or a media peer of the stand-in.
struct FarEnd {
  std::shared_ptr<Leg> leg;
  std::shared_ptr<MediaPeer> media;
  std::string name;

  explicit operator bool() const { return leg || media; }
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
  /// caller, service, dn-to-dn, joined or conference
  const std::string& kind() const { return kind_; }
  const std::string& from() const { return from_; }
  const std::string& to() const { return to_; }
  const std::string& callUuid() const { return callUuid_; }
  LegState state() const { return state_; }
  const std::optional<Ending>& ending() const { return ending_; }
  const std::vector<Note>& notes() const { return notes_; }
  const std::vector<std::shared_ptr<Leg>>& legs() const { return legs_; }
  /// The stand-in's own media peer; none in a call between DNs.
  virtual MediaPeer* media() { return nullptr; }
  /// Every media peer of the call by the name of its party.
  virtual std::map<std::string, MediaPeer*> parties() { return {}; }
  const std::optional<Referral>& referral() const { return referral_; }
  /// What phones sent as form-encoded INFO.
  const std::map<std::string, std::string>& userData() const { return userData_; }
  std::optional<int64_t> ringingAfter() const { return since(ringingAt_); }    ///< ms
  std::optional<int64_t> answeredAfter() const { return since(answeredAt_); }  ///< ms
  std::optional<int64_t> endedAfter() const { return since(endedAt_); }        ///< ms

  virtual void hangUp(const std::string& reason) = 0;
  /// The error says why not now.
  virtual Result<Done> reinvite(const ReinviteOptions& options) = 0;
  /// Connects the phone with another party of the stand-in.
  virtual Result<Done> connect(const PartyOptions&) {
    return Failure{std::string("this call's media cannot be moved")};
  }
  /// As the desktop holds and retrieves without events: by re-INVITEs.
  virtual Result<Done> hold(Leg& leg);
  virtual Result<Done> retrieve(Leg& leg);
  /// Gives away whom the phone of `agent` talks with; nothing if the call cannot. It is of no use
  /// any more then, but for its end.
  virtual FarEnd releaseFarEnd(const Leg&) { return {}; }
  /// Refers the phone of `leg`, and ends that leg when it reports success. `replaces` is a
  /// Replaces header's value or empty.
  void refer(Leg& leg, const std::string& to, const std::string& replaces,
             const std::string& referredBy);
  /// The leg of that phone; of an empty name the one that the control interface means: the phone
  /// that is called. Null if there is none.
  std::shared_ptr<Leg> legOf(const std::string& dn) const;
  /// A leg that goes on in another call.
  std::shared_ptr<Leg> releaseLeg(const Leg& leg);
  void setCallUuid(const std::string& uuid);
  void note(std::string text);
  /// Ends without a word to anybody, when all its legs went elsewhere.
  void dissolve();

  /// Called once after the end, by the table that keeps the call.
  std::function<void(Call&)> onOver;
  /// Called when it first rings, and after the ACK of a call that the stand-in makes.
  std::function<void(Call&)> onRinging, onConnected;

 protected:
  std::shared_ptr<Leg> addLeg();
  /// A leg of another call goes on in this one.
  void takeLeg(const std::shared_ptr<Leg>& leg);
  void ringing();
  virtual void answered();
  void over(const Ending& ending);
  /// Requests that every call answers alike; false if it is not one of them.
  bool answerCommon(Leg& leg, const ServerTransactionPtr& request);

  CallContext context_;

 private:
  void readInfo(const SipMessage& info);
  void readNotify(Leg& leg, const SipMessage& notify);
  std::optional<int64_t> since(const std::optional<MonoTime>& time) const;

  std::string id_, kind_, from_, to_, callUuid_;
  LegState state_ = LegState::Calling;
  std::vector<std::shared_ptr<Leg>> legs_;
  std::optional<Ending> ending_;
  std::vector<Note> notes_;
  std::optional<Referral> referral_;
  std::map<std::string, std::string> userData_;
  MonoTime createdAt_ = MonoClock::now();
  std::optional<MonoTime> ringingAt_, answeredAt_, endedAt_;
};

}  // namespace genesys::sim
