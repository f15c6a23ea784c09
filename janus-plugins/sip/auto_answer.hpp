// Whether an INVITE asks the phone to answer by itself, and after how long: `Call-Info: <…>;
// answer-after=S` or an `Alert-Info` that is configured to mean it. Only configured peers can send
// one (peer_filter.hpp). Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sip/sip_message.hpp"
#include "util/clock.hpp"

namespace genesys::sip {

/// `alertInfo`: texts of which an Alert-Info must contain one, in any letter case. The delay is 0
/// to 60 s (answer-after in s; `delay=` of an Alert-Info in s, default 0); nullopt: rings as usual.
std::optional<Millis> autoAnswerDelay(const SipMessage& invite,
                                      const std::vector<std::string>& alertInfo);

}  // namespace genesys::sip
