// What each request of a page does. Every handler answers by an event (Session::tell) or returns
// the error that is told.
#include <fmt/format.h>

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/header_list.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/session.hpp"
#include "plugin/srtp_wish.hpp"
#include "settings/ice_servers.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using api::ApiError;
using api::ErrorCode;
using State = sip::CallMachine::State;

bool rings(const sip::Call& call) {
  return call.state() == State::Ringing;
}
// The desktop may have answered before the page (NOTIFY talk); the call then waits for its audio.
bool waitsForPage(const sip::Call& call) {
  return rings(call) || call.state() == State::Accepting;
}
bool lives(const sip::Call& call) {
  return call.live();
}
bool talks(const sip::Call& call) {
  return call.state() == State::Established || call.state() == State::Answered ||
         call.state() == State::Early;
}

Failure<ApiError> refusedBy(Retirement why, const std::string& request) {
  if (why == Retirement::Removed)
    return failure(ErrorCode::UnknownDn, request + ": the DN was taken out of the configuration",
                   request == "register" ? "username" : "");
  return failure(ErrorCode::Draining, request + ": this gateway is draining; go to another one");
}

}  // namespace

Session::Outcome Session::on(const api::Register& request, const std::optional<api::Jsep>& jsep) {
  if (line_ != nullptr && line_->config().number != request.dn)
    return failure(ErrorCode::AlreadySignedIn,
                   fmt::format("register: this page is signed in to DN {}; unregister first",
                               line_->config().number),
                   "username");
  if (request.masterId) return joinAsHelper(request, jsep);
  Line* line = gateway_.line(request.dn);
  // An unknown DN is told to those who prove who they are, and looks like a wrong password to
  // others.
  settings::DnConfig unknown;
  unknown.number = request.dn;
  const auto subject = gateway_.signIn().check(request, line != nullptr ? line->config() : unknown,
                                               std::chrono::system_clock::now());
  if (!subject) {
    logWarning("DN {}: sign-in refused: {}", request.dn, subject.error().message);
    return Failure{subject.error()};
  }
  if (line == nullptr)
    return failure(ErrorCode::UnknownDn,
                   fmt::format("register: DN {} is not configured", request.dn), "username");
  if (!line->takesAgents()) return refusedBy(line->retirement(), "register");
  if (gateway_.pagesOf(subject->name, request.dn) >= gateway_.config().signIn.maxHandlesPerSubject)
    return failure(ErrorCode::TooManyHandles, "register: this subject has too many pages open");

  std::optional<api::Jsep> answer;
  const bool fresh = pc_.phase() == PeerConnection::Phase::None;
  if (jsep) {
    auto taken = pc_.takeOffer(*jsep, line->browserAudio());
    if (!taken) return Failure{taken.error()};
    answer = std::move(taken).value();
  }
  if (const auto granted = line->signIn(*this, subject.value()); !granted) {
    if (fresh) pc_.down();
    return granted;
  }
  line_ = line;
  subject_ = subject->name;
  incomingOffer_ = request.incomingOffer;
  ignored_ = request.ignored;
  logInfo("DN {}: {} signed in", request.dn, subject_);
  answerState(std::move(answer));
  ignored_.clear();
  line_->start(false);
  line_->browserAudioChanged();
  return Done{};
}

// Tells the session whatever the DN's state, so that a page can be up before SIP Server is.
void Session::answerState(std::optional<api::Jsep> jsep) {
  const bool inService = line_->inService();
  toldRegistering_ = !inService;
  if (inService) return tell(api::Registered{signedIn()}, std::move(jsep));
  tell(api::Registering{signedIn()}, std::move(jsep));
  using Phase = sip::RegistrationState::Phase;
  if (line_->switchedOff() || line_->dn().registration().state().phase == Phase::Failed)
    stateChanged();
}

Session::Outcome Session::on(const api::Unregister&, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  if (!(helper_ ? line_->callsOf(*this) : line_->calls()).empty())
    return failure(ErrorCode::CallInProgress, "unregister: a call is in progress; hang up first");
  if (helper_) return leaveAsHelper();
  Line* line = line_;
  logInfo("DN {}: {} signed out", line->config().number, subject_);
  tell(api::Unregistering{line->config().number});
  tell(api::Unregistered{line->config().number});
  leaveLine();
  line->signOut(*this);
  return Done{};
}

Session::Outcome Session::on(const api::Call& request, const std::optional<api::Jsep>& jsep) {
  if (const auto may = mayStartCall(request); !may) return may;
  const auto srtp = srtpTerms(line_->config().srtp, request.srtp, "call");
  if (!srtp) return Failure{srtp.error()};
  if (const auto taken = takeJsep(jsep); !taken) return taken;
  earlyAnswer_ = request.earlyAnswer;
  line_->dialledBy(this);
  const auto call =
      request.referId
          ? line_->dn().dialReferred(*request.referId, toSip(request.headers), srtp.value())
          : line_->dn().dial(request.target, toSip(request.headers), srtp.value());
  line_->dialledBy(nullptr);
  if (!call) {
    if (pcPerCall_) closePeerConnection();
    return Failure{toError(call.error(), "call")};
  }
  line_->takeUp(call.value()->facts().id);
  return Done{};
}

Session::Outcome Session::mayStartCall(const api::Call& request) const {
  if (line_ == nullptr) return notSignedIn();
  if (line_->credentialExpired())
    return failure(ErrorCode::TokenExpired, "call: the token has expired; sign in with a new one");
  // A REFER of SIP Server's goes on with a call that is there.
  if (line_->retirement() != Retirement::None && !request.referId)
    return refusedBy(line_->retirement(), "call");
  if (const auto allowed = checkHeaders(request.headers); !allowed) return allowed;
  const sip::RegistrationState& state = line_->dn().registration().state();
  if (!line_->inService())
    return failure(ErrorCode::NotInService,
                   fmt::format("call: DN {} is not in service{}{}", line_->config().number,
                               state.reason.empty() ? "" : ": ", state.reason));
  return Done{};
}

