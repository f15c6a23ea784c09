#include "plugin/admin.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "api/json_writer.hpp"
#include "plugin/admin_requests.hpp"
#include "plugin/gateway.hpp"
#include "plugin/request_failure.hpp"
#include "plugin/status.hpp"

namespace genesys::plugin {
namespace {

using api::ErrorCode;
using api::Json;
using api::JsonObject;
using api::JsonReader;

constexpr size_t kMaxName = 64;

AdminAnswer status(Gateway& gateway, JsonReader&) {
  return gatewayStatus(gateway);
}

/// Without "on" it only tells.
AdminAnswer drain(Gateway& gateway, JsonReader& fields) {
  const bool told = fields.has("on");
  const bool on = fields.flag("on", false);
  if (!fields.ok()) return Failure{*fields.error()};
  if (told && on) gateway.drain().begin();
  if (told && !on) gateway.drain().end();
  return drainStatus(gateway);
}

using Handler = AdminAnswer (*)(Gateway&, JsonReader&);

const std::map<std::string_view, Handler>& handlers() {
  static const std::map<std::string_view, Handler> all{
      {"status", status},          {"drain", drain},
      {"list_dns", listDns},       {"show_dn", showDn},
      {"register_dn", registerDn}, {"unregister_dn", unregisterDn},
      {"trace", traceDn},          {"list_calls", listCalls},
      {"show_call", showCall},     {"hangup_call", hangUpCall},
  };
  return all;
}

std::string names() {
  std::string list;
  for (const auto& [name, handler] : handlers()) {
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

AdminAnswer answer(Gateway& gateway, const json_t* request) {
  if (!json_is_object(request))
    return failure(ErrorCode::InvalidJson, "the request must be a JSON object");
  JsonReader envelope("request", request);
  const std::string name = envelope.requiredText("request", kMaxName);
  if (!envelope.ok())
    return failure(ErrorCode::MissingField, "field 'request' must be a string", "request");
  const auto handler = handlers().find(name);
  if (handler == handlers().end())
    return failure(ErrorCode::UnknownRequest, "request must be one of " + names(), "request");
  JsonReader fields(name, request);
  return handler->second(gateway, fields);
}

Json errorJson(const api::ApiError& error) {
  return JsonObject()
      .set("error_code", static_cast<int64_t>(error.code))
      .set("error_name", api::errorName(error.code))
      .set("error", error.message)
      .set("field", error.field)
      .take();
}

}  // namespace

Json adminAnswer(Gateway& gateway, const json_t* request) {
  auto answered = answer(gateway, request);
  return answered ? std::move(answered).value() : errorJson(answered.error());
}

}  // namespace genesys::plugin
