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

class Negotiation {
 public:
  enum class State { Idle, LocalOfferSent, RemoteOfferReceived };

  /// `sessionId` stands in every o= of the dialog; 1 to 2^63-1, unlike that of other dialogs.
  explicit Negotiation(uint64_t sessionId) : sessionId_(sessionId) {}

  /// Our next offer as text: Idle -> LocalOfferSent. sessionId and version of `local` are set here;
  /// the version grows by one whenever the text differs from our last one (RFC 3264 section 8).
  Result<std::string, NegotiationError> offer(LocalAudio local);

  /// The SDP of an unreliable 18x: early media, not yet an answer, so the 200 may say something
  /// else. Stays in LocalOfferSent.
  Result<Agreed, NegotiationError> takeEarlyAnswer(std::string_view sdp);

  /// The answer to our offer: LocalOfferSent -> Idle. If it is of no use the offer is over all the
  /// same, and what was agreed before still holds.
  Result<Agreed, NegotiationError> takeAnswer(std::string_view sdp);

  /// An offer of the far end, read but not yet answered: Idle -> RemoteOfferReceived. Stays Idle if
  /// it is malformed.
  Result<Done, NegotiationError> takeOffer(std::string_view sdp);

  /// Whether the offer that waits has anything that we speak.
  bool answerable(const LocalAudio& local) const;

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

  uint64_t sessionId_;
  uint64_t version_ = 0;
  std::string lastText_;  ///< as sent last, whether it was agreed or not
  State state_ = State::Idle;
  SessionDescription pending_;  ///< the offer that waits for its answer
  std::optional<Agreed> agreed_;
  std::optional<Agreed> agreedBefore_;  ///< what reject() goes back to
  Direction direction_ = Direction::SendRecv;
  Direction wanted_ = Direction::SendRecv;  ///< becomes direction_ when our offer is answered
};

}  // namespace genesys::sdp
