// Any octets as what a page sends: {"body": ..., "jsep": ...}, or a body alone; and the same octets
// as a token's payload and as a name from the SIP side. Beyond not crashing, nothing that is taken
// exceeds its limits, and every answer is JSON.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/address.hpp"
#include "api/claims.hpp"
#include "api/event.hpp"
#include "api/json_reader.hpp"
#include "api/request.hpp"
#include "util/text.hpp"

using namespace genesys;
using namespace genesys::api;

namespace {

void require(bool truth, const char* what) {
  if (truth) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void checkText(const std::optional<std::string>& text, size_t limit) {
  if (!text) return;
  require(!text->empty() && text->size() <= limit, "a text keeps its length");
  require(!hasControls(*text), "a text has no control character");
}

void checkHeaders(const Headers& headers) {
  require(headers.size() <= limits::kHeaders, "not too many headers");
  for (const auto& [name, value] : headers) {
    checkText(name, limits::kHeaderName);
    require(name.find_first_of(": ,;\"<>@") == std::string::npos, "a header name is a token");
    require(value.size() <= limits::kHeaderValue && !hasControls(value), "a header value is safe");
  }
}

void check(const Register& request) {
  require(isDn(request.dn), "a DN is one");
  require(request.token.has_value() != request.secret.has_value(), "one credential");
  checkText(request.token, limits::kToken);
  checkText(request.secret, limits::kSecret);
}
void check(const SrtpWish& wish) {
  require(wish.profile.size() <= limits::kSrtp && !hasControls(wish.profile), "a profile is short");
}
void check(const Call& request) {
  check(request.srtp);
  require(isDialable(request.target), "a target can be dialled");
  require(request.target.find_first_of(";?@%:\r\n") == std::string::npos, "a target is a user");
  checkHeaders(request.headers);
}
void check(const Accept& request) {
  check(request.srtp);
  checkText(request.callId, limits::kCallId);
  checkHeaders(request.headers);
}
void check(const Decline& request) {
  checkText(request.callId, limits::kCallId);
  require(request.code >= 400 && request.code <= 699, "a code refuses");
}
void check(const Hangup& request) {
  checkText(request.callId, limits::kCallId);
}
void check(const SendDigit& request) {
  checkText(request.callId, limits::kCallId);
  require(std::string_view("0123456789*#ABCD").find(request.digit) != std::string_view::npos,
          "a digit is a key");
  require(request.duration.count() >= 40 && request.duration.count() <= 5000, "a digit ends");
}
void check(const Unregister&) {}
void check(const Update&) {}
void check(const IceServers&) {}
void check(const Query&) {}
void check(const Hold& request) {
  checkText(request.callId, limits::kCallId);
}
void check(const Unhold& request) {
  checkText(request.callId, limits::kCallId);
}
void check(const Merge& request) {
  require(request.callIds.empty() || request.callIds.size() >= 2, "one call merges with nothing");
  require(request.callIds.size() <= limits::kMerged, "a conversation has an end");
  for (const std::string& id : request.callIds) checkText(id, limits::kCallId);
}

void check(const Transfer& request) {
  checkText(request.callId, limits::kCallId);
  require(!request.target.empty() || !request.replace.empty(), "a transfer has a target");
}
template <class Text>
void checkContent(const Text& request) {
  checkText(request.callId, limits::kCallId);
  require(!request.content.empty() && request.content.size() <= limits::kContent,
          "a text is short");
  require(!hasControls(request.type) && request.type.find('/') != std::string::npos,
          "a text has a media type");
  checkHeaders(request.headers);
}
void check(const SendInfo& request) {
  checkContent(request);
}
void check(const SendMessage& request) {
  checkContent(request);
}

void check(const SendProgress& request) {
  check(request.srtp);
  checkText(request.callId, limits::kCallId);
  checkHeaders(request.headers);
}
void check(const Subscribe& request) {
  require(isToken(request.event) && request.event.size() <= limits::kEventPackage, "a token");
  require(request.target.empty() || isDialable(request.target), "a subject is a user");
  require(!hasControls(request.accept), "a media type has no controls");
  require(request.ttl.count() >= 60 && request.ttl.count() <= 86400, "a subscription ends");
}
void check(const Unsubscribe& request) {
  require(isToken(request.event), "a token");
}

void check(const Record& request) {
  checkText(request.callId, limits::kCallId);
  require(request.tag.size() <= limits::kRecordingTag, "a tag is short");
  require(!request.tag.starts_with('.'), "a tag hides nothing and goes nowhere");
  require(
      request.tag.find_first_of("/\\:*?\"<>| ") == std::string::npos && !hasControls(request.tag),
      "a tag is part of a file's name");
}

void check(const ChangeVolume& request) {
  checkText(request.callId, limits::kCallId);
  for (const auto& gain : {request.gainDb, request.peerGainDb})
    require(!gain || std::abs(*gain) <= limits::kGainDb, "a gain has its limits");
}

void checkError(const ApiError& error) {
  require(error.message.size() < 400 && !hasControls(error.message), "an error can be logged");
  const Json json = toJson(error);
  const json_t* message = json_object_get(json.get(), "error");
  require(json_is_string(message) && error.message == json_string_value(message),
          "an error is told as it is");
}

void asRequest(const json_t* input) {
  const json_t* body = json_object_get(input, "body");
  const auto request =
      body ? parseRequest(body, json_object_get(input, "jsep")) : parseRequest(input, nullptr);
  if (!request) return checkError(request.error());
  std::visit([](const auto& action) { check(action); }, request->action);
  if (!request->jsep) return;
  require(!request->jsep->sdp.empty() && request->jsep->sdp.size() <= limits::kSdp,
          "SDP keeps its length");
  require(json_is_object(toJson(*request->jsep).get()), "JSEP can be written");
}

void asClaims(const std::string& text) {
  const auto claims = parseClaims(text, "dn", "roles");
  if (!claims) return checkError(claims.error());
  checkText(claims->subject, 128);
  require(claims->roles.size() <= 64, "not too many roles");
  for (const auto& role : claims->roles) checkText(role, 128);
}

void asTextFromSip(const std::string& text) {
  const Json json = toJson(Event{IncomingCall{"c", text, text, text, text, {{text, text}}}});
  const json_t* result = json_object_get(json.get(), "result");
  for (const char* field : {"username", "displayname", "callee", "uuid"})
    require(json_is_string(json_object_get(result, field)), "a text is told whatever its octets");
  char* written = json_dumps(json.get(), 0);
  require(written != nullptr, "an event can be written");
  std::free(written);  // NOLINT(cppcoreguidelines-no-malloc): jansson's
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Json input(json_loadb(text.data(), text.size(), JSON_DECODE_ANY | JSON_ALLOW_NUL, nullptr));
  if (input) asRequest(input.get());
  asClaims(text);
  asTextFromSip(text);
  return 0;
}
