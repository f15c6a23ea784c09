#include "janus_handle.hpp"

#include <fmt/format.h>

namespace genesys::load {
namespace {

std::string textOf(const json_t* object, const char* key) {
  const char* const text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

PluginEvent eventOf(const json_t* message) {
  const json_t* const data = json_object_get(json_object_get(message, "plugindata"), "data");
  const json_t* const result = json_object_get(data, "result");
  PluginEvent event{textOf(result, "event"), textOf(result, "reason"),
                    textOf(json_object_get(message, "jsep"), "sdp")};
  if (event.name.empty()) event.text = textOf(data, "error");
  return event;
}

}  // namespace

Result<std::unique_ptr<JanusHandle>> JanusHandle::open(const Server& server, Random& random,
                                                       Observer observer) {
  auto socket = WebSocket::connect(server.ip, server.port, "janus-protocol", random);
  if (!socket) return Failure{socket.error()};
  std::unique_ptr<JanusHandle> handle(
      new JanusHandle(std::move(socket).value(), server.plugin, std::move(observer)));
  handle->send(Json(json_pack("{s:s}", "janus", "create")));
  return handle;
}

void JanusHandle::send(Json message) {
  json_object_set_new(message.get(), "transaction",
                      json_string(std::to_string(++transactions_).c_str()));
  if (session_ != 0) json_object_set_new(message.get(), "session_id", json_integer(session_));
  if (handle_ != 0) json_object_set_new(message.get(), "handle_id", json_integer(handle_));
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(message.get(), JSON_COMPACT),
                                                         std::free);
  if (!text || !socket_.send(text.get())) observer_.fault("the WebSocket takes nothing more");
}

void JanusHandle::request(Json body, const std::string& offer) {
  Json message(json_pack("{s:s, s:o}", "janus", "message", "body", body.release()));
  if (!offer.empty())
    json_object_set_new(message.get(), "jsep",
                        json_pack("{s:s, s:s}", "type", "offer", "sdp", offer.c_str()));
  send(std::move(message));
}

void JanusHandle::keepAlive() {
  send(Json(json_pack("{s:s}", "janus", "keepalive")));
}

void JanusHandle::destroy() {
  handle_ = 0;
  leaving_ = true;
  send(Json(json_pack("{s:s}", "janus", "destroy")));
}

void JanusHandle::read() {
  const bool open = socket_.read();
  while (const auto text = socket_.next()) {
    const Json message(json_loadb(text->data(), text->size(), 0, nullptr));
    if (message) take(message.get());
  }
  if (!open && !leaving_) observer_.fault("Janus has closed the WebSocket");
}

void JanusHandle::take(const json_t* message) {
  if (leaving_) return;
  const std::string kind = textOf(message, "janus");
  if (kind == "error") return observer_.fault(textOf(json_object_get(message, "error"), "reason"));
  if (kind == "event") return observer_.said(eventOf(message));
  if (kind == "hangup") return observer_.said({"webrtc_down", textOf(message, "reason"), {}});
  if (kind == "success" && handle_ == 0) return created(message);
  if (kind != "trickle") return;
  const std::string text = textOf(json_object_get(message, "candidate"), "candidate");
  std::string_view line = text;
  if (line.starts_with("candidate:")) line.remove_prefix(sizeof "candidate:" - 1);
  if (Candidate one = readCandidate(line); !one.address.empty()) observer_.candidate(one);
}

void JanusHandle::created(const json_t* message) {
  const json_int_t id = json_integer_value(json_object_get(json_object_get(message, "data"), "id"));
  if (session_ != 0) {
    handle_ = id;
    return observer_.attached();
  }
  session_ = id;
  send(Json(json_pack("{s:s, s:s}", "janus", "attach", "plugin", plugin_.c_str())));
}

}  // namespace genesys::load
