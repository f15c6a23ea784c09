#include "control/call_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "control/json.hpp"
#include "util/text.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxHeaders = 32;

/// `PCMU`, `PCMA` or both with a comma, in order of preference.
void readCodecs(FieldReader& fields, std::vector<const Codec*>& codecs) {
  const std::string names = fields.text("codec");
  if (names.empty()) return;
  codecs.clear();
  for (size_t at = 0; at <= names.size();) {
    const size_t comma = std::min(names.find(',', at), names.size());
    const Codec* codec = codecNamed(trim(std::string_view(names).substr(at, comma - at)));
    if (!codec) return fields.fail("codec: only PCMU and PCMA are spoken here");
    codecs.push_back(codec);
    at = comma + 1;
  }
}

bool isToken(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("-.!%*_+`'~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

void readHeaders(FieldReader& fields, std::vector<RawHeader>& headers) {
  json_t* object = fields.any("headers");
  if (!object) return;
  if (!json_is_object(object) || json_object_size(object) > kMaxHeaders)
    return fields.fail(fmt::format("headers: not an object of at most {}", kMaxHeaders));
  const char* name = nullptr;
  json_t* value = nullptr;
  json_object_foreach(object, name, value) {
    const char* text = json_string_value(value);
    if (!isToken(name) || !text || hasControls(text))
      return fields.fail(fmt::format("headers: '{}' is no header with a plain string", name));
    headers.push_back({name, text});
  }
}

Millis readMillis(FieldReader& fields, const char* key) {
  return Millis(fields.number(key, 0, 600000).value_or(0));
}

void oneOf(FieldReader& fields, const char* key, const std::string& value,
           std::initializer_list<const char*> allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    fields.fail(fmt::format("{}: '{}' is none of {}", key, value, fmt::join(allowed, ", ")));
}

/// A SIP user part that needs no escaping.
void userPart(FieldReader& fields, const char* key, const std::string& user) {
  const bool plain = !user.empty() && std::all_of(user.begin(), user.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("-_.!~*'()&=+$").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!plain) fields.fail(fmt::format("{}: '{}' cannot be the user of a SIP URI", key, user));
}

}  // namespace

Result<CallerOptions> parseCallRequest(const std::string& body) {
  FieldReader fields(body);
  CallerOptions options;
  options.to = fields.text("to", {}, 64);
  options.from = fields.text("from", options.from, 64);
  userPart(fields, "to", options.to);
  userPart(fields, "from", options.from);
  options.play = fields.text("play", options.play, 1024);
  options.record = fields.text("record", {}, 1024);
  readCodecs(fields, options.media.codecs);
  const std::string offer = fields.text("offer", "plain");
  oneOf(fields, "offer", offer, {"plain", "reference"});
  options.media.reference = offer == "reference";
  readHeaders(fields, options.headers);
  options.replaces = fields.text("replaces");
  options.offerless = fields.flag("offerless");
  options.desktopAnswer = fields.flag("desktop_answer");
  options.talkDelay = readMillis(fields, "talk_delay_ms");
  options.ackSdp = fields.text("ack_sdp", options.ackSdp);
  oneOf(fields, "ack_sdp", options.ackSdp, {"answer", "blackhole", "echo"});
  options.ackDelay = readMillis(fields, "ack_delay_ms");
  options.reinviteAfterAck = fields.flag("reinvite_after_ack");
  options.reinviteDelay = readMillis(fields, "reinvite_delay_ms");
  options.ringTimeout = readMillis(fields, "ring_timeout_ms");
  const auto verdict = fields.finish();
  if (!verdict) return Failure{verdict.error()};
  return options;
}

Result<ReinviteOptions> parseReinvite(const std::string& body) {
  FieldReader fields(body);
  ReinviteOptions options;
  options.sdp = fields.text("sdp", options.sdp);
  oneOf(fields, "sdp", options.sdp, {"none", "full", "twice", "blackhole", "hold", "move"});
  options.direction = fields.text("direction", "sendonly");
  oneOf(fields, "direction", options.direction, {"sendonly", "inactive", "recvonly"});
  const std::string codec = fields.text("codec");
  if (!codec.empty() && !(options.codec = codecNamed(codec)))
    fields.fail("codec: only PCMU and PCMA are spoken here");
  options.newCallUuid = fields.flag("new_call_uuid");
  const auto verdict = fields.finish();
  if (!verdict) return Failure{verdict.error()};
  return options;
}

Result<PartyOptions> parseConnect(const std::string& body) {
  FieldReader fields(body);
  PartyOptions options;
  options.party = fields.text("party", {}, 64);
  if (options.party.empty()) fields.fail("party: missing");
  options.play = fields.text("play", options.play, 1024);
  options.atMediaServer = fields.flag("at_media_server");
  options.how.sdp = fields.text("sdp", options.how.sdp);
  oneOf(fields, "sdp", options.how.sdp, {"none", "full", "twice"});
  options.how.newCallUuid = fields.flag("new_call_uuid");
  const auto verdict = fields.finish();
  if (!verdict) return Failure{verdict.error()};
  return options;
}

Result<Completion> parseCompletion(const std::string& body) {
  FieldReader fields(body);
  Completion out;
  out.consultation = fields.text("consultation");
  const std::string as = fields.text("as", "transfer");
  oneOf(fields, "as", as, {"transfer", "conference"});
  out.conference = as == "conference";
  const std::string first = fields.text("first", "primary");
  oneOf(fields, "first", first, {"primary", "consultation"});
  out.primaryFirst = first == "primary";
  out.sdp = fields.text("sdp", out.conference ? "twice" : "none");
  oneOf(fields, "sdp", out.sdp, {"none", "full", "twice"});
  const auto verdict = fields.finish();
  if (!verdict) return Failure{verdict.error()};
  return out;
}

Result<FaultRequest> parseFaults(const std::string& body) {
  static constexpr const char* kMethods[] = {"register", "invite", "bye",    "cancel",
                                             "options",  "info",   "update", "message",
                                             "notify",   "refer",  "prack"};
  FieldReader fields(body);
  FaultRequest out;
  for (const char* method : kMethods) {
    const json_t* value = fields.any(method);
    if (!value) continue;
    const int64_t status = json_integer_value(value);
    const char* text = json_string_value(value);
    const bool silent = text && std::string_view(text) == "silent";
    if (!silent && (status < 300 || status > 699))
      fields.fail(fmt::format("{}: neither a status from 300 to 699 nor \"silent\"", method));
    std::string name = method;
    for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
    out.statuses[name] = silent ? 0 : static_cast<int>(status);
  }
  out.count = fields.number("count", -1, 1'000'000).value_or(-1);
  out.stale = static_cast<unsigned>(fields.number("stale", 0, 1'000'000).value_or(0));
  const auto verdict = fields.finish();
  if (!verdict) return Failure{verdict.error()};
  return out;
}

}  // namespace genesys::sim
