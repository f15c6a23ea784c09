#include "plugin/reload.hpp"

#include <string_view>
#include <utility>

#include "api/json_writer.hpp"
#include "plugin/gateway.hpp"
#include "settings/config_changes.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using api::Json;
using api::JsonObject;

Json invalid(const settings::ConfigError& error) {
  return JsonObject()
      .setFlag("valid", false)
      .setFlag("applied", false)
      .set("file", error.file)
      .set("line", error.line)
      .set("reason", error.reason)
      .take();
}

Json optionJson(const settings::OptionChange& change) {
  return JsonObject()
      .set("option", change.option)
      .set("before", change.before)
      .set("after", change.after)
      .setFlag("restart", change.restart)
      .take();
}

Json changesJson(const settings::ConfigChanges& changes, bool applied) {
  return JsonObject()
      .setFlag("valid", true)
      .setFlag("applied", applied)
      .setFlag("restart", changes.needRestart())
      .set("options", api::jsonArray(changes.options, optionJson))
      .set("dns_added", api::jsonTexts(changes.dnsAdded))
      .set("dns_removed", api::jsonTexts(changes.dnsRemoved))
      .set("dns_changed", api::jsonTexts(changes.dnsChanged))
      .take();
}

void logChanges(const settings::ConfigChanges& changes) {
  for (const auto& change : changes.options)
    logInfo("configuration: {} changed from '{}' to '{}'", change.option, change.before,
            change.after);
  logInfo("configuration taken over: {} option(s), {} DN(s) added, {} removed, {} changed",
          changes.options.size(), changes.dnsAdded.size(), changes.dnsRemoved.size(),
          changes.dnsChanged.size());
}

}  // namespace

std::optional<ConfigTask> configTask(const json_t* request) {
  const char* name = json_string_value(json_object_get(request, "request"));
  const std::string_view what = name != nullptr ? name : "";
  if (what == "check_config") return ConfigTask::Check;
  if (what == "reload") return ConfigTask::Reload;
  return std::nullopt;
}

Json configAnswer(Gateway& gateway, ConfigTask task, LoadedConfig loaded) {
  if (!loaded) {
    logWarning("configuration refused: {}", loaded.error().toString());
    return invalid(loaded.error());
  }
  settings::Config next = std::move(loaded).value();
  const auto changes = settings::changesBetween(gateway.config(), next);
  const bool apply = task == ConfigTask::Reload && !changes.needRestart();
  if (apply) {
    // Without changes, too: a DN that was on its way out may be back.
    gateway.reconfigure(std::move(next));
    logChanges(changes);
  } else if (task == ConfigTask::Reload) {
    logWarning("configuration not taken over: it has changes that need a restart");
  }
  return changesJson(changes, apply);
}

}  // namespace genesys::plugin
