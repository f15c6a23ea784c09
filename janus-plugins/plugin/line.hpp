// A DN with its agent: who is signed in, which calls live, and which of them the agent hears. The
// calls belong to the DN and outlive the page (docs/lifetimes.md). SIP loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/event.hpp"
#include "media/media_engine.hpp"
#include "plugin/config.hpp"
#include "plugin/dn_ownership.hpp"
#include "plugin/sign_in.hpp"
#include "sip/dn.hpp"

namespace genesys::plugin {

class Gateway;
class Session;

class Line : public sip::DnObserver {
 public:
  /// `gateway` and `config` outlive it.
  Line(Gateway& gateway, const DnConfig& config);
  ~Line() override;

  const DnConfig& config() const { return config_; }
  sip::Dn& dn() { return dn_; }
  /// The media worker of this DN's calls and of its agent's PeerConnection.
  unsigned worker() const { return worker_; }
  const DnOwnership& ownership() const { return ownership_; }

  /// Registers the DN, unless it is registered; with `always` only if its configuration says so.
  void start(bool always);
  Result<Done, api::ApiError> signIn(Session& session, const SignIn::Subject& subject);
  void signOut(Session& session);
  void pageLost(PageId page);
  /// The signed-in page's PeerConnection came up or went away.
  void browserAudioChanged();
  /// The token that signed in is over: no new calls.
  bool credentialExpired() const;
  std::optional<std::chrono::seconds> credentialLeft() const;

  /// This call is the one that the agent hears from now on.
  void focus(const std::string& callId);
  bool sendDigit(const std::string& callId, char digit, Millis duration);
  std::vector<api::CallInfo> calls();
  api::CallInfo describe(const sip::Call& call) const;
  std::optional<media::LegCounters> counters(const std::string& callId) const;

  /// The DN's state for its page; Registered, Registering, RegistrationFailed or Unregistered.
  api::Event stateEvent(api::SignedIn session);
  void endCalls(int code, const std::string& reason);

 private:
  void onRegistration(const sip::RegistrationState& state) override;
  bool reachable() const override;
  Result<std::unique_ptr<sip::CallAudio>> openAudio(const std::string& callId) override;
  void onCallNews(sip::Call& call, const sip::CallNews& news) override;
  void onTalk(sip::Call& call) override;
  void onReleased(sip::Call& call) override;

  bool apply(const DnOwnership::Event& event);
  void freed();
  void onLegEvent(const std::string& callId, const media::SipLegEvent& event);
  Session* session() const;
  std::shared_ptr<media::BrowserLeg> browserAudio() const;
  void routeAudio();
  void watchAudio();

  Gateway& gateway_;
  const DnConfig& config_;
  unsigned worker_;
  DnOwnership ownership_;
  std::optional<SignIn::Time> credentialExpires_;
  Timer window_;       ///< the page is gone
  Timer audioWindow_;  ///< an answered call has no browser audio
  std::map<std::string, std::shared_ptr<media::SipLeg>> legs_;  ///< by call id
  std::string focus_;                                           ///< call id
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for closures from the workers
  sip::Dn dn_;  ///< last: its calls use all of the above until they are gone
};

}  // namespace genesys::plugin
