// A DN: what SIP Server takes for one phone. It owns its registration and its calls, whether or not
// a page is open. SIP loop.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "sip/call.hpp"
#include "sip/site_registrations.hpp"
#include "sip/user_agent.hpp"

namespace genesys::sip {

/// What to do with a REFER of SIP Server.
enum class ReferPolicy {
  Accept,
  Reject,
  Ask,  ///< accepted, and the agent decides whether the call is made
};

/// A call that SIP Server asks this DN to make.
struct Referral {
  uint32_t id = 0;
  std::string referring;  ///< id of the call it came in
  ReferTarget target;
  std::string referredBy;
};

/// Why a call is not made.
struct DialRefusal {
  enum class Kind {
    Denied,        ///< the number may not be called
    TooManyCalls,  ///< at once, or in a minute
    NoAudio,       ///< no RTP port or descriptor is left
    NoReferral,    ///< nobody has asked for it, or it is made already
  } kind;
  std::string reason;  ///< in words
};
using DialResult = Result<Call*, DialRefusal>;

/// The plugin's side of a DN.
class DnObserver : public CallObserver {
 public:
  /// A REFER in `call`: this DN calls `referral.target` by itself, or waits for the agent.
  virtual void onReferral(Call& call, const Referral& referral, bool accepted) = 0;
  /// That call is not made after all.
  virtual void onReferralFailed(const Referral& referral, const DialRefusal& refusal) = 0;
  /// The dialog of a call of ours before its INVITE; what comes back is used instead.
  virtual std::unique_ptr<Dialog> onDialling(const CallFacts&, std::unique_ptr<Dialog> dialog) {
    return dialog;
  }
  /// The number to call when `target` is dialled, or why it may not be.
  virtual Result<std::string, DialRefusal> onDial(const std::string& target) = 0;
  /// `call` takes the place of `old`, which the agent talks in (INVITE with Replaces, RFC 3891).
  virtual void onReplacement(Call& call, Call& old) = 0;
  virtual void onRegistration(const RegistrationState& state) = 0;
  /// Whether a call may ring now; false turns it away with 480.
  virtual bool reachable() const = 0;
  /// Opens the audio of a call, on the workers; nullptr with the reason if no port is free.
  virtual Result<std::unique_ptr<CallAudio>> openAudio(const std::string& callId) = 0;
};

struct DnSettings {
  DnCredentials credentials;
  CallSettings calls;
  RegistrationMachine::Options registration;
  Millis transactionTimeout{4000};
  size_t maxCalls = 4;  ///< at once; one more gets 486, or is not dialled
  ReferPolicy refer = ReferPolicy::Accept;
  unsigned sites = 1;  ///< of SIP Server that the DN registers with
};

class Dn : private CallObserver {
 public:
  /// All references outlive it.
  Dn(Scheduler& scheduler, UserAgent& agent, Random& random, DnSettings settings,
     DnObserver& observer);

  const std::string& number() const { return settings_.credentials.dn; }
  /// Of the same number: for calls that begin from now on, and for the registration.
  void reconfigure(DnSettings settings);
  SiteRegistrations& registration() { return registration_; }
  const SiteRegistrations& registration() const { return registration_; }

  /// A new INVITE for this DN.
  void invited(std::unique_ptr<Dialog> dialog, const SipMessage& invite);
  /// Dials what the observer's onDial() makes of `target`. `srtp`: other terms than the DN's.
  DialResult dial(const std::string& target, std::vector<SipHeader> headers,
                  std::optional<sdp::SrtpTerms> srtp = std::nullopt);

  /// Makes the call that a REFER asked for, and tells the referring party how far it is.
  DialResult dialReferred(uint32_t referId, std::vector<SipHeader> headers = {},
                          std::optional<sdp::SrtpTerms> srtp = std::nullopt);
  /// The agent does not want it; the id of the call it came in, "" if there is no such referral.
  std::string declineReferred(uint32_t referId);
  /// Our own address of record, and that of a user at SIP Server.
  std::string uri() const { return uriOf(number()); }
  std::string uriOf(const std::string& user) const {
    return agent_.uriOf(user, registration_.serving());
  }
  /// A MESSAGE outside of every call.
  std::unique_ptr<OutOfDialogRequest> message(const std::string& target, const SipContent& content,
                                              OutOfDialogRequest::OnAnswer onAnswer) {
    return agent_.message(credentials(registration_.serving()), target, content,
                          std::move(onAnswer));
  }

  std::unique_ptr<Subscription> subscribe(SubscriptionRequest request,
                                          Subscription::OnNews onNews) {
    return agent_.subscribe(credentials(registration_.serving()), std::move(request),
                            std::move(onNews));
  }

  /// Calls that are neither ended nor ending, oldest first.
  std::vector<Call*> calls();
  Call* find(const std::string& callId);

 private:
  void onCallNews(Call& call, const CallNews& news) override;
  void onCallRequest(Call& call, const CallRequestNews& news) override {
    observer_.onCallRequest(call, news);
  }
  int onRefer(Call& call, const ReferTarget& target, const SipMessage& refer) override;
  void onTalk(Call& call) override { observer_.onTalk(call); }
  void onHold(Call& call) override { observer_.onHold(call); }
  void onAutoAnswer(Call& call) override { observer_.onAutoAnswer(call); }
  void onChanged(Call& call) override { observer_.onChanged(call); }
  void onHoldFailed(Call& call, const HoldMachine::Failed& failed) override {
    observer_.onHoldFailed(call, failed);
  }
  void onReleased(Call& call) override;

  DialResult dial(const std::string& target, std::vector<SipHeader> headers,
                  std::optional<sdp::SrtpTerms> srtp, const Referral* referral);
  /// The live call that a Replaces names; the status to refuse with if it may not be replaced.
  Result<Call*, int> replacedBy(std::string_view header);
  void reportReferral(const Call& call, const CallNews& news);
  void dialReferrals();
  DnCredentials credentials(unsigned site) const;
  std::unique_ptr<Dialog> dialogTo(const std::string& target);
  /// Whether `invite` is a call that rings here already by another site.
  bool ringsBy(const SipMessage& invite) const;
  std::string newCallId();
  Call& add(CallFacts facts, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio);

  Scheduler& scheduler_;
  UserAgent& agent_;
  Random& random_;
  DnSettings settings_;
  DnObserver& observer_;
  SiteRegistrations registration_;
  std::list<std::unique_ptr<Call>> calls_;
  std::map<uint32_t, Referral> referrals_;       ///< not dialled yet
  std::map<std::string, std::string> referred_;  ///< the new call's id -> the referring call's
  uint32_t lastReferId_ = 0;
  Timer referralTimer_;
  Timer sweep_;  ///< destroys released calls outside of their own code
  std::vector<std::unique_ptr<Call>> released_;
};

}  // namespace genesys::sip
