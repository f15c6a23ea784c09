// What an administrator asks of calls.
#include <string>
#include <utility>

#include "api/json_writer.hpp"
#include "plugin/admin_requests.hpp"
#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/status.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using api::Json;
using api::JsonObject;
using api::JsonReader;

struct Found {
  Line* line;
  sip::Call* call;
};

Result<Found, api::ApiError> callOf(Gateway& gateway, JsonReader& fields) {
  const std::string id = fields.requiredText("call_id", api::limits::kCallId);
  if (!fields.ok()) return Failure{*fields.error()};
  for (const auto& [number, line] : gateway.lines())
    if (sip::Call* call = line->dn().find(id)) return Found{line.get(), call};
  return failure(api::ErrorCode::NoSuchCall, "there is no call " + id, "call_id");
}

}  // namespace

AdminAnswer listCalls(Gateway& gateway, JsonReader&) {
  Json array(json_array());
  for (const auto& [number, line] : gateway.lines())
    for (const sip::Call* call : line->dn().calls())
      json_array_append_new(array.get(), callStatus(*line, *call).release());
  return JsonObject().set("calls", std::move(array)).take();
}

AdminAnswer showCall(Gateway& gateway, JsonReader& fields) {
  const auto found = callOf(gateway, fields);
  if (!found) return Failure{found.error()};
  return callStatus(*found.value().line, *found.value().call);
}

/// Answers with the call as it was.
AdminAnswer hangUpCall(Gateway& gateway, JsonReader& fields) {
  const auto found = callOf(gateway, fields);
  if (!found) return Failure{found.error()};
  const auto& [line, call] = found.value();
  Json before = callStatus(*line, *call);
  logInfo("DN {}: an operator ends call {}", line->config().number, call->facts().id);
  call->giveUp(480, "ended by an operator");
  return before;
}

}  // namespace genesys::plugin
