#include "plugin/session.hpp"

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/srtp_wish.hpp"
#include "settings/ice_servers.hpp"
#include "util/log.hpp"
#include "util/text.hpp"

namespace genesys::plugin {
namespace {

constexpr Millis kClosingLimit{2000};

std::string headerOf(const sip::CallFacts& facts, std::string_view name) {
  for (const auto& header : facts.headers)
    if (equalsIgnoreCase(header.name, name)) return header.value;
  return "";
}

api::IncomingCall::Origin originOf(const sip::CallFacts& facts) {
  return {facts.referredBy, facts.replaces, headerOf(facts, "P-Asserted-Identity"),
          headerOf(facts, "Diversion"), headerOf(facts, "History-Info")};
}

}  // namespace

Session::Session(Gateway& gateway, std::shared_ptr<HandlePort> port)
    : gateway_(gateway),
      port_(std::move(port)),
      pc_(gateway.media(), port_, [&gateway](const media::LegCounters& audio) {
        gateway.measures().audioEnded(Measures::Leg::Browser, audio);
      }) {}

Session::~Session() {
  pc_.down();
  if (line_ != nullptr) line_->pageLost(page());
}

void Session::handle(const api::Request& request, const std::string& transaction) {
  transaction_ = transaction;
  const Outcome outcome =
      std::visit([&](const auto& action) { return on(action, request.jsep); }, request.action);
  if (!outcome) {
    if (request.jsep && request.jsep->type == api::Jsep::Type::Offer) offerUnused();
    refuse(outcome.error(), transaction);
  } else if (!transaction_.empty())
    refuse(
        {api::ErrorCode::WrongState, "the request has no effect in the call's present state", ""},
        transaction);
  transaction_.clear();
}

// Janus has prepared for the offer before it told us. Left so, it would refuse the next one.
void Session::offerUnused() {
  if (pc_.phase() == PeerConnection::Phase::None)
    gateway_.pusher().closePeerConnection(port_->janus());
}

void Session::refuse(const api::ApiError& error, const std::string& transaction) {
  gateway_.measures().requestRefused(error.code);
  gateway_.pusher().pushError(port_->janus(), transaction, error);
}

void Session::tell(api::Event event, std::optional<api::Jsep> jsep) {
  gateway_.pusher().push(port_->janus(), std::exchange(transaction_, ""), std::move(event),
                         std::move(jsep));
}

void Session::notifyHandlers(api::ErrorCode code, const std::string& target,
                             const std::string& reason) const {
  if (line_ == nullptr) return;
  port_->janus()->notifyHandlers({code, line_->config().number, subject_, target, reason});
}

void Session::peerConnectionUp() {
  pc_.up();
  if (line_ != nullptr) line_->browserAudioChanged();
}

void Session::peerConnectionDown() {
  pc_.down();
  announceWaiting();
  if (line_ != nullptr) line_->browserAudioChanged();
}

void Session::closePeerConnection() {
  pcPerCall_ = false;
  owedAnswer_.reset();
  if (pc_.phase() == PeerConnection::Phase::None) return;
  pc_.closing();
  gateway_.pusher().closePeerConnection(port_->janus());
}

void Session::stateChanged() {
  if (line_ == nullptr) return;
  api::Event event = line_->stateEvent(signedIn());
  const bool registering = std::holds_alternative<api::Registering>(event);
  if (registering && std::exchange(toldRegistering_, true)) return;
  if (!registering) toldRegistering_ = false;
  tell(std::move(event));
}

void Session::takenOver() {
  if (line_ == nullptr) return;
  logInfo("DN {}: taken over by another page of {}", line_->config().number, subject_);
  tell(api::TakenOver{line_->config().number});
  leaveLine();
}

void Session::sentAway(Retirement why) {
  if (line_ == nullptr) return;
  const std::string dn = line_->config().number;
  logInfo("DN {}: {} has to sign in elsewhere", dn, subject_);
  if (why == Retirement::Draining)
    tell(api::Draining{dn});
  else
    tell(api::Unregistered{dn});
  leaveLine();
}

void Session::leaveLine() {
  closePeerConnection();
  line_ = nullptr;
  helper_ = false;
  subject_.clear();
}

api::SignedIn Session::signedIn() const {
  api::SignedIn state;
  state.dn = line_->config().number;
  state.subject = subject_;
  state.displayName = line_->config().displayName;
  state.calls = line_->callsOf(*this);
  state.masterId = line_->masterId();
  state.helper = helper_;
  state.iceServers =
      settings::makeIceServers(gateway_.config().ice, subject_, std::chrono::system_clock::now());
  state.ignored = ignored_;
  state.tokenExpiresIn = line_->credentialLeft();
  state.resumeWindow = gateway_.config().agent.resumeWindow;
  return state;
}

std::optional<api::Jsep> Session::payOwedAnswer() {
  return std::exchange(owedAnswer_, std::nullopt);
}

void Session::callNews(const sip::Call& call, const sip::CallNews& news) {
  using Kind = sip::CallNews::Kind;
  const api::CallInfo info = line_->describe(call);
  const std::string& id = info.callId;
  switch (news.kind) {
    case Kind::Incoming:
      return incoming(call, info);
    case Kind::Calling:
      return tell(api::Calling{id, info.peerUri, srtpName(call.srtpTerms().policy)},
                  earlyAnswer_ ? payOwedAnswer() : std::nullopt);
    case Kind::Proceeding:
      return tell(api::Proceeding{id, news.code});
    case Kind::Ringing:
      return tell(api::Ringing{id});
    case Kind::Progress:
      return tell(api::Progress{id, info.peerUri}, payOwedAnswer());
    case Kind::Accepting:
      return tell(api::Accepting{id}, payOwedAnswer());
    case Kind::Accepted:
      return tell(api::Accepted{id, info.peerUri, info.headers, info.sipCodec, info.browserCodec,
                                info.uuid, info.srtp},
                  payOwedAnswer());
    case Kind::Declining:
      return tell(api::Declining{id, news.code});
    case Kind::HangingUp:
      return tell(api::HangingUp{id});
    case Kind::HungUp:
      tell(api::HungUp{id, news.code, news.reason, news.reasonHeader});
      if (pcPerCall_ && line_->callsOf(*this).empty()) closePeerConnection();
      return;
  }
}

// Janus takes up to a second to close the last call's PeerConnection, and could not take an offer
// for a new one meanwhile: a call that comes just then is told when it is closed.
void Session::incoming(const sip::Call& call, const api::CallInfo& info) {
  if (!incomingOffer_ || pc_.phase() != PeerConnection::Phase::Closing) return announce(call, info);
  waiting_.push_back(info.callId);
  closingLimit_ = gateway_.scheduler().after(kClosingLimit, [this] { announceWaiting(); });
}

void Session::announceWaiting() {
  for (const std::string& id : std::exchange(waiting_, {}))
    if (const sip::Call* call = line_ != nullptr ? line_->dn().find(id) : nullptr)
      announce(*call, line_->describe(*call));
}

void Session::announce(const sip::Call& call, const api::CallInfo& info) {
  std::optional<api::Jsep> offer;
  if (incomingOffer_ && pc_.phase() == PeerConnection::Phase::None) {
    offer = pc_.makeOffer(line_->browserAudio());
    pcPerCall_ = true;
  }
  tell(api::IncomingCall{info.callId, info.peerUri, info.peerName, call.facts().callee, info.uuid,
                         info.headers, originOf(call.facts()), call.facts().autoAnswer,
                         srtpName(call.facts().srtpAsked)},
       std::move(offer));
}

}  // namespace genesys::plugin
