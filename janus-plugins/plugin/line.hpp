// A DN with its agent: who is signed in, which calls live, and which of them the agent hears. The
// calls belong to the DN and outlive the page (docs/lifetimes.md). SIP loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/event.hpp"
#include "media/media_engine.hpp"
#include "media/recording/recorder.hpp"
#include "plugin/call_hosts.hpp"
#include "plugin/dn_ownership.hpp"
#include "plugin/dn_service.hpp"
#include "plugin/peer_connection.hpp"
#include "settings/config.hpp"
#include "settings/sign_in.hpp"
#include "sip/dn.hpp"

namespace genesys::plugin {

class Gateway;
class Session;

class Line : public sip::DnObserver {
 public:
  /// `gateway` and `config` outlive it.
  Line(Gateway& gateway, const settings::DnConfig& config);
  ~Line() override;

  const settings::DnConfig& config() const { return config_; }
  sip::Dn& dn() { return dn_; }
  /// What its agent's PeerConnection needs; the worker is that of the DN's calls.
  BrowserAudio browserAudio() const { return {worker_, sdp::hintsFor(config_.codecs)}; }
  const DnOwnership& ownership() const { return ownership_; }

  /// Calls can be made and will come: the DN is registered, or never has to be.
  bool inService() const;
  /// Registers the DN, unless it is registered; with `always` only if its configuration says so.
  void start(bool always);
  Result<Done, api::ApiError> signIn(Session& session, const settings::SignIn::Subject& subject);
  void signOut(Session& session);
  void pageLost(PageId page);
  /// The signed-in page's PeerConnection came up or went away.
  void browserAudioChanged();
  /// The token that signed in is over: no new calls.
  bool credentialExpired() const;
  std::optional<std::chrono::seconds> credentialLeft() const;

  /// The agent turns to this call: it is heard from now on, and the other calls are held.
  void takeUp(const std::string& callId);
  /// The same for a call that is held, with those that it is merged with.
  void retrieve(const std::string& callId);
  /// One conversation of these answered calls (two or more) and the agent.
  void merge(const std::vector<std::string>& callIds);
  bool sendDigit(const std::string& callId, char digit, Millis duration);
  /// Makes either side of a call louder, softer or mute; what holds then.
  api::CallVolume changeVolume(const std::string& callId, const api::ChangeVolume& request);
  /// Starts, stops, pauses or resumes the recording of a call; its end is told, too.
  Result<Done, api::ApiError> record(const sip::Call& call, const api::Record& request);
  /// A MESSAGE to a user of SIP Server; what becomes of it is told as messagedelivery.
  bool sendMessage(const std::string& target, sip::SipContent content);
  /// A MESSAGE for this DN outside of every call; false if nobody is signed in to read it.
  bool messageReceived(const sip::SipMessage& message);
  /// Subscribes, or asks again; false if there are too many. News come as events.
  bool subscribe(const api::Subscribe& request);
  /// False if there is no such subscription.
  bool unsubscribe(const api::Unsubscribe& request);
  void endSubscriptions();
  std::vector<api::CallInfo> calls();

  // line_helpers.cpp: pages for further calls (CallHosts).
  /// What a page has to name to become a helper of this line's; 0 while nobody is signed in.
  uint64_t masterId() const { return masterId_; }
  size_t helpers() const { return hosts_.helpers().size(); }
  bool admitHelper(Session& helper, uint64_t masterId);
  void helperLost(PageId page);
  /// Whether the call is one of this page's.
  bool hosts(const Session& session, const std::string& callId) const;
  std::vector<api::CallInfo> callsOf(const Session& session);
  /// Calls that begin now are those of this page.
  void dialledBy(const Session* session);

  api::CallInfo describe(const sip::Call& call) const;
  std::optional<media::LegCounters> counters(const std::string& callId) const;

  /// The DN's state for its page; Registered, Registering, RegistrationFailed or Unregistered.
  api::Event stateEvent(api::SignedIn session);
  /// The number to call when the agent dials `target` or, not `another` call, transfers there; the
  /// dial plan and the agent's limits decide.
  Result<std::string, sip::DialRefusal> admit(const std::string& target, bool another);

  void endCalls(int code, const std::string& reason);

  // line_service.cpp
  /// Takes no new call and no new agent from now on; leaveIfIdle() does the rest.
  void retire(Retirement why);
  /// Takes them again, if it retired because of `from`.
  void restore(Retirement from);
  Retirement retirement() const { return retirement_; }
  /// Whether somebody may sign in: to a line that has retired only as long as it has a call.
  bool takesAgents();
  /// Its part of the configuration, or what all lines share, has changed; `before`: its own.
  void reconfigured(const settings::DnConfig& before);
  /// By an operator: the DN is unregistered until switchOn(), whoever is signed in.
  void switchOff();
  /// Registers it, if it should be; at once, if it waits after a failure.
  void switchOn();
  bool switchedOff() const { return switchedOff_; }
  /// A line that has retired and has no call sends its page away and unregisters the DN.
  void leaveIfIdle();
  /// Its DN was removed, and nothing of it is left.
  bool gone();
  /// In words.
  DnService service() const;

  /// Routes the audio anew and tells the page of calls that look different from what it knows.
  void changed();

