#include "plugin/status.hpp"

#include <fmt/format.h>

#include <string>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "sip/address.hpp"

namespace genesys::plugin {
namespace {

using api::Json;

void set(json_t* object, const char* name, const std::string& value) {
  json_object_set_new(object, name, json_string(value.c_str()));
}
void set(json_t* object, const char* name, json_int_t value) {
  json_object_set_new(object, name, json_integer(value));
}
void set(json_t* object, const char* name, Json value) {
  json_object_set_new(object, name, value.release());
}

/// What is not known is not there.
void setQuality(json_t* json, const media::StreamCounters& stream) {
  const media::StreamQuality& quality = stream.quality;
  if (quality.last > 0) {
    json_object_set_new(json, "mos", json_real(quality.last));
    json_object_set_new(json, "mos_worst", json_real(quality.worst));
    json_object_set_new(json, "mos_mean", json_real(quality.mean));
  }
  if (stream.roundTripMs > 0)
    set(json, "round_trip_ms", static_cast<json_int_t>(stream.roundTripMs));
}

Json streamStatus(const media::StreamCounters& stream) {
  Json json(json_object());
  set(json.get(), "packets", static_cast<json_int_t>(stream.packets));
  set(json.get(), "octets", static_cast<json_int_t>(stream.octets));
  set(json.get(), "lost", static_cast<json_int_t>(stream.lost));
  set(json.get(), "late", static_cast<json_int_t>(stream.late));
  set(json.get(), "ignored", static_cast<json_int_t>(stream.ignored));
  set(json.get(), "concealed", static_cast<json_int_t>(stream.concealed));
  set(json.get(), "comfort_noise", static_cast<json_int_t>(stream.comfortNoise));
  set(json.get(), "jitter_ms", static_cast<json_int_t>(stream.jitterMs));
  set(json.get(), "srtp_failed", static_cast<json_int_t>(stream.srtpFailed));
  setQuality(json.get(), stream);
  set(json.get(), "silent", static_cast<json_int_t>(stream.silent));
  set(json.get(), "level_dbov", static_cast<json_int_t>(stream.levelDbov));
  return json;
}

Json legStatus(const media::LegCounters& leg) {
  Json json(json_object());
  set(json.get(), "received", streamStatus(leg.received));
  set(json.get(), "sent", streamStatus(leg.sent));
  return json;
}

const char* phaseName(sip::RegistrationState::Phase phase) {
  using Phase = sip::RegistrationState::Phase;
  switch (phase) {
    case Phase::Off:
      return "off";
    case Phase::Registering:
      return "registering";
    case Phase::Registered:
      return "registered";
    case Phase::Failed:
      return "failed";
    case Phase::Unregistering:
      return "unregistering";
  }
  return "";
}

const char* phaseName(PeerConnection::Phase phase) {
  using Phase = PeerConnection::Phase;
  switch (phase) {
    case Phase::None:
      return "none";
    case Phase::Negotiating:
      return "negotiating";
    case Phase::Up:
      return "up";
    case Phase::Closing:
      return "closing";
  }
  return "";
}

Json callStatus(const Line& line, const api::CallInfo& call) {
  Json json(json_object());
  set(json.get(), "call_id", call.callId);
  set(json.get(), "dn", line.config().number);
  set(json.get(), "direction", call.direction);
  set(json.get(), "state", call.state);
  set(json.get(), "username", call.peerUri);
  set(json.get(), "uuid", call.uuid);
  set(json.get(), "age", call.age.count());
  set(json.get(), "answered", call.answered.count());
  set(json.get(), "sip_codec", call.sipCodec);
  set(json.get(), "browser_codec", call.browserCodec);
  set(json.get(), "srtp", call.srtp);
  if (!call.recording.empty()) set(json.get(), "recording", call.recording);
  if (const auto counters = line.counters(call.callId))
    set(json.get(), "sip_media", legStatus(*counters));
  return json;
}

Json callsOf(Line& line) {
  Json array(json_array());
  for (const api::CallInfo& call : line.calls())
    json_array_append_new(array.get(), callStatus(line, call).release());
  return array;
}

/// The registration at each site, the preferred one first.
Json sitesOf(Line& line) {
  const sip::SiteRegistrations& registration = line.dn().registration();
  Json array(json_array());
  for (unsigned site = 0; site < registration.size(); ++site)
    json_array_append_new(array.get(), json_string(phaseName(registration.at(site).state().phase)));
  return array;
}

Json lineStatus(Line& line, bool withCalls) {
  const sip::RegistrationState& state = line.dn().registration().state();
  Json json(json_object());
  set(json.get(), "dn", line.config().number);
  const bool never = line.config().registerWhen == settings::RegisterWhen::Never;
  set(json.get(), "registration", std::string(never ? "static" : phaseName(state.phase)));
  if (line.dn().registration().size() > 1) set(json.get(), "sites", sitesOf(line));
  set(json.get(), "code", state.code);
  set(json.get(), "reason", state.reason);
  set(json.get(), "expires", state.granted.count());
  set(json.get(), "subject", line.ownership().subject());
  json_object_set_new(json.get(), "page", json_boolean(line.ownership().page().has_value()));
  if (withCalls) set(json.get(), "calls", callsOf(line));
  return json;
}

Json gatewayStatus(Gateway& gateway) {
  json_int_t registered = 0;
  json_int_t failed = 0;
  json_int_t pages = 0;
  json_int_t calls = 0;
  for (const auto& [number, line] : gateway.lines()) {
    const auto phase = line->dn().registration().state().phase;
    registered += phase == sip::RegistrationState::Phase::Registered;
    failed += phase == sip::RegistrationState::Phase::Failed;
    pages += line->ownership().page().has_value();
    calls += static_cast<json_int_t>(line->dn().calls().size());
  }
  Json json(json_object());
  set(json.get(), "dns", static_cast<json_int_t>(gateway.lines().size()));
  set(json.get(), "registered", registered);
  set(json.get(), "failed", failed);
  set(json.get(), "pages", pages);
  set(json.get(), "calls", calls);
  if (const sip::ServerTarget* server = gateway.server(0))
    set(json.get(), "server", sip::hostPort(server->address, server->port));
  if (const sip::ServerTarget* server = gateway.server(1))
    set(json.get(), "second_server", sip::hostPort(server->address, server->port));
  const Admission::Counters& refused = gateway.admission().counters();
  set(json.get(), "denied_destinations", static_cast<json_int_t>(refused.denied));
  set(json.get(), "limited_calls", static_cast<json_int_t>(refused.limited));
  set(json.get(), "rejected_calls",
      static_cast<json_int_t>(gateway.switchboard().counters().rejected));
  if (const auto fault = gateway.agent().connectionFault(); !fault.empty())
    set(json.get(), "connection_fault", fault);
  set(json.get(), "dropped_strangers", static_cast<json_int_t>(gateway.agent().droppedStrangers()));
  return json;
}

Json adminError(int code, const std::string& text, const char* field) {
  Json json(json_object());
  set(json.get(), "error_code", code);
  set(json.get(), "error", text);
  set(json.get(), "field", std::string(field));
  return json;
}

Json listOf(Gateway& gateway, const char* name, bool calls) {
  Json array(json_array());
  for (const auto& [number, line] : gateway.lines()) {
    const Json entry = calls ? callsOf(*line) : lineStatus(*line, false);
    if (calls)
      json_array_extend(array.get(), entry.get());
    else
      json_array_append(array.get(), entry.get());
  }
  Json json(json_object());
  set(json.get(), name, std::move(array));
  return json;
}

}  // namespace

Json sessionStatus(Gateway& gateway, PageId page) {
  Session* session = gateway.session(page);
  Json json(json_object());
  json_object_set_new(json.get(), "signed_in",
                      json_boolean(session != nullptr && session->line() != nullptr));
  if (session == nullptr) return json;
  const PeerConnection& pc = session->peerConnection();
  set(json.get(), "peer_connection", std::string(phaseName(pc.phase())));
  if (pc.leg()) set(json.get(), "browser_media", legStatus(pc.leg()->counters()));
  if (session->line() != nullptr) set(json.get(), "line", lineStatus(*session->line(), true));
  return json;
}

Json adminAnswer(Gateway& gateway, const json_t* request) {
  const char* name = json_string_value(json_object_get(request, "request"));
  if (name == nullptr) return adminError(443, "field 'request' must be a string", "request");
  const std::string what = name;
  if (what == "status") return gatewayStatus(gateway);
  if (what == "list_dns") return listOf(gateway, "dns", false);
  if (what == "list_calls") return listOf(gateway, "calls", true);
  if (what == "show_dn") {
    const char* dn = json_string_value(json_object_get(request, "dn"));
    if (dn == nullptr) return adminError(443, "show_dn: field 'dn' must be a string", "dn");
    Line* line = gateway.line(dn);
    return line != nullptr ? lineStatus(*line, true)
                           : adminError(463, "show_dn: this DN is not configured", "dn");
  }
  return adminError(442, "request must be status, list_dns, show_dn or list_calls", "request");
}

}  // namespace genesys::plugin
