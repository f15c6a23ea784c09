#include "control/control_api.hpp"

#include <fmt/format.h>

#include "control/call_json.hpp"
#include "control/call_request.hpp"
#include "control/reply.hpp"

namespace genesys::sim {
namespace {

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t at = 1; at < path.size();) {
    const size_t slash = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return parts;
}

}  // namespace

struct ControlApi::Route {
  const char* method;
  std::vector<std::string> path;  // an empty part is variable
  void (ControlApi::*handler)(const HttpRequest&, const Parts&, const HttpReply&);
};

const std::vector<ControlApi::Route>& ControlApi::routes() {
  static const std::vector<Route> kRoutes = {
      {"GET", {"status"}, &ControlApi::status},
      {"GET", {"registrations"}, &ControlApi::registrations},
      {"DELETE", {"registrations", ""}, &ControlApi::removeRegistration},
      {"GET", {"calls"}, &ControlApi::calls},
      {"POST", {"calls"}, &ControlApi::makeCall},
      {"GET", {"calls", ""}, &ControlApi::call},
      {"DELETE", {"calls", ""}, &ControlApi::hangUp},
      {"POST", {"calls", "", "notify"}, &ControlApi::notify},
      {"POST", {"calls", "", "reinvite"}, &ControlApi::reinvite},
      {"POST", {"calls", "", "hold"}, &ControlApi::holdOrRetrieve},
      {"POST", {"calls", "", "retrieve"}, &ControlApi::holdOrRetrieve},
      {"POST", {"calls", "", "connect"}, &ControlApi::connect},
      {"POST", {"calls", "", "complete"}, &ControlApi::complete},
      {"POST", {"calls", "", "refer"}, &ControlApi::refer},
      {"POST", {"calls", "", "info"}, &ControlApi::sendText},
      {"POST", {"calls", "", "message"}, &ControlApi::sendText},
      {"POST", {"calls", "", "refresh"}, &ControlApi::refresh},
      {"POST", {"calls", "", "digits"}, &ControlApi::digits},
      {"POST", {"calls", "", "play"}, &ControlApi::play},
      {"POST", {"calls", "", "options"}, &ControlApi::probeCall},
      {"POST", {"dn", "", "call"}, &ControlApi::desktopCall},
      {"POST", {"dn", "", "options"}, &ControlApi::probeDn},
      {"POST", {"fail"}, &ControlApi::fail},
  };
  return kRoutes;
}

void ControlApi::handle(const HttpRequest& request, const HttpReply& reply) {
  const Parts path = split(request.path);
  bool known = false;
  for (const Route& route : routes()) {
    bool matches = route.path.size() == path.size();
    for (size_t i = 0; matches && i < path.size(); ++i)
      matches = route.path[i].empty() || route.path[i] == path[i];
    if (!matches) continue;
    known = true;
    if (request.method == route.method) return (this->*route.handler)(request, path, reply);
  }
  if (known) return fault(reply, 405, request.method + " is not possible here");
  fault(reply, 404, "no such path: " + request.path);
}

void ControlApi::status(const HttpRequest&, const Parts&, const HttpReply& reply) {
  ok(reply, statusJson(server_));
}

void ControlApi::registrations(const HttpRequest&, const Parts&, const HttpReply& reply) {
  ok(reply, registrationsJson(server_.registrar(), MonoClock::now()));
}

void ControlApi::removeRegistration(const HttpRequest&, const Parts& path, const HttpReply& reply) {
  if (!server_.registrar().remove(path[1]))
    return fault(reply, 404, fmt::format("DN {} is not registered", path[1]));
  ok(reply, Json(json_object()));
}

void ControlApi::calls(const HttpRequest&, const Parts&, const HttpReply& reply) {
  Json out(json_array());
  const MonoTime now = MonoClock::now();
  for (const auto& [id, call] : server_.calls().active())
    json_array_append_new(out.get(), callJson(*call, false, now).release());
  for (const auto& call : server_.calls().ended())
    json_array_append_new(out.get(), callJson(*call, false, now).release());
  ok(reply, out);
}

