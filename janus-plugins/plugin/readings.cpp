// What the gateway is like at this moment, read off for Prometheus. SIP loop.
#include <map>
#include <utility>

#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/measures.hpp"
#include "plugin/status.hpp"
#include "plugin/version.hpp"
#include "sip/address.hpp"

namespace genesys::plugin {
namespace {

using observe::Labels;
using observe::Reading;
using Kind = Reading::Kind;

Reading reading(Kind kind, const char* name, const char* help,
                std::vector<Reading::Sample> samples = {}) {
  return {kind, name, help, std::move(samples)};
}

double number(uint64_t value) {
  return static_cast<double>(value);
}

/// Counts by labels.
using Tally = std::map<Labels, double>;

Reading tallied(const char* name, const char* help, const Tally& tally) {
  Reading made = reading(Kind::Gauge, name, help);
  for (const auto& [labels, count] : tally) made.samples.push_back({labels, count});
  return made;
}

/// Why a DN has failed, of a handful of reasons.
const char* reasonOf(const sip::RegistrationState& state, bool connected) {
  if (state.phase != sip::RegistrationState::Phase::Failed) return "";
  switch (state.code) {
    case 0:
    case 408:
      return connected ? "no_answer" : "connection";
    case 401:
    case 407:
      return "password";
    case 403:
      return "forbidden";
    case 404:
      return "unknown_dn";
    default:
      return state.code >= 500 && state.code < 600 ? "server" : "refused";
  }
}

/// All lines, counted in one go.
struct Lines {
  Tally dns, calls, codecs;
  double pages = 0;

  explicit Lines(Gateway& gateway) {
    for (const char* state : {"registered", "registering", "off", "unregistering", "static"})
      dns[{{"state", state}, {"reason", ""}}] = 0;
    for (const char* direction : {"in", "out"})
      calls[{{"direction", direction}, {"state", "established"}}] = 0;
    const bool connected = gateway.agent().connectionFault().empty();
    for (const auto& [name, line] : gateway.lines()) {
      const auto& registration = line->dn().registration().state();
      ++dns[{{"state", registrationWord(*line)}, {"reason", reasonOf(registration, connected)}}];
      pages += line->ownership().page().has_value();
      for (const api::CallInfo& call : line->calls()) count(call);
    }
  }
  void count(const api::CallInfo& call) {
    ++calls[{{"direction", call.direction}, {"state", call.state}}];
    if (!call.sipCodec.empty())
      ++codecs[{{"sip_codec", call.sipCodec}, {"browser_codec", call.browserCodec}}];
  }
};

std::vector<Reading> sitesOf(const Gateway& gateway) {
  Reading up = reading(Kind::Gauge, "janus_genesys_sip_server_up",
                       "Whether SIP Server of a site answers; one not asked yet does");
  Reading used = reading(Kind::Gauge, "janus_genesys_sip_server_in_use",
                         "The SIP Server in use at a site: always 1");
  for (unsigned site = 0; site < gateway.sites(); ++site) {
    const std::string name = std::to_string(site + 1);
    up.samples.push_back({{{"site", name}}, gateway.serving(site) ? 1.0 : 0.0});
    if (const sip::ServerTarget* server = gateway.server(site))
      used.samples.push_back(
          {{{"site", name}, {"server", sip::hostPort(server->address, server->port)}}, 1});
  }
  return {up, used};
}

Reading refusedOf(Gateway& gateway) {
  const Admission::Counters& refused = gateway.admission().counters();
  return reading(
      Kind::Counter, "janus_genesys_refused_calls_total",
      "Calls that were refused by rules: of agents by dial plan and limit, from outside by "
      "dial plan, for a number that is nothing here, or because their peer brings too many",
      {{{{"cause", "denied_destination"}}, number(refused.denied)},
       {{{"cause", "limit"}}, number(refused.limited)},
       {{{"cause", "incoming_rule"}}, number(gateway.switchboard().counters().rejected)},
       {{{"cause", "flood"}}, number(gateway.agent().refusedFlood())}});
}

std::vector<Reading> loadOf(Gateway& gateway, std::chrono::nanoseconds loopDelay) {
  using Float = std::chrono::duration<double>;
  Reading depth = reading(Kind::Gauge, "janus_genesys_queue_depth", "What waits for a thread");
  depth.samples.push_back({{{"queue", "events"}}, number(gateway.pusher().waiting())});
  if (const observe::LineFile* cdr = gateway.cdr())
    depth.samples.push_back({{{"queue", "cdr"}}, number(cdr->waiting())});
  return {depth, reading(Kind::Gauge, "janus_genesys_sip_loop_delay_seconds",
                         "How long this question waited for the SIP loop",
                         {{{}, Float(loopDelay).count()}})};
}

}  // namespace

std::vector<Reading> readingsOf(Gateway& gateway, std::chrono::nanoseconds loopDelay) {
  const Lines lines(gateway);
  std::vector<Reading> all{
      reading(Kind::Gauge, "janus_genesys_info", "Which gateway this is: always 1",
              {{{{"version", kVersionString}}, 1}}),
      tallied("janus_genesys_dns", "DNs by registration", lines.dns),
      tallied("janus_genesys_calls", "Calls in progress", lines.calls),
      tallied("janus_genesys_call_codecs", "Calls in progress by codecs", lines.codecs),
      reading(Kind::Gauge, "janus_genesys_pages", "Pages that are signed in and connected",
              {{{}, lines.pages}}),
      reading(Kind::Gauge, "janus_genesys_draining", "Whether the gateway drains",
              {{{}, gateway.drain().on() ? 1.0 : 0.0}}),
      reading(Kind::Counter, "janus_genesys_dropped_strangers_total",
              "SIP packets of addresses that are no peers",
              {{{}, number(gateway.agent().droppedStrangers())}}),
      refusedOf(gateway)};
  for (Reading& one : sitesOf(gateway)) all.push_back(std::move(one));
  for (Reading& one : loadOf(gateway, loopDelay)) all.push_back(std::move(one));
  if (const observe::LineFile* cdr = gateway.cdr())
    all.push_back(reading(Kind::Counter, "janus_genesys_cdr_lines_total",
                          "Lines of the call records",
                          {{{{"result", "written"}}, number(cdr->written())},
                           {{{"result", "lost"}}, number(cdr->lost())}}));
  return all;
}

}  // namespace genesys::plugin
