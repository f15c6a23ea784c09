// One dialog with a phone: its INVITEs either way, ACK, BYE, CANCEL, and requests inside it. It
// knows SIP but neither SDP nor media: whoever observes it decides what the bodies say, and when an
// ACK is sent. Main thread; kept by shared_ptr since transactions call back later.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sip/dialog.hpp"
#include "sip/transaction_layer.hpp"

namespace genesys::sim {

/// What every leg needs from the program.
struct SipContext {
  EventLoop& loop;
  TransactionLayer& transactions;
  Identifiers& ids;
};

enum class LegState { Calling, Ringing, Answered, Ended };
const char* nameOf(LegState state);

/// How a leg or call ended.
struct Ending {
  bool byRemote = false;
  int status = 0;  ///< of a rejected or timed-out INVITE, else 0
  std::string phrase;
  std::string reason;  ///< the Reason header, empty if none
};

class Leg;

/// Told about everything the phone does. All calls come on the main thread.
class LegObserver {
 public:
  virtual ~LegObserver() = default;
  /// 101-199 to our INVITE.
  virtual void onProgress(Leg& leg, const SipMessage& response) = 0;
  /// 2xx to our first INVITE: the observer owes an ack(), now or later.
  virtual void onAnswer(Leg& leg, const SipMessage& response) = 0;
  /// The ACK of a 2xx that we gave.
  virtual void onAck(Leg& leg, const SipMessage& ack) = 0;
  /// A request inside the dialog other than BYE, CANCEL, ACK: the observer answers it.
  virtual void onRequest(Leg& leg, const ServerTransactionPtr& request) = 0;
  /// Once, whoever ended it.
  virtual void onEnded(Leg& leg, const Ending& ending) = 0;
};

struct InviteSpec {
  std::string from;    ///< URI without tag
  std::string to;      ///< URI
  std::string target;  ///< request-URI
  Peer peer;
  std::string contactUser;
  std::string callUuid;
  std::optional<std::string> sdp;  ///< nothing: an INVITE without offer
  std::vector<RawHeader> headers;
};

/// `<sip:user@ip:port>`, over TCP with the transport: a phone would answer over UDP otherwise.
std::string contactOf(const std::string& user, const Peer& local, const Peer& remote);

class Leg : public std::enable_shared_from_this<Leg> {
 public:
  /// Status 0 stands for no answer within 32 s; the message is null then.
  using OnFinal = std::function<void(int status, const SipMessage* response)>;

  Leg(const SipContext& context, LegObserver& observer) : context_(context), observer_(&observer) {}

  // As the calling side.
  void invite(const InviteSpec& spec);
  /// Acknowledges the latest 2xx. `terminal` writes it without Max-Forwards, as SIP Server does in
  /// front of a BYE.
  void ack(const std::optional<std::string>& sdp = std::nullopt, bool terminal = false);
  bool owesAck() const { return owedAck_.has_value(); }
  /// An INVITE of either side is under way: another one would be glare.
  bool isNegotiating() const {
    return owesAck() || reinviting_ || (serverInvite_ && serverInvite_->waitsForAck());
  }

  // As the called side.
  void adopt(const ServerTransactionPtr& invite, const std::string& contactUser,
             const std::string& callUuid);
  /// 1xx to the phone's INVITE.
  void progress(int status, const std::optional<std::string>& sdp = std::nullopt);
  void answer(const std::string& sdp);
  void reject(int status, const std::string& phrase = {}, std::vector<RawHeader> headers = {});

  // Either side.
  /// BYE, CANCEL or a 603, whichever fits. `reason` becomes the Reason header.
  void hangUp(const std::string& reason = {});
  /// Any method inside the dialog; early dialogs too.
  void request(const std::string& method, std::vector<RawHeader> headers,
               const std::string& contentType, const std::string& body, OnFinal onFinal);
  void notify(const std::string& event, OnFinal onFinal);
  /// On 2xx `onFinal` owes an ack(). Failures are acknowledged by the transaction.
  void reinvite(const std::optional<std::string>& sdp, OnFinal onFinal);
  /// Answers a re-INVITE or UPDATE of the phone.
  void answerRequest(const ServerTransactionPtr& request, const std::string& sdp);
  /// From the transaction layer: does this message belong here? Then it is handled.
  void receive(const ServerTransactionPtr& request);
  void receiveAck(const SipMessage& ack);
  bool owns(const SipMessage& request) const;

  LegState state() const { return state_; }
  Dialog& dialog() { return dialog_; }
  const Dialog& dialog() const { return dialog_; }
  bool isCalling() const { return outgoing_; }  ///< true: our INVITE began it
  const SipMessage& initialInvite() const { return serverInvite_->request(); }
  /// The user of the phone's Contact, which is its DN.
  std::string dn() const;
  /// Another observer from now on, as when the leg goes over to another call.
  void observe(LegObserver& observer) { observer_ = &observer; }
  /// The observer is going away; one that took the leg over stays.
  void detach(const LegObserver& observer) {
    if (observer_ == &observer) observer_ = nullptr;
  }

 private:
  void sendInvite(RequestParts parts, OnFinal onFinal);
  void onInviteResponse(const SipMessage& response);
  void learnRemote(const SipMessage& response);
  void onReinviteResponse(const SipMessage& response, const OnFinal& onFinal);
  bool repeatAck(const SipMessage& response) const;
  void cancel();
  void end(const Ending& ending);
  void sendBye(const std::string& reason);
  ResponseParts withContact(int status, const std::optional<std::string>& sdp) const;

  SipContext context_;
  LegObserver* observer_;
  Dialog dialog_;
  LegState state_ = LegState::Calling;
  bool outgoing_ = false;
  RequestParts invite_;              // ours, for CANCEL and ACK
  std::optional<uint32_t> owedAck_;  // CSeq of the INVITE whose 2xx waits for it
  std::string lastAck_;              // repeated when its 2xx is
  uint32_t lastAckCseq_ = 0;
  bool provisional_ = false;  // a 1xx, 100 included, to our first INVITE
  bool cancelled_ = false;
  bool reinviting_ = false;            // a re-INVITE of ours has no final answer yet
  ServerTransactionPtr serverInvite_;  // the phone's latest INVITE
  std::unique_ptr<Timer> cancelTimer_;
};

}  // namespace genesys::sim
