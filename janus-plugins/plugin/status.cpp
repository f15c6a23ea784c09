#include "plugin/status.hpp"

#include <string>

#include "api/json_writer.hpp"
#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/media_status.hpp"
#include "plugin/session.hpp"
#include "sip/address.hpp"

namespace genesys::plugin {
namespace {

using api::Json;
using api::JsonObject;

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

Json callsOf(Line& line) {
  return api::jsonArray(line.dn().calls(),
                        [&line](const sip::Call* call) { return callStatus(line, *call); });
}

/// The registration at each site, the preferred one first.
Json sitesOf(Line& line) {
  const sip::SiteRegistrations& registration = line.dn().registration();
  Json array(json_array());
  for (unsigned site = 0; site < registration.size(); ++site)
    json_array_append_new(array.get(), json_string(phaseName(registration.at(site).state().phase)));
  return array;
}

struct Totals {
  int64_t registered = 0;
  int64_t failed = 0;
  int64_t pages = 0;
  int64_t calls = 0;
};

Totals totalsOf(Gateway& gateway) {
  using Phase = sip::RegistrationState::Phase;
  Totals totals;
  for (const auto& [number, line] : gateway.lines()) {
    const auto phase = line->dn().registration().state().phase;
    totals.registered += phase == Phase::Registered;
    totals.failed += phase == Phase::Failed;
    totals.pages += line->ownership().page().has_value();
    totals.calls += static_cast<int64_t>(line->dn().calls().size());
  }
  return totals;
}

/// A call takes an even port and the next one.
int64_t portPairs(const media::PortRange& range) {
  const int first = range.first + range.first % 2;
  return first < range.last ? (range.last - first + 1) / 2 : 0;
}

/// Absent if there is no such site, or its name is not known yet.
void setServer(JsonObject& json, Gateway& gateway, unsigned site, const std::string& name) {
  const sip::ServerTarget* server = gateway.server(site);
  if (server == nullptr) return;
  json.set(name.c_str(), sip::hostPort(server->address, server->port));
  if (const auto answers = gateway.serverAnswers(site))
    json.setFlag((name + "_answers").c_str(), *answers);
}

}  // namespace

Json callStatus(Line& line, const sip::Call& sipCall) {
  const api::CallInfo call = line.describe(sipCall);
  JsonObject json;
  json.set("call_id", call.callId)
      .set("dn", line.config().number)
      .set("direction", call.direction)
      .set("state", call.state)
      .set("username", call.peerUri)
      .set("uuid", call.uuid)
      .set("age", call.age.count())
      .set("answered", call.answered.count())
      .set("sip_codec", call.sipCodec)
      .set("browser_codec", call.browserCodec)
      .set("srtp", call.srtp)
      .set("sip_call_id", sipCall.facts().sipCallId)
      .setUnlessEmpty("recording", call.recording);
  if (const auto counters = line.counters(call.callId)) json.set("sip_media", legStatus(*counters));
  return json.take();
}

const char* registrationWord(Line& line) {
  if (line.config().registerWhen == settings::RegisterWhen::Never) return "static";
  return phaseName(line.dn().registration().state().phase);
}

Json lineStatus(Line& line, bool withCalls) {
  const sip::RegistrationState& state = line.dn().registration().state();
  const DnService service = line.service();
  JsonObject json;
  json.set("dn", line.config().number).set("registration", registrationWord(line));
  if (line.dn().registration().size() > 1) json.set("sites", sitesOf(line));
  json.set("code", state.code)
      .set("reason", state.reason)
      .set("expires", state.granted.count())
      .set("subject", line.ownership().subject())
      .setFlag("page", line.ownership().page().has_value())
      .setFlag("in_service", service.inService())
      .set("cause", causeName(service.cause))
      .set("why", service.sentence);
  if (withCalls) json.set("calls", callsOf(line));
  return json.take();
}

Json gatewayStatus(Gateway& gateway) {
  const Totals totals = totalsOf(gateway);
  JsonObject json;
  json.set("dns", static_cast<int64_t>(gateway.lines().size()))
      .set("registered", totals.registered)
      .set("failed", totals.failed)
      .set("pages", totals.pages)
      .set("calls", totals.calls)
      .setFlag("draining", gateway.drain().on());
  setServer(json, gateway, 0, "server");
  setServer(json, gateway, 1, "second_server");
  json.set("rtp_ports", portPairs(gateway.config().media.ports))
      .set("rtp_ports_used", totals.calls);
  const Admission::Counters& refused = gateway.admission().counters();
  json.set("denied_destinations", static_cast<int64_t>(refused.denied))
      .set("limited_calls", static_cast<int64_t>(refused.limited))
      .set("rejected_calls", static_cast<int64_t>(gateway.switchboard().counters().rejected))
      .setUnlessEmpty("connection_fault", gateway.agent().connectionFault())
      .set("refused_flood", static_cast<int64_t>(gateway.agent().refusedFlood()))
      .set("dropped_strangers", static_cast<int64_t>(gateway.agent().droppedStrangers()));
  return json.take();
}

Json drainStatus(Gateway& gateway) {
  const Drain& drain = gateway.drain();
  const Drain::Left left = drain.left();
  return JsonObject()
      .setFlag("draining", drain.on())
      .set("for_s", std::chrono::duration_cast<Seconds>(drain.lasting()).count())
      .set("calls", static_cast<int64_t>(left.calls))
      .set("dns", static_cast<int64_t>(left.dns))
      .set("pages", static_cast<int64_t>(left.pages))
      .setFlag("empty", left.nothing())
      .set("refused_calls", static_cast<int64_t>(drain.refused()))
      .take();
}

Json sessionStatus(Gateway& gateway, PageId page) {
  Session* session = gateway.session(page);
  JsonObject json;
  json.setFlag("signed_in", session != nullptr && session->line() != nullptr);
  if (session == nullptr) return json.take();
  const PeerConnection& pc = session->peerConnection();
  json.set("peer_connection", phaseName(pc.phase()));
  if (pc.leg()) json.set("browser_media", legStatus(pc.leg()->counters()));
  if (session->line() != nullptr) json.set("line", lineStatus(*session->line(), true));
  return json.take();
}

}  // namespace genesys::plugin
