// A DN's part in transfers: calls that REFER asks it to make, and INVITEs that replace a call.
#include <utility>

#include "sip/dn.hpp"
#include "sip/phrase.hpp"
#include "util/log.hpp"

namespace genesys::sip {
namespace {

int statusOf(const DialRefusal& refusal) {
  switch (refusal.kind) {
    case DialRefusal::Kind::Denied:
      return 403;
    case DialRefusal::Kind::TooManyCalls:
      return 486;
    default:
      return 503;
  }
}

}  // namespace

int Dn::onRefer(Call& call, const ReferTarget& target, const SipMessage& refer) {
  if (settings_.refer == ReferPolicy::Reject) return 603;
  const bool accepted = settings_.refer == ReferPolicy::Accept;
  const uint32_t id = ++lastReferId_;
  std::string by(refer.header("Referred-By"));
  if (by.empty()) by = "<" + refer.fromUri + ">";
  const auto& referral =
      referrals_.emplace(id, Referral{id, call.facts().id, target, std::move(by)}).first->second;
  logInfo("DN {}: call {} is referred to {}{}", number(), call.facts().id, target.user,
          target.replaces.empty() ? "" : ", with Replaces");
  observer_.onReferral(call, referral, accepted);
  // After our 202 has left: its NOTIFYs belong to the subscription that it makes.
  if (accepted) referralTimer_ = scheduler_.after(Millis(0), [this] { dialReferrals(); });
  return 202;
}

void Dn::dialReferrals() {
  while (!referrals_.empty()) {
    const Referral next = referrals_.begin()->second;
    const auto dialled = dialReferred(next.id);
    if (dialled) continue;
    logWarning("DN {}: the referred call is not made: {}", number(), dialled.error().reason);
    observer_.onReferralFailed(next, dialled.error());
  }
}

DialResult Dn::dialReferred(uint32_t referId, std::vector<SipHeader> headers,
                            std::optional<sdp::SrtpTerms> srtp) {
  const auto found = referrals_.find(referId);
  if (found == referrals_.end())
    return Failure{DialRefusal{DialRefusal::Kind::NoReferral, "there is no such referral"}};
  const Referral referral = std::move(found->second);
  referrals_.erase(found);
  headers.push_back({"Referred-By", referral.referredBy});
  if (!referral.target.replaces.empty()) headers.push_back({"Replaces", referral.target.replaces});
  auto call = dial(referral.target.user, std::move(headers), std::move(srtp), &referral);
  if (Call* referring = find(referral.referring)) {
    if (call)
      referring->reportReferral(100, "Trying");
    else
      referring->reportReferral(statusOf(call.error()), reasonPhrase(statusOf(call.error())));
  }
  return call;
}

std::string Dn::declineReferred(uint32_t referId) {
  const auto found = referrals_.find(referId);
  if (found == referrals_.end()) return "";
  const std::string referring = found->second.referring;
  referrals_.erase(found);
  if (Call* call = find(referring)) call->reportReferral(603, "Decline");
  return referring;
}

void Dn::reportReferral(const Call& call, const CallNews& news) {
  using Kind = CallNews::Kind;
  Call* referring = find(referred_.at(call.facts().id));
  const bool over = news.kind == Kind::Accepted || news.kind == Kind::HungUp;
  if (over) referred_.erase(call.facts().id);
  if (referring == nullptr) return;
  if (news.kind == Kind::Ringing) referring->reportReferral(180, "Ringing");
  if (news.kind == Kind::Accepted) referring->reportReferral(200, "OK");
  if (news.kind == Kind::HungUp)
    referring->reportReferral(news.code >= 300 ? news.code : 487, "Request Terminated");
}

// RFC 3891 section 3.
Result<Call*, int> Dn::replacedBy(std::string_view header) {
  const auto replaces = parseReplaces(header);
  if (!replaces) return Failure{400};
  for (const auto& call : calls_) {
    const DialogId dialog = call->dialogId();
    if (dialog.callId != replaces->callId || dialog.localTag != replaces->toTag ||
        dialog.remoteTag != replaces->fromTag)
      continue;
    if (!call->live()) return Failure{603};
    if (!call->answered()) {
      if (!call->facts().outgoing) return Failure{481};  // an early dialog that is not ours
    } else if (replaces->earlyOnly) {
      return Failure{486};
    }
    return call.get();
  }
  return Failure{481};
}

}  // namespace genesys::sip