std::shared_ptr<Call> ControlApi::callOf(const Parts& path, const HttpReply& reply) {
  auto call = server_.calls().find(path[1]);
  if (!call) fault(reply, 404, fmt::format("no call {}", path[1]));
  return call;
}

void ControlApi::call(const HttpRequest&, const Parts& path, const HttpReply& reply) {
  if (const auto call = callOf(path, reply)) ok(reply, callJson(*call, true, MonoClock::now()));
}

void ControlApi::makeCall(const HttpRequest& request, const Parts&, const HttpReply& reply) {
  auto options = parseCallRequest(request.body);
  if (!options) return fault(reply, 400, options.error());
  const auto call = server_.makeCall(std::move(options).value());
  if (!call) return fault(reply, 409, call.error());
  ok(reply, callJson(*call.value(), true, MonoClock::now()), 201);
}

void ControlApi::hangUp(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string reason = fields.text("reason");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  if (call->state() == LegState::Ended) return fault(reply, 409, "the call has ended");
  call->hangUp(reason);
  ok(reply, callJson(*call, true, MonoClock::now()));
}

void ControlApi::reinvite(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  const auto options = parseReinvite(request.body);
  if (!options) return fault(reply, 400, options.error());
  const auto sent = call->reinvite(options.value());
  if (!sent) return fault(reply, 409, sent.error());
  ok(reply, callJson(*call, true, MonoClock::now()), 202);
}

void ControlApi::digits(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string digits = fields.text("digits", {}, 64);
  if (digits.empty()) fields.fail("digits: missing");
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  MediaPeer* media = call->media();
  if (!media || !media->rtp().remote() || !media->rtp().remote()->send)
    return fault(reply, 409, "the call sends no RTP");
  if (media->rtp().remote()->eventPayloadType < 0)
    return fault(reply, 409, "telephone-event was not negotiated");
  if (!media->rtp().sendDigits(digits))
    return fault(reply, 400, "digits: only 0-9 * # A-D, and at most 64 waiting");
  ok(reply, callJson(*call, true, MonoClock::now()), 202);
}

void ControlApi::play(const HttpRequest& request, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  FieldReader fields(request.body);
  const std::string play = fields.text("play", {}, 1024);
  const auto verdict = fields.finish();
  if (!verdict) return fault(reply, 400, verdict.error());
  if (!call->media()) return fault(reply, 409, "the stand-in plays no part in this call's media");
  auto source = server_.sources().make(play);
  if (!source) return fault(reply, 400, source.error());
  call->media()->play(play, std::move(source).value());
  ok(reply, callJson(*call, true, MonoClock::now()));
}

void ControlApi::probeCall(const HttpRequest&, const Parts& path, const HttpReply& reply) {
  const auto call = callOf(path, reply);
  if (!call) return;
  const auto leg = phoneOf(*call, {}, reply);
  if (!leg) return;
  leg->request("OPTIONS", {}, {}, {},
               [reply, begun = MonoClock::now()](int status, const SipMessage*) {
                 replyTimed(reply, status, begun);
               });
}

void ControlApi::probeDn(const HttpRequest&, const Parts& path, const HttpReply& reply) {
  const auto sent = server_.probe(
      path[1], [reply, begun = MonoClock::now()](int status) { replyTimed(reply, status, begun); });
  if (!sent) fault(reply, 409, sent.error());
}

void ControlApi::fail(const HttpRequest& request, const Parts&, const HttpReply& reply) {
  const auto faults = parseFaults(request.body);
  if (!faults) return fault(reply, 400, faults.error());
  for (const auto& [method, status] : faults->statuses)
    server_.injectFault(method, {status, faults->count, 0});
  if (faults->stale > 0) server_.registrar().makeStale(faults->stale);
  ok(reply, statusJson(server_));
}

}  // namespace genesys::sim
