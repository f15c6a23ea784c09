// How the control interface answers. Main thread.
#pragma once

#include <cmath>
#include <string>

#include "control/http_server.hpp"
#include "control/json.hpp"
#include "util/clock.hpp"

namespace genesys::sim {

inline void fault(const HttpReply& reply, int status, const std::string& reason) {
  Json out(json_object());
  put(out.get(), "error", reason);
  reply({status, dump(out.get())});
}

inline void ok(const HttpReply& reply, const Json& value, int status = 200) {
  reply({status, dump(value.get())});
}

/// Answers with status and ms of a SIP request that was sent at `begun`; status 0 is a time-out.
inline void replyTimed(const HttpReply& reply, int status, MonoTime begun) {
  Json out(json_object());
  put(out.get(), "status", int64_t{status});
  const std::chrono::duration<double, std::milli> taken = MonoClock::now() - begun;
  put(out.get(), "ms", std::round(taken.count() * 10) / 10);
  ok(reply, out, status == 0 ? 504 : 200);
}

}  // namespace genesys::sim
