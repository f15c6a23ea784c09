#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <string_view>

namespace genesys::load {
namespace {

constexpr unsigned kMostCalls = 2000;

using Setter = std::function<bool(Options&, std::string_view)>;

bool number(std::string_view text, unsigned low, unsigned high, unsigned& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= low && value <= high;
}

Setter text(std::string Options::*field) {
  return [field](Options& options, std::string_view value) {
    options.*field = value;
    return !value.empty();
  };
}

Setter count(unsigned Options::*field, unsigned low, unsigned high) {
  return [=](Options& options, std::string_view value) {
    return number(value, low, high, options.*field);
  };
}

/// One of two words.
Setter either(bool Options::*field, std::string_view no, std::string_view yes) {
  return [=](Options& options, std::string_view value) {
    options.*field = value == yes;
    return value == yes || value == no;
  };
}

template <class Take>
bool eachOf(std::string_view list, Take take) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    if (!take(list.substr(0, end))) return false;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return true;
}

bool levels(Options& options, std::string_view value) {
  options.levels.clear();
  return eachOf(value,
                [&](std::string_view one) {
                  options.levels.push_back(0);
                  return number(one, 0, kMostCalls, options.levels.back());
                }) &&
         !options.levels.empty() && std::ranges::is_sorted(options.levels);
}

bool suites(Options& options, std::string_view value) {
  return eachOf(value, [&](std::string_view one) {
    options.srtp.push_back(suiteOfSdp(std::string(one)));
    return options.srtp.back() != nullptr;
  });
}

bool firstPort(Options& options, std::string_view value) {
  unsigned port = 0;
  if (!number(value, 1024, 61000, port) || port % 2 != 0) return false;
  options.firstPort = static_cast<uint16_t>(port);
  return true;
}

const std::map<std::string_view, Setter>& setters() {
  static const std::map<std::string_view, Setter> kSetters = {
      {"--janus", text(&Options::janus)},
      {"--plugin", either(&Options::stock, "genesys", "sip")},
      {"--calls-file", text(&Options::callsFile)},
      {"--first-dn", text(&Options::firstDn)},
      {"--password-file", text(&Options::passwordFile)},
      {"--sip-server", text(&Options::sipServer)},
      {"--peer-connection", either(&Options::standing, "call", "agent")},
      {"--speech", text(&Options::speech)},
      {"--talk", either(&Options::inTurn, "continuous", "in-turn")},
      {"--codec", either(&Options::pcmu, "opus", "pcmu")},
      {"--srtp", suites},
      {"--levels", levels},
      {"--seconds", count(&Options::seconds, 1, 3600)},
      {"--per-second", count(&Options::perSecond, 1, 1000)},
      {"--hold-ms", count(&Options::holdMs, 1, 60000)},
      {"--listen-every", count(&Options::listenEvery, 1, kMostCalls)},
      {"--deadline", count(&Options::deadline, 1, 7200)},
      {"--address", text(&Options::address)},
      {"--sip-address", text(&Options::sipAddress)},
      {"--first-port", firstPort}};
  return kSetters;
}

}  // namespace

unsigned Options::calls() const {
  return *std::ranges::max_element(levels);
}

const char* usage() {
  return "usage: webrtc_load --speech FILE.wav [OPTION VALUE]...\n"
         "  --janus IP:PORT            its WebSocket (127.0.0.1:8188)\n"
         "  --plugin genesys|sip       ours, or Janus's own SIP plugin (genesys)\n"
         "  --first-dn DN              the first agent's; the others count up (20000)\n"
         "  --password-file FILE       with every agent's password\n"
         "  --sip-server IP:PORT       for --plugin sip (127.0.0.1:5080)\n"
         "  --peer-connection agent|call  comes up at sign-in, or with each call (agent)\n"
         "  --calls-file FILE          calls that are set up already, instead of Janus\n"
         "  --talk continuous|in-turn  both at once without pauses, or one after the other\n"
         "  --codec opus|pcmu          at the browser's side (opus)\n"
         "  --srtp SUITE,...           by SDP's names (AEAD_AES_128_GCM,AES_CM_128_HMAC_SHA1_80)\n"
         "  --levels N,...             so many calls at a time, each level measured (1)\n"
         "  --seconds S                of each measurement (10)\n"
         "  --per-second N             sign-ins and calls (25)\n"
         "  --hold-ms MS               set-ups: calls of that length, N at a time, all the while\n"
         "  --listen-every N           one call of so many is listened to (4)\n"
         "  --deadline S               for everything (600)\n"
         "  --address IP, --sip-address IP  of browsers (10.66.0.1), of far ends (127.0.0.1)\n"
         "  --first-port PORT          of the far ends; two a call (10000)\n";
}

Result<Options> parseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--help" || name == "-h") return Failure{std::string()};
    const auto setter = setters().find(name);
    if (setter == setters().end()) return Failure{fmt::format("{}: no such option", name)};
    if (i + 1 == argc || !setter->second(options, argv[i + 1]))
      return Failure{fmt::format("{}: no value that it may have", name)};
  }
  if (options.speech.empty()) return Failure{std::string("--speech: missing")};
  if (options.srtp.empty()) (void)suites(options, "AEAD_AES_128_GCM,AES_CM_128_HMAC_SHA1_80");
  return options;
}

}  // namespace genesys::load
