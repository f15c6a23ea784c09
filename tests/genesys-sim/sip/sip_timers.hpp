// Timer values of RFC 3261 section 17.1.1.1, as SIP Server was seen to keep them.
#pragma once

#include "util/clock.hpp"

namespace genesys::sim {

inline constexpr Millis kT1{500};
inline constexpr Millis kT2{4000};
/// 64*T1: timers B, F, H and J, and how long a 2xx is repeated without its ACK.
inline constexpr Millis kTransactionTimeout{32000};

}  // namespace genesys::sim
