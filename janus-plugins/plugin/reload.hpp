// Reads the configuration anew: an administrator is told what is wrong with it, what it would
// change, and what it has changed. Nothing or all of it is taken over.
#pragma once

#include <optional>

#include "api/event.hpp"
#include "settings/config.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

class Gateway;

enum class ConfigTask { Check, Reload };
using LoadedConfig = Result<settings::Config, settings::ConfigError>;

/// {"request": "check_config"} or {"request": "reload"}; nullopt for any other request. Any thread.
std::optional<ConfigTask> configTask(const json_t* request);

/// SIP loop.
api::Json configAnswer(Gateway& gateway, ConfigTask task, LoadedConfig loaded);

}  // namespace genesys::plugin
