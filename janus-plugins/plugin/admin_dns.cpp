// What an administrator asks of DNs.
#include <string>

#include "api/json_writer.hpp"
#include "plugin/admin_requests.hpp"
#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/status.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using api::ErrorCode;
using api::Json;
using api::JsonObject;
using api::JsonReader;

constexpr size_t kMaxDn = 32;
constexpr int64_t kTraceMinutes = 15;  // unless the request says otherwise
constexpr int64_t kMostTraceMinutes = 1440;

Result<Line*, api::ApiError> lineOf(Gateway& gateway, JsonReader& fields) {
  const std::string dn = fields.requiredText("dn", kMaxDn);
  if (!fields.ok()) return Failure{*fields.error()};
  const auto found = gateway.lines().find(dn);
  if (found != gateway.lines().end()) return found->second.get();
  DnFacts unknown;
  unknown.dn = dn;
  unknown.configured = false;
  return failure(ErrorCode::UnknownDn, explainDn(unknown).sentence, "dn");
}

/// A DN that registers at all.
Result<Line*, api::ApiError> registeringLine(Gateway& gateway, JsonReader& fields) {
  const auto line = lineOf(gateway, fields);
  if (!line) return line;
  if (line.value()->config().registerWhen == settings::RegisterWhen::Never)
    return failure(ErrorCode::WrongState, line.value()->service().sentence, "dn");
  return line;
}

Json tracesOf(Gateway& gateway) {
  const auto one = [](const auto& trace) {
    return JsonObject().set("dn", trace.first).set("left_s", trace.second.count()).take();
  };
  return JsonObject().set("traces", api::jsonArray(gateway.tracing().list(), one)).take();
}

}  // namespace

AdminAnswer listDns(Gateway& gateway, JsonReader&) {
  const auto one = [](const auto& entry) { return lineStatus(*entry.second, false); };
  return JsonObject().set("dns", api::jsonArray(gateway.lines(), one)).take();
}

AdminAnswer showDn(Gateway& gateway, JsonReader& fields) {
  const auto line = lineOf(gateway, fields);
  if (!line) return Failure{line.error()};
  return lineStatus(*line.value(), true);
}

AdminAnswer registerDn(Gateway& gateway, JsonReader& fields) {
  const auto line = registeringLine(gateway, fields);
  if (!line) return Failure{line.error()};
  logInfo("DN {}: an operator has it registered", line.value()->config().number);
  line.value()->switchOn();
  return lineStatus(*line.value(), false);
}

AdminAnswer unregisterDn(Gateway& gateway, JsonReader& fields) {
  const auto line = registeringLine(gateway, fields);
  if (!line) return Failure{line.error()};
  logInfo("DN {}: an operator has it unregistered", line.value()->config().number);
  line.value()->switchOff();
  return lineStatus(*line.value(), false);
}

/// Without "dn" it only tells which run.
AdminAnswer traceDn(Gateway& gateway, JsonReader& fields) {
  if (!fields.has("dn")) return tracesOf(gateway);
  const auto line = lineOf(gateway, fields);
  if (!line) return Failure{line.error()};
  const bool on = fields.flag("on", true);
  const auto minutes = fields.integer("minutes", 1, kMostTraceMinutes, kTraceMinutes);
  if (!fields.ok()) return Failure{*fields.error()};
  const std::string& dn = line.value()->config().number;
  if (!on)
    gateway.tracing().stop(dn);
  else if (!gateway.tracing().start(dn, std::chrono::minutes(minutes)))
    return failure(ErrorCode::WrongState, "as many DNs as may be are traced already", "dn");
  return tracesOf(gateway);
}

}  // namespace genesys::plugin
