#include "sip/dn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sip/address.hpp"
#include "sip/phrase.hpp"
#include "sip/site_dialog.hpp"
#include "util/log.hpp"

namespace genesys::sip {

Dn::Dn(Scheduler& scheduler, UserAgent& agent, Random& random, DnSettings settings,
       DnObserver& observer)
    : scheduler_(scheduler),
      agent_(agent),
      random_(random),
      settings_(std::move(settings)),
      observer_(observer),
      registration_(scheduler, agent, random, settings_.credentials, settings_.sites,
                    settings_.registration, settings_.transactionTimeout,
                    [this](const RegistrationState& state) { observer_.onRegistration(state); }) {}

void Dn::reconfigure(DnSettings settings) {
  settings_ = std::move(settings);
  registration_.reconfigure(settings_.credentials, settings_.registration);
}

void Dn::invited(std::unique_ptr<Dialog> dialog, const SipMessage& invite) {
  if (!observer_.reachable()) {
    logInfo("DN {}: call from {} turned away: no agent is signed in", number(), invite.fromUri);
    return dialog->respond(480, "Temporarily Unavailable", {});
  }
  Call* replaced = nullptr;
  if (const auto header = invite.header("Replaces"); !header.empty()) {
    const auto found = replacedBy(header);
    if (!found) return dialog->respond(found.error(), reasonPhrase(found.error()), {});
    replaced = found.value();
  }
  if (replaced == nullptr && ringsBy(invite)) {
    logWarning("DN {}: call from {} rings by another site already: busy", number(), invite.fromUri);
    return dialog->respond(486, "Busy Here", {});
  }
  if (replaced == nullptr && calls_.size() >= settings_.maxCalls)
    return dialog->respond(486, "Busy Here", {});
  CallFacts facts;
  facts.id = newCallId();
  facts.peerUri = invite.fromUri;
  facts.peerName = invite.fromName;
  facts.callee = invite.toUri;
  facts.site = invite.site;
  facts.referredBy = invite.header("Referred-By");
  if (replaced != nullptr) facts.replaces = replaced->facts().id;
  facts.sipCallId = invite.callId;
  auto audio = observer_.openAudio(facts.id);
  if (!audio) {
    logError("DN {}: call from {} refused: {}", number(), invite.fromUri, audio.error());
    return dialog->respond(503, "Service Unavailable", {"", {{"Retry-After", "5"}}});
  }
  logInfo("DN {}: call {} from {} uuid={} sip_call_id={}", number(), facts.id, invite.fromUri,
          invite.header("X-Genesys-CallUUID"), invite.callId);
  Call& call = add(std::move(facts), std::move(dialog), std::move(audio).value());
  call.startIncoming(invite);
  if (replaced != nullptr && call.live()) observer_.onReplacement(call, *replaced);
}

DialResult Dn::dial(const std::string& target, std::vector<SipHeader> headers,
                    std::optional<sdp::SrtpTerms> srtp) {
  return dial(target, std::move(headers), std::move(srtp), nullptr);
}

DialResult Dn::dial(const std::string& dialled, std::vector<SipHeader> headers,
                    std::optional<sdp::SrtpTerms> srtp, const Referral* referral) {
  using Kind = DialRefusal::Kind;
  // With Replaces nobody new is called: it names a dialog that SIP Server has (RFC 3891).
  const bool takesOver = referral != nullptr && !referral->target.replaces.empty();
  const auto admitted = takesOver ? dialled : observer_.onDial(dialled);
  if (!admitted) return Failure{admitted.error()};
  const std::string& target = admitted.value();
  if (calls_.size() >= settings_.maxCalls)
    return Failure{DialRefusal{Kind::TooManyCalls,
                               fmt::format("DN {} has {} calls already", number(), calls_.size())}};
  CallFacts facts;
  facts.id = newCallId();
  facts.outgoing = true;
  facts.peerUri = uriOf(target);
  auto audio = observer_.openAudio(facts.id);
  if (!audio) return Failure{DialRefusal{Kind::NoAudio, audio.error()}};
  logInfo("DN {}: call {} to {}", number(), facts.id, facts.peerUri);
  if (referral != nullptr) {
    facts.referredBy = referral->referredBy;
    referred_[facts.id] = referral->referring;
  }
  auto dialog = observer_.onDialling(facts, dialogTo(target));
  Call& call = add(std::move(facts), std::move(dialog), std::move(audio).value());
  if (srtp) (void)call.useSrtp(std::move(*srtp));  // there is no offer yet that could forbid it
  call.startOutgoing(std::move(headers));
  return &call;
}

DnCredentials Dn::credentials(unsigned site) const {
  DnCredentials credentials = settings_.credentials;
  credentials.site = site;
  return credentials;
}

std::unique_ptr<Dialog> Dn::dialogTo(const std::string& target) {
  const unsigned site = registration_.serving();
  auto dialog = agent_.dialogTo(credentials(site), target);
  const auto peer = registration_.peerOf(site);
  if (!peer) return dialog;
  return std::make_unique<SiteDialog>(std::move(dialog), [this, target, peer = *peer] {
    return agent_.dialogTo(credentials(peer), target);
  });
}

// Each site numbers its calls by itself, so that the caller has to tell that they are one.
bool Dn::ringsBy(const SipMessage& invite) const {
  return std::ranges::any_of(calls_, [&](const auto& call) {
    const CallFacts& facts = call->facts();
    return call->live() && !facts.outgoing && facts.site != invite.site &&
           (call->state() == CallMachine::State::Ringing ||
            call->state() == CallMachine::State::Accepting) &&
           userOf(facts.peerUri) == userOf(invite.fromUri);
  });
}

std::vector<Call*> Dn::calls() {
  std::vector<Call*> live;
  for (const auto& call : calls_)
    if (call->live()) live.push_back(call.get());
  return live;
}

Call* Dn::find(const std::string& callId) {
  for (Call* call : calls())
    if (call->facts().id == callId) return call;
  return nullptr;
}

void Dn::onCallNews(Call& call, const CallNews& news) {
  if (referred_.contains(call.facts().id)) reportReferral(call, news);
  observer_.onCallNews(call, news);
}

void Dn::onReleased(Call& call) {
  const auto it = std::find_if(calls_.begin(), calls_.end(),
                               [&](const auto& owned) { return owned.get() == &call; });
  if (it == calls_.end()) return;
  referred_.erase(call.facts().id);
  observer_.onReleased(call);
  released_.push_back(std::move(*it));
  calls_.erase(it);
  sweep_ = scheduler_.after(Millis(0), [this] { released_.clear(); });
}

// 64 random bits: enough to be unique in a log, and no secret.
std::string Dn::newCallId() {
  return fmt::format("{:016x}", random_.next());
}

Call& Dn::add(CallFacts facts, std::unique_ptr<Dialog> dialog, std::unique_ptr<CallAudio> audio) {
  facts.started = scheduler_.now();
  CallObserver& self = *this;
  calls_.push_back(std::make_unique<Call>(scheduler_, self, random_, settings_.calls,
                                          std::move(facts), std::move(dialog), std::move(audio)));
  return *calls_.back();
}

}  // namespace genesys::sip
