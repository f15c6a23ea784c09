// The counters of a leg's media as JSON. Any thread.
#pragma once

#include "api/event.hpp"
#include "media/media_engine.hpp"

namespace genesys::plugin {

/// {"received": {...}, "sent": {...}}
api::Json legStatus(const media::LegCounters& leg);

}  // namespace genesys::plugin
