// Allow-lists of SIP header names: "Reason" names one, "X-*" every name with that beginning. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/request.hpp"
#include "sip/sip_message.hpp"

namespace genesys::plugin {

bool allows(const std::vector<std::string>& list, std::string_view name);

/// The headers that the list allows; of a name that comes twice, the first.
api::Headers selectHeaders(const std::vector<sip::SipHeader>& headers,
                           const std::vector<std::string>& list);

/// A page's headers as SIP takes them.
std::vector<sip::SipHeader> toSip(const api::Headers& headers);

}  // namespace genesys::plugin
