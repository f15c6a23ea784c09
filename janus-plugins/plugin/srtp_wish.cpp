#include "plugin/srtp_wish.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plugin/request_failure.hpp"

namespace genesys::plugin {
namespace {

using api::ErrorCode;
using Kind = api::SrtpWish::Kind;
using Policy = sdp::SrtpPolicy;

}  // namespace

Result<std::optional<sdp::SrtpTerms>, api::ApiError> srtpTerms(const sdp::SrtpTerms& dn,
                                                               const api::SrtpWish& wish,
                                                               const char* request) {
  std::optional<sdp::SrtpTerms> terms;
  if (wish.kind == Kind::None) return terms;
  const auto refuse = [&](const char* why, const char* field) {
    return failure(ErrorCode::InvalidField, fmt::format("{}: {}", request, why), field);
  };
  if (dn.policy == Policy::Off) return refuse("SRTP is off for this DN", "srtp");
  if (dn.policy == Policy::Mandatory && wish.kind == Kind::Optional)
    return refuse("SRTP is mandatory for this DN", "srtp");
  terms = dn;
  if (wish.kind == Kind::Mandatory) terms->policy = Policy::Mandatory;
  if (wish.profile.empty()) return terms;
  const media::SrtpSuite* suite = media::findSrtpSuite(wish.profile);
  if (std::find(dn.suites.begin(), dn.suites.end(), suite) == dn.suites.end())
    return refuse("this DN has no such SRTP suite", "srtp_profile");
  terms->suites = {suite};
  return terms;
}

Result<Done, api::ApiError> useSrtp(sip::Call& call, const sdp::SrtpTerms& dn,
                                    const api::SrtpWish& wish, const char* request) {
  auto terms = srtpTerms(dn, wish, request);
  if (!terms) return Failure{terms.error()};
  if (!terms.value()) return Done{};
  const auto used = call.useSrtp(std::move(*terms.value()));
  if (used) return Done{};
  return failure(ErrorCode::InvalidField, fmt::format("{}: {}", request, used.error()), "srtp");
}

std::string srtpName(Policy policy) {
  if (policy == Policy::Off) return "";
  return policy == Policy::Mandatory ? "sdes_mandatory" : "sdes_optional";
}

}  // namespace genesys::plugin
