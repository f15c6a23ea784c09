#include "plugin/line.hpp"

#include <fmt/format.h>

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"
#include "util/overloaded.hpp"

namespace genesys::plugin {
namespace {

sip::ReferPolicy referPolicy(settings::ReferPolicy policy) {
  switch (policy) {
    case settings::ReferPolicy::Reject:
      return sip::ReferPolicy::Reject;
    case settings::ReferPolicy::Ask:
      return sip::ReferPolicy::Ask;
    case settings::ReferPolicy::Accept:
      break;
  }
  return sip::ReferPolicy::Accept;
}

sip::DnSettings settingsFor(const settings::Config& config, const settings::DnConfig& dn,
                            const SecretRandom& secrets) {
  sip::DnSettings settings;
  settings.credentials = {dn.number,      dn.displayName,   dn.authUser,
                          dn.sipPassword, config.sip.realm, 0};
  settings.calls.timers.ringTimeout = config.agent.ringTimeout;
  settings.calls.timers.noAnswerTimeout = config.sip.transactionTimeout;
  settings.calls.sessionExpires = config.sip.sessionExpires;
  settings.calls.mediaAddress = config.media.advertisedAddress;
  settings.calls.codecs = dn.codecs;
  settings.maxCalls = config.agent.maxCalls;
  settings.calls.srtp = dn.srtp;
  settings.calls.secrets = secrets;
  settings.calls.telephoneEvents = dn.digits != settings::DigitMode::InBand;
  settings.refer = referPolicy(dn.refer);
  settings.calls.autoAnswer = dn.autoAnswer;
  settings.calls.autoAnswerAlertInfo = config.agent.autoAnswerAlertInfo;
  settings.registration.expires = config.sip.registerExpires;
  settings.registration.hasPassword = !dn.sipPassword.empty();
  settings.sites = config.secondSite ? 2 : 1;
  settings.transactionTimeout = config.sip.transactionTimeout;
  return settings;
}

}  // namespace

sip::DnSettings Line::dnSettings() const {
  return settingsFor(gateway_.config(), config_, gateway_.secrets());
}

Line::Line(Gateway& gateway, const settings::DnConfig& config)
    : gateway_(gateway),
      config_(config),
      worker_(gateway.media().workerFor(config.number)),
      dn_(gateway.scheduler(), gateway.agent(), gateway.random(),
          settingsFor(gateway.config(), config, gateway.secrets()), *this) {
  dn_.registration().watchServer(
      [&gateway](unsigned site, int status) { gateway.registerWent(site, status); });
}

Line::~Line() = default;

bool Line::inService() const {
  return config_.registerWhen == settings::RegisterWhen::Never ||
         dn_.registration().state().inService();
}

void Line::start(bool always) {
  if (config_.registerWhen == settings::RegisterWhen::Never) return;
  if (switchedOff_ || !takesAgents()) return;
  if (!always || config_.registerWhen == settings::RegisterWhen::Always) dn_.registration().start();
}

Result<Done, api::ApiError> Line::signIn(Session& session,
                                         const settings::SignIn::Subject& subject) {
  if (!apply(DnOwnership::SignIn{subject.name, session.page()}))
    return Failure{api::ApiError{
        api::ErrorCode::DnInUse,
        fmt::format("register: another agent is signed in to DN {}", config_.number), "username"}};
  credentialExpires_ = subject.expires;
  roles_ = subject.roles;
  if (masterId_ == 0) drawMasterId();
  audioWindow_.reset();  // the page gets the whole window to bring its audio up
  watchAudio();
  rememberTold();  // the answer to the sign-in lists them
  return Done{};
}

void Line::signOut(Session& session) {
  apply(DnOwnership::SignOut{session.page()});
}

void Line::pageLost(PageId page) {
  if (hosts_.isHelper(page)) return helperLost(page);
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
                            dismissHelpers(true);
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
  masterId_ = 0;
  dismissHelpers(false);
  credentialExpires_.reset();
  roles_.clear();
  endCalls(480, "the agent did not come back");
  endSubscriptions();
  if (config_.registerWhen == settings::RegisterWhen::OnSignIn) dn_.registration().stop();
}

void Line::endCalls(int code, const std::string& reason) {
  for (sip::Call* call : dn_.calls()) call->giveUp(code, reason);
}

void Line::browserAudioChanged() {
  for (sip::Call* call : dn_.calls())
    if (audioFor(*call)) call->browserReady();
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

api::Event Line::stateEvent(api::SignedIn session) {
  using Phase = sip::RegistrationState::Phase;
  const sip::RegistrationState& state = dn_.registration().state();
  if (inService()) return api::Registered{std::move(session)};
  // The page stays signed in, and shows why.
  if (switchedOff_)
    return api::RegistrationFailed{config_.number, 0, "an operator has unregistered this DN",
                                   Millis(0)};
  switch (state.phase) {
    case Phase::Registering:
      return api::Registering{std::move(session)};
    case Phase::Failed:
      return api::RegistrationFailed{config_.number, state.code, state.reason, state.retryIn};
    default:
      return api::Unregistered{config_.number};
  }
}

void Line::onRegistration(const sip::RegistrationState& state) {
  using Phase = sip::RegistrationState::Phase;
  if (retirement_ == Retirement::Removed && state.phase == Phase::Off)
    gateway_.lineLeft(config_.number);
  if (switchedOff_ && state.phase == Phase::Unregistering) return;
  if (Session* page = session()) page->stateChanged();
}

bool Line::reachable() const {
  return ownership_.held() && !credentialExpired();
}

Session* Line::session() const {
  return ownership_.page() ? gateway_.session(*ownership_.page()) : nullptr;
}

}  // namespace genesys::plugin
