// How calls, registrations and the state of the stand-in look in JSON. Main thread.
#pragma once

#include "control/json.hpp"
#include "sip_server.hpp"

namespace genesys::sim {

/// `detail` adds legs, media and notes.
Json callJson(Call& call, bool detail, MonoTime now);
Json registrationsJson(const Registrar& registrar, MonoTime now);
Json statusJson(SipServer& server);

}  // namespace genesys::sim
