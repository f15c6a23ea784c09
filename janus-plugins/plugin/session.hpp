// One Janus handle: the page behind it, what it may do, its PeerConnection. SIP loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/event.hpp"
#include "api/request.hpp"
#include "plugin/dn_service.hpp"
#include "plugin/handle_port.hpp"
#include "plugin/peer_connection.hpp"
#include "sip/call.hpp"
#include "util/scheduler.hpp"

namespace genesys::plugin {

class Gateway;
class Line;

class Session {
 public:
  /// `gateway` outlives it.
  Session(Gateway& gateway, std::shared_ptr<HandlePort> port);
  /// The page is gone: its DN keeps its calls for the resume window.
  ~Session();

  PageId page() const { return port_->page(); }
  Line* line() const { return line_; }
  const std::string& subject() const { return subject_; }
  const PeerConnection& peerConnection() const { return pc_; }
  /// A page for further calls of one that has signed in (CallHosts).
  bool isHelper() const { return helper_; }

  /// Does what the page asks and answers with one event or error of that transaction.
  void handle(const api::Request& request, const std::string& transaction);
  void refuse(const api::ApiError& error, const std::string& transaction);
  /// A request was refused whose offer Janus has seen.
  void offerUnused();
  void peerConnectionUp();
  void peerConnectionDown();

  // From the line.
  void tell(api::Event event, std::optional<api::Jsep> jsep = std::nullopt);
  void callNews(const sip::Call& call, const sip::CallNews& news);
  void stateChanged();
  void takenOver();
  /// Its line has retired and is idle: the page has to go elsewhere.
  void sentAway(Retirement why);
  /// A helper whose DN is not its agent's any more.
  void dismissed(bool takenOver);
  /// A call to `target` that the agent may not make, and why.
  void notifyHandlers(api::ErrorCode code, const std::string& target,
                      const std::string& reason) const;

 private:
  using Outcome = Result<Done, api::ApiError>;
  Outcome on(const api::Register& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Unregister& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Call& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Accept& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Decline& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Hangup& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::SendDigit& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Update& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::IceServers& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Query& request, const std::optional<api::Jsep>& jsep);
  // session_helper.cpp
  Outcome joinAsHelper(const api::Register& request, const std::optional<api::Jsep>& jsep);
  Outcome leaveAsHelper();
  // session_calls.cpp
  Outcome on(const api::Hold& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Unhold& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Merge& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Record& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::ChangeVolume& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::SendProgress& request, const std::optional<api::Jsep>& jsep);
  // session_messages.cpp
  Outcome on(const api::Transfer& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::SendInfo& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::SendMessage& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Subscribe& request, const std::optional<api::Jsep>& jsep);
  Outcome on(const api::Unsubscribe& request, const std::optional<api::Jsep>& jsep);

  Result<sip::Call*, api::ApiError> callFor(const std::optional<std::string>& callId,
                                            bool (*eligible)(const sip::Call&),
                                            const char* request);
  Result<sip::Call*, api::ApiError> onlyOther(const sip::Call& consultation);
  Outcome checkHeaders(const api::Headers& headers) const;
  Outcome mayStartCall(const api::Call& request) const;
  /// JSEP of a request that brings audio: an answer to our offer, or an offer whose answer is then
  /// owed to the page; none is fine if a PeerConnection stands.
  Outcome takeJsep(const std::optional<api::Jsep>& jsep);
  std::optional<api::Jsep> payOwedAnswer();
  api::SignedIn signedIn() const;
  void leaveLine();
  void answerState(std::optional<api::Jsep> jsep);
  void incoming(const sip::Call& call, const api::CallInfo& info);
  void announceWaiting();
  void announce(const sip::Call& call, const api::CallInfo& info);
  void closePeerConnection();

  Gateway& gateway_;
  std::shared_ptr<HandlePort> port_;
  PeerConnection pc_;
  bool pcPerCall_ = false;  ///< the PeerConnection goes with the last call
  Line* line_ = nullptr;
  bool helper_ = false;
  std::string subject_;
  bool incomingOffer_ = true;
  bool earlyAnswer_ = false;
  std::vector<std::string> waiting_;  ///< ids of calls to announce once pc_ is closed
  Timer closingLimit_;
  std::optional<api::Jsep> owedAnswer_;
  std::string transaction_;  ///< of the request being handled, until something answers it
  std::vector<std::string> ignored_;
  bool toldRegistering_ = false;
};

}  // namespace genesys::plugin
