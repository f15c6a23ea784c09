// The offer/answer state of one SIP dialog (RFC 3264 with the rules of RFC 6337 about who may speak
// when). A value without I/O; it lives on the SIP loop with its call.
#pragma once

#include "sdp/offer_answer.hpp"

namespace genesys::sdp {

/// Why a step was refused, and what SIP says then.
struct NegotiationError {
  enum class Kind {
    WrongState,  ///< an offer is pending; a request gets 491 (RFC 6337 section 2.3)
    Malformed,   ///< not readable as SDP; 400
    Disagreed,   ///< readable, but no audio in common; 488
  };
  Kind kind = Kind::WrongState;
  std::string reason;
};

/// What answers the far end's offer.
struct LocalAnswer {
  std::string sdp;
  Agreed agreed;
};

/// Who answers an offer of ours. SIP Server hands what we offer in the answer to an INVITE without
/// SDP to whomever it connects.
enum class Answerer { Peer, Anybody };

class Negotiation {
 public:
  enum class State { Idle, LocalOfferSent, RemoteOfferReceived };

  /// `sessionId` stands in every o= of the dialog; 1 to 2^63-1, unlike that of other dialogs. Our
  /// SRTP keys come from `secrets`, which may be empty where encryption is off.
  explicit Negotiation(uint64_t sessionId, SecretRandom secrets = {})
      : sessionId_(sessionId), secrets_(std::move(secrets)) {}

  /// Our next offer as text: Idle -> LocalOfferSent. sessionId, version and keys of `local` are set
  /// here; the version grows by one whenever the text differs from our last one (RFC 3264
  /// section 8). Our SRTP key stays the same towards a far end that has kept its own: it knows how
  /// often our sequence numbers have wrapped (RFC 3711 section 3.3.1), and somebody new does not.
  Result<std::string, NegotiationError> offer(LocalAudio local, Answerer answerer = Answerer::Peer);

  /// The SDP of an unreliable 18x: early media, not yet an answer, so the 200 may say something
  /// else. Stays in LocalOfferSent.
  Result<Agreed, NegotiationError> takeEarlyAnswer(std::string_view sdp);

  /// The answer to our offer: LocalOfferSent -> Idle. If it is of no use the offer is over all the
  /// same, and what was agreed before still holds.
  Result<Agreed, NegotiationError> takeAnswer(std::string_view sdp);

  /// An offer of the far end, read but not yet answered: Idle -> RemoteOfferReceived. Stays Idle if
  /// it is malformed.
  Result<Done, NegotiationError> takeOffer(std::string_view sdp);

  /// Whether the offer that waits has anything that we speak; if not, why.
  Result<Done, Disagreement> answerable(LocalAudio local) const;
  /// What the offer that waits asks for; Off if none waits.
  SrtpPolicy srtpAsked() const;

  /// Answers it: RemoteOfferReceived -> Idle. On Disagreed the offer still waits: reject() it.
  Result<LocalAnswer, NegotiationError> answer(LocalAudio local);

  /// Whichever offer is pending was refused, by us or by them: what was agreed before holds again
  /// (RFC 3264 section 8). Does nothing in Idle.
  void reject();

  State state() const { return state_; }
  /// The result of the last exchange that succeeded, early media included; none before it.
  const std::optional<Agreed>& agreed() const { return agreed_; }
  /// What our last agreed description allowed us, before the far end cut it down: for hold,
  /// SendOnly or Inactive.
  Direction localDirection() const { return direction_; }

 private:
  std::string write(SessionDescription description);
  Result<Agreed, NegotiationError> read(std::string_view sdp) const;
  void addKeys(LocalAudio& local, bool keep) const;
  void settle(Agreed agreed);
  void remember();

  uint64_t sessionId_;
  SecretRandom secrets_;
  uint64_t version_ = 0;
  std::string lastText_;  ///< as sent last, whether it was agreed or not
  State state_ = State::Idle;
  SessionDescription pending_;  ///< the offer that waits for its answer
  std::optional<Agreed> agreed_;
  std::optional<Agreed> agreedBefore_;  ///< what reject() goes back to
  bool keyIsStale_ = false;             ///< the far end has another key since ours was made
  bool keyWasStale_ = false;            ///< the same before
  Direction direction_ = Direction::SendRecv;
  Direction wanted_ = Direction::SendRecv;  ///< becomes direction_ when our offer is answered
};

}  // namespace genesys::sdp
