// What a page may want of encryption on the SIP side, against what its DN allows. Pure.
#pragma once

#include <optional>
#include <string>

#include "api/request.hpp"
#include "sdp/srtp_agreement.hpp"
#include "sip/call.hpp"

namespace genesys::plugin {

/// The terms of one call: those of the DN if the page wants nothing, else its own. A page may make
/// encryption mandatory where it is optional and narrow the suites down to one, not the other way
/// round: InvalidField.
Result<std::optional<sdp::SrtpTerms>, api::ApiError> srtpTerms(const sdp::SrtpTerms& dn,
                                                               const api::SrtpWish& wish,
                                                               const char* request);

/// The same for a call that rings; InvalidField as well if the caller's offer does not allow it.
Result<Done, api::ApiError> useSrtp(sip::Call& call, const sdp::SrtpTerms& dn,
                                    const api::SrtpWish& wish, const char* request);

/// "sdes_optional", "sdes_mandatory", or nothing: the words of Janus's SIP plugin.
std::string srtpName(sdp::SrtpPolicy policy);

}  // namespace genesys::plugin
