// What a line's agent may call, and calls of SIP Server's asking that are not made. SIP loop.
#include <fmt/format.h>

#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"

namespace genesys::plugin {

// Agents have the roles of their token, and those of the DN that they use.
std::vector<std::string> Line::roles() const {
  std::vector<std::string> all = config_.roles;
  all.insert(all.end(), roles_.begin(), roles_.end());
  return all;
}

Result<std::string, sip::DialRefusal> Line::admit(const std::string& target, bool another) {
  const std::string& subject = ownership_.subject();
  const Admission::Caller caller{subject, roles(), another ? gateway_.callsOf(subject) : 0};
  auto number = gateway_.admission().admit(caller, target, gateway_.scheduler().now());
  if (!number) {
    const api::ApiError error = toError(number.error(), "call");
    logWarning("DN {}: {} of {}: {}", config_.number, api::errorName(error.code), subject,
               number.error().reason);
    if (const Session* page = session())
      page->notifyHandlers(error.code, target, number.error().reason);
  }
  return number;
}

std::unique_ptr<sip::Dialog> Line::onDialling(const sip::CallFacts& facts,
                                              std::unique_ptr<sip::Dialog> dialog) {
  return gateway_.ledger().outgoing(std::move(dialog), config_.number, facts);
}

Result<std::string, sip::DialRefusal> Line::onDial(const std::string& target) {
  return admit(target, true);
}

void Line::onReferralFailed(const sip::Referral& referral, const sip::DialRefusal& refusal) {
  const api::ApiError error = toError(refusal, "transfer");
  if (Session* page = pageOf(referral.referring))
    page->tell(api::CallDenied{referral.referring, referral.id, dn_.uriOf(referral.target.user),
                               error.code, refusal.reason});
}

}  // namespace genesys::plugin