 private:
  void onRegistration(const sip::RegistrationState& state) override;
  bool reachable() const override;
  Result<std::unique_ptr<sip::CallAudio>> openAudio(const std::string& callId) override;
  void onCallNews(sip::Call& call, const sip::CallNews& news) override;
  void onTalk(sip::Call& call) override;
  void onHold(sip::Call& call) override;
  void onAutoAnswer(sip::Call& call) override;
  void onChanged(sip::Call& call) override;
  void onHoldFailed(sip::Call& call, const sip::HoldMachine::Failed& failed) override;
  void onReleased(sip::Call& call) override;
  // line_messages.cpp
  void onCallRequest(sip::Call& call, const sip::CallRequestNews& news) override;
  int onRefer(sip::Call&, const sip::ReferTarget&, const sip::SipMessage&) override {
    return 603;  // the DN decides, and tells onReferral()
  }
  void onReferral(sip::Call& call, const sip::Referral& referral, bool accepted) override;
  void onReplacement(sip::Call& call, sip::Call& old) override;
  // line_dialling.cpp
  std::unique_ptr<sip::Dialog> onDialling(const sip::CallFacts& facts,
                                          std::unique_ptr<sip::Dialog> dialog) override;
  std::vector<std::string> roles() const;
  Result<std::string, sip::DialRefusal> onDial(const std::string& target) override;
  void onReferralFailed(const sip::Referral& referral, const sip::DialRefusal& refusal) override;
  api::TextReceived textOf(const sip::SipMessage& message) const;
  // line_recordings.cpp
  struct Taped {
    std::vector<std::string> files;
    bool paused = false;
    Host host;  ///< of the call when it began
  };
  Session* recordingPage(const std::string& callId, const Taped& taped);
  Result<Done, api::ApiError> startRecording(const sip::Call& call, const api::Record& request);
  void recordingOver(const std::string& callId, const media::RecordingEnd& end);
  void tellRecording(const std::string& callId, const char* state);
  /// "on", "paused" or nothing.
  std::string recordingState(const std::string& callId) const;
  // line_subscriptions.cpp
  using SubscriptionKey = std::pair<std::string, std::string>;  ///< event package, user
  void onNotice(const SubscriptionKey& key, const sip::Subscription::News& news);
  api::Notify notifyOf(const sip::SipMessage& message) const;

  sip::DnSettings dnSettings() const;
  bool apply(const DnOwnership::Event& event);
  void freed();
  void leaveSoon();
  void onLegEvent(const std::string& callId, const media::SipLegEvent& event);
  Session* session() const;
  // line_helpers.cpp
  void drawMasterId();
  void removeHelper(PageId page);
  void dismissHelpers(bool takenOver);
  void chooseHost(const std::string& callId);
  Session* pageOf(const std::string& callId) const;
  void answer(sip::Call& call);
  void forget(const std::string& callId);
  api::CallInfo comparable(const sip::Call& call) const;
  void rememberTold();

  // line_audio.cpp
  std::shared_ptr<media::BrowserLeg> audioOf(Host host) const;
  std::shared_ptr<media::BrowserLeg> audioFor(const sip::Call& call) const;
  std::vector<std::string> heardBy(Host host, const std::string& focus);
  void routeAudio();
  void watchAudio();

  Gateway& gateway_;
  const settings::DnConfig& config_;
  unsigned worker_;
  DnOwnership ownership_;
  std::optional<settings::SignIn::Time> credentialExpires_;
  std::vector<std::string> roles_;  ///< of the agent, by its token
  Retirement retirement_ = Retirement::None;
  bool switchedOff_ = false;  ///< by an operator
  Timer leaving_;             ///< a line that has retired and has no call any more
  Timer window_;              ///< the page is gone
  Timer audioWindow_;         ///< an answered call has no browser audio
  std::map<std::string, std::shared_ptr<media::SipLeg>> legs_;  ///< by call id
  std::map<std::string, api::CallVolume> volumes_;              ///< by call id
  std::map<std::string, Taped> recordings_;  ///< by call id; until its files are complete
  std::set<std::string> merged_;             ///< call ids, none or two and more
  /// What is heard on one page: the call that the agent chose there last, and the calls that are
  /// joined with its browser.
  struct Ear {
    std::string focus;
    std::vector<std::string> heard;
    std::shared_ptr<media::BrowserLeg> browser;
  };
  std::map<Host, Ear> ears_;
  CallHosts hosts_;
  Host dialling_;  ///< the helper whose call begins now
  uint64_t masterId_ = 0;
  std::map<std::string, api::CallInfo> told_;  ///< what the page knows, by call id
  /// MESSAGEs under way, by a number of ours.
  std::map<uint64_t, std::unique_ptr<sip::OutOfDialogRequest>> messages_;
  uint64_t lastMessage_ = 0;
  struct Subscribed {
    std::unique_ptr<sip::Subscription> subscription;
    bool asked = true;  ///< by the page, which waits for the answer
  };
  std::map<SubscriptionKey, Subscribed> subscriptions_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for closures from the workers
  sip::Dn dn_;  ///< last: its calls use all of the above until they are gone
};

}  // namespace genesys::plugin
