#include "plugin/line.hpp"

#include <fmt/format.h>

#include <utility>

#include "plugin/call_info.hpp"
#include "plugin/call_leg.hpp"
#include "plugin/gateway.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::plugin {
namespace {

using State = sip::CallMachine::State;

sip::DnSettings settingsFor(const Config& config, const DnConfig& dn) {
  sip::DnSettings settings;
  settings.credentials = {dn.number, dn.displayName, dn.authUser, dn.sipPassword, config.sip.realm};
  settings.calls.timers.ringTimeout = config.agent.ringTimeout;
  settings.calls.timers.noAnswerTimeout = config.sip.transactionTimeout;
  settings.calls.mediaAddress = config.media.bindAddress;
  settings.calls.codecs = dn.codecs;
  settings.registration.expires = config.sip.registerExpires;
  settings.registration.hasPassword = !dn.sipPassword.empty();
  settings.transactionTimeout = config.sip.transactionTimeout;
  return settings;
}

bool answered(const sip::Call& call) {
  return call.state() == State::Answered || call.state() == State::Established;
}

bool audible(const sip::Call& call) {
  return answered(call) || (call.state() == State::Early && call.hasAudio());
}

}  // namespace

Line::Line(Gateway& gateway, const DnConfig& config)
    : gateway_(gateway),
      config_(config),
      worker_(gateway.media().workerFor(config.number)),
      dn_(gateway.scheduler(), gateway.agent(), gateway.random(),
          settingsFor(gateway.config(), config), *this) {}

Line::~Line() = default;

void Line::start(bool always) {
  if (!always || config_.registerWhen == RegisterWhen::Always) dn_.registration().start();
}

Result<Done, api::ApiError> Line::signIn(Session& session, const SignIn::Subject& subject) {
  if (!apply(DnOwnership::SignIn{subject.name, session.page()}))
    return Failure{api::ApiError{
        api::ErrorCode::DnInUse,
        fmt::format("register: another agent is signed in to DN {}", config_.number), "username"}};
  credentialExpires_ = subject.expires;
  audioWindow_.reset();  // the page gets the whole window to bring its audio up
  watchAudio();
  return Done{};
}

void Line::signOut(Session& session) {
  apply(DnOwnership::SignOut{session.page()});
}

void Line::pageLost(PageId page) {
  if (ownership_.page() != page) return;
  logInfo("DN {}: the page of {} is gone, {} call(s) kept for {} s", config_.number,
          ownership_.subject(), dn_.calls().size(), gateway_.config().agent.resumeWindow.count());
  apply(DnOwnership::PageLost{page});
  routeAudio();
  watchAudio();
}

bool Line::apply(const DnOwnership::Event& event) {
  bool granted = false;
  for (const auto& action : ownership_.on(event))
    std::visit(Overloaded{[&](const DnOwnership::Granted&) { granted = true; },
                          [](const DnOwnership::Refused&) {},
                          [this](const DnOwnership::Evict& evict) {
                            if (Session* old = gateway_.session(evict.page)) old->takenOver();
                          },
                          [this](const DnOwnership::StartWindow&) {
                            window_ = gateway_.scheduler().after(
                                gateway_.config().agent.resumeWindow,
                                [this] { apply(DnOwnership::WindowOver{}); });
                          },
                          [this](const DnOwnership::StopWindow&) { window_.reset(); },
                          [this](const DnOwnership::Freed&) { freed(); }},
               action);
  return granted;
}

void Line::freed() {
  window_.reset();
  credentialExpires_.reset();
  endCalls(480, "the agent did not come back");
  if (config_.registerWhen == RegisterWhen::OnSignIn) dn_.registration().stop();
}

void Line::endCalls(int code, const std::string& reason) {
  for (sip::Call* call : dn_.calls()) call->giveUp(code, reason);
}

void Line::browserAudioChanged() {
  if (browserAudio())
    for (sip::Call* call : dn_.calls()) call->browserReady();
  routeAudio();
  watchAudio();
}

bool Line::credentialExpired() const {
  return credentialExpires_ && *credentialExpires_ <= std::chrono::system_clock::now();
}

std::optional<std::chrono::seconds> Line::credentialLeft() const {
  if (!credentialExpires_) return std::nullopt;
  const auto left = *credentialExpires_ - std::chrono::system_clock::now();
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(left), std::chrono::seconds(0));
}

void Line::focus(const std::string& callId) {
  focus_ = callId;
  routeAudio();
}

bool Line::sendDigit(const std::string& callId, char digit, Millis duration) {
  const auto leg = legs_.find(callId);
  return leg != legs_.end() && leg->second->sendDigit(digit, duration);
}

