// Time as the gateway knows it: monotonic, and always a parameter. No machine, buffer or back-off
// calls now() itself; the thread that drives it does, so tests run in virtual time.
#pragma once

#include <chrono>

namespace genesys {

using MonoClock = std::chrono::steady_clock;
using MonoTime = MonoClock::time_point;
using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

}  // namespace genesys