Session::Outcome Session::checkHeaders(const api::Headers& headers) const {
  for (const auto& [name, value] : headers)
    if (!allows(gateway_.config().agent.writableHeaders, name))
      return failure(ErrorCode::HeaderNotAllowed,
                     fmt::format("header '{}' may not be set by a page", name), "headers");
  return Done{};
}

Session::Outcome Session::takeJsep(const std::optional<api::Jsep>& jsep) {
  using Phase = PeerConnection::Phase;
  const bool none = pc_.phase() == Phase::None || pc_.phase() == Phase::Closing;
  if (!jsep) {
    if (!none) return Done{};
    return failure(ErrorCode::MissingJsep,
                   "this page has no PeerConnection: send an offer with the request", "jsep");
  }
  if (jsep->type == api::Jsep::Type::Answer) return pc_.takeAnswer(*jsep);
  auto answer = pc_.takeOffer(*jsep, line_->browserAudio());
  if (!answer) return Failure{answer.error()};
  owedAnswer_ = std::move(answer).value();
  pcPerCall_ = pcPerCall_ || none;
  return Done{};
}

Session::Outcome Session::on(const api::Accept& request, const std::optional<api::Jsep>& jsep) {
  const auto call = callFor(request.callId, waitsForPage, "accept");
  if (!call) return Failure{call.error()};
  if (const auto allowed = checkHeaders(request.headers); !allowed) return allowed;
  if (const auto used = useSrtp(*call.value(), line_->config().srtp, request.srtp, "accept"); !used)
    return used;
  if (const auto taken = takeJsep(jsep); !taken) return taken;
  line_->takeUp(call.value()->facts().id);
  if (!rings(*call.value())) {
    tell(api::Accepting{call.value()->facts().id}, payOwedAnswer());
    return Done{};
  }
  call.value()->accept(pc_.audio() != nullptr, toSip(request.headers));
  return Done{};
}

Session::Outcome Session::on(const api::Decline& request, const std::optional<api::Jsep>&) {
  if (request.referId) {
    if (line_ == nullptr) return notSignedIn();
    const std::string referring = line_->dn().declineReferred(*request.referId);
    if (referring.empty())
      return failure(ErrorCode::NoSuchCall, "decline: no such referral", "refer_id");
    tell(api::Declining{referring, 603});
    return Done{};
  }
  const auto call = callFor(request.callId, rings, "decline");
  if (!call) return Failure{call.error()};
  call.value()->decline(request.code);
  return Done{};
}

Session::Outcome Session::on(const api::Hangup& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, lives, "hangup");
  if (!call) return Failure{call.error()};
  call.value()->hangUp();
  return Done{};
}

Session::Outcome Session::on(const api::SendDigit& request, const std::optional<api::Jsep>&) {
  const auto call = callFor(request.callId, talks, "dtmf_info");
  if (!call) return Failure{call.error()};
  const std::string id = call.value()->facts().id;
  if (!line_->sendDigit(id, request.digit, request.duration))
    return failure(ErrorCode::WrongState,
                   "dtmf_info: nothing can be sent to the far end at the moment");
  tell(api::DigitSent{id, request.digit});
  return Done{};
}

Session::Outcome Session::on(const api::Update&, const std::optional<api::Jsep>& jsep) {
  if (line_ == nullptr) return notSignedIn();
  if (!jsep || jsep->type != api::Jsep::Type::Offer)
    return failure(ErrorCode::MissingJsep, "update: an offer is needed", "jsep");
  auto answer = pc_.takeOffer(*jsep, line_->browserAudio());
  if (!answer) return Failure{answer.error()};
  pcPerCall_ = false;
  api::Updated updated;
  for (const api::CallInfo& call : line_->callsOf(*this)) updated.callIds.push_back(call.callId);
  tell(std::move(updated), std::move(answer).value());
  return Done{};
}

Session::Outcome Session::on(const api::IceServers&, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  tell(api::IceServersEvent{
      settings::makeIceServers(gateway_.config().ice, subject_, std::chrono::system_clock::now())});
  return Done{};
}

Session::Outcome Session::on(const api::Query&, const std::optional<api::Jsep>&) {
  if (line_ == nullptr) return notSignedIn();
  answerState(std::nullopt);
  return Done{};
}

Result<sip::Call*, ApiError> Session::callFor(const std::optional<std::string>& callId,
                                              bool (*eligible)(const sip::Call&),
                                              const char* request) {
  if (line_ == nullptr) return notSignedIn();
  if (callId) {
    sip::Call* call = line_->dn().find(*callId);
    if (call == nullptr || !line_->hosts(*this, *callId))
      return failure(ErrorCode::NoSuchCall, fmt::format("{}: no such call", request), "call_id");
    if (!eligible(*call))
      return failure(ErrorCode::WrongState,
                     fmt::format("{}: not possible in the call's state '{}'", request,
                                 line_->describe(*call).state),
                     "call_id");
    return call;
  }
  sip::Call* only = nullptr;
  for (sip::Call* call : line_->dn().calls()) {
    if (!eligible(*call) || !line_->hosts(*this, call->facts().id)) continue;
    if (only != nullptr)
      return failure(ErrorCode::MissingField,
                     fmt::format("{}: several calls could be meant, name one", request), "call_id");
    only = call;
  }
  if (only != nullptr) return only;
  return failure(ErrorCode::WrongState, fmt::format("{}: there is no call for it", request));
}

}  // namespace genesys::plugin