std::vector<api::CallInfo> Line::calls() {
  std::vector<api::CallInfo> infos;
  for (const sip::Call* call : dn_.calls()) infos.push_back(describe(*call));
  return infos;
}

api::CallInfo Line::describe(const sip::Call& call) const {
  return describeCall(call, gateway_.config().agent.readableHeaders, gateway_.scheduler().now());
}

std::optional<media::LegCounters> Line::counters(const std::string& callId) const {
  const auto leg = legs_.find(callId);
  if (leg == legs_.end()) return std::nullopt;
  return leg->second->counters();
}

api::Event Line::stateEvent(api::SignedIn session) {
  using Phase = sip::RegistrationState::Phase;
  const sip::RegistrationState& state = dn_.registration().state();
  switch (state.phase) {
    case Phase::Registered:
      return api::Registered{std::move(session)};
    case Phase::Registering:
      return api::Registering{std::move(session)};
    case Phase::Failed:
      return api::RegistrationFailed{config_.number, state.code, state.reason, state.retryIn};
    default:
      return api::Unregistered{config_.number};
  }
}

void Line::onRegistration(const sip::RegistrationState&) {
  if (Session* page = session()) page->stateChanged();
}

bool Line::reachable() const {
  return ownership_.held() && !credentialExpired();
}

Result<std::unique_ptr<sip::CallAudio>> Line::openAudio(const std::string& callId) {
  const std::weak_ptr<bool> alive = alive_;
  Scheduler& scheduler = gateway_.scheduler();
  auto observer = [this, alive, callId, &scheduler](const media::SipLegEvent& event) {
    scheduler.post([this, alive, callId, event] {
      if (alive.lock()) onLegEvent(callId, event);
    });
  };
  auto leg = gateway_.media().openSipLeg(worker_, std::move(observer));
  if (!leg) return Failure{leg.error()};
  legs_[callId] = leg.value();
  return std::unique_ptr<sip::CallAudio>(std::make_unique<CallLeg>(leg.value()));
}

void Line::onLegEvent(const std::string& callId, const media::SipLegEvent& event) {
  Session* page = session();
  if (page == nullptr || dn_.find(callId) == nullptr) return;
  if (const auto* digit = std::get_if<media::DigitReceived>(&event))
    page->tell(api::DigitReceived{callId, digit->digit, digit->duration});
}

void Line::onCallNews(sip::Call& call, const sip::CallNews& news) {
  using Kind = sip::CallNews::Kind;
  const std::string& id = call.facts().id;
  if (news.kind == Kind::HungUp) {
    logInfo("DN {}: call {} ended: {} {}", config_.number, id, news.code, news.reason);
    legs_.erase(id);
    if (focus_ == id) focus_.clear();
  }
  // The audio first, the news after it: who reads `accepted` can be heard.
  routeAudio();
  watchAudio();
  if (Session* page = session()) page->callNews(call, news);
}

void Line::onTalk(sip::Call& call) {
  if (call.state() != State::Ringing) return;
  focus(call.facts().id);
  call.accept(browserAudio() != nullptr);
}

void Line::onReleased(sip::Call& call) {
  legs_.erase(call.facts().id);
}

Session* Line::session() const {
  return ownership_.page() ? gateway_.session(*ownership_.page()) : nullptr;
}

std::shared_ptr<media::BrowserLeg> Line::browserAudio() const {
  const Session* page = session();
  return page != nullptr ? page->peerConnection().audio() : nullptr;
}

// The one place where a call's audio meets the agent's.
void Line::routeAudio() {
  const auto browser = browserAudio();
  const sip::Call* heard = nullptr;
  for (const sip::Call* call : dn_.calls())
    if (audible(*call) && (heard == nullptr || heard->facts().id != focus_)) heard = call;
  for (const auto& [id, leg] : legs_)
    if (heard == nullptr || id != heard->facts().id) leg->join(nullptr);
  if (heard == nullptr) return;
  if (const auto leg = legs_.find(heard->facts().id); leg != legs_.end())
    leg->second->join(browser);
}

void Line::watchAudio() {
  bool waiting = false;
  for (const sip::Call* call : dn_.calls()) waiting = waiting || answered(*call);
  if (!waiting || browserAudio()) return audioWindow_.reset();
  if (audioWindow_) return;
  audioWindow_ = gateway_.scheduler().after(gateway_.config().agent.resumeWindow, [this] {
    for (sip::Call* call : dn_.calls())
      if (answered(*call)) call->giveUp(480, "the agent's audio did not come back");
  });
}

}  // namespace genesys::plugin
