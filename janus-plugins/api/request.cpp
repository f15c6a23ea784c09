#include "api/request.hpp"

#include <algorithm>
#include <array>

#include "api/address.hpp"
#include "api/json_reader.hpp"

namespace genesys::api {
namespace {

/// What Janus's SIP plugin (1.1.2) reads of a page in `register`, and this one takes from the
/// configuration.
constexpr const char* kIgnored[] = {"send_register",
                                    "force_udp",
                                    "force_tcp",
                                    "sips",
                                    "rfc2543_cancel",
                                    "ha1_secret",
                                    "authuser",
                                    "display_name",
                                    "user_agent",
                                    "headers",
                                    "contact_params",
                                    "refresh",
                                    "incoming_header_prefixes",
                                    "register_ttl",
                                    "proxy",
                                    "outbound_proxy"};

/// The same of a page that is no helper.
constexpr const char* kOfHelpers[] = {"type", "master_id"};
constexpr int64_t kMaxMasterId = (1LL << 53) - 1;  ///< what JavaScript holds exactly

Action readRegister(JsonReader& fields) {
  Register request;
  const Address address = splitAddress(fields.requiredText("username", limits::kAddress));
  if (fields.ok() && !isDn(address.user))
    fields.refuse(ErrorCode::InvalidField, "username",
                  "must name a DN: 1 to 32 characters of A-Z a-z 0-9 + * # . _ -");
  request.dn = address.user;
  request.token = fields.text("token", limits::kToken);
  request.secret = fields.text("secret", limits::kSecret);
  const bool helper = fields.text("type", limits::kAddress) == "helper";
  if (helper && !fields.has("master_id"))
    fields.refuse(ErrorCode::MissingField, "master_id", "is missing");
  if (helper)
    request.masterId = static_cast<uint64_t>(fields.integer("master_id", 1, kMaxMasterId, 1));
  if (!helper && !fields.has("token") && !fields.has("secret"))
    fields.refuse(ErrorCode::MissingField, "token", "is missing (or 'secret')");
  if (request.token && request.secret)
    fields.refuse(ErrorCode::InvalidField, "secret", "must not stand beside 'token'");
  request.incomingOffer = fields.flag("incoming_offer", true);
  request.ignored = fields.present(kIgnored);
  if (!helper)
    for (auto& name : fields.present(kOfHelpers)) request.ignored.push_back(std::move(name));
  if (address.hostDropped) request.ignored.emplace_back("username.host");
  return request;
}

void refuseUri(JsonReader& fields) {
  fields.refuse(ErrorCode::InvalidAddress, "uri",
                "must be a number or SIP URI whose user is 1 to 64 characters of "
                "A-Z a-z 0-9 + * # . _ ~ ! $ & ' ( ) -");
}

/// The user part of an optional "uri"; empty if it is missing.
std::string optionalTarget(JsonReader& fields) {
  const auto uri = fields.text("uri", limits::kAddress);
  if (!uri) return "";
  std::string user = splitAddress(*uri).user;
  if (fields.ok() && !isDialable(user)) refuseUri(fields);
  return user;
}

std::optional<uint32_t> referId(JsonReader& fields) {
  if (!fields.has("refer_id")) return std::nullopt;
  return static_cast<uint32_t>(fields.integer("refer_id", 1, UINT32_MAX, 1));
}

SrtpWish srtpWish(JsonReader& fields) {
  SrtpWish wish;
  const auto srtp = fields.text("srtp", limits::kSrtp);
  if (srtp == "sdes_optional")
    wish.kind = SrtpWish::Kind::Optional;
  else if (srtp == "sdes_mandatory")
    wish.kind = SrtpWish::Kind::Mandatory;
  else if (srtp)
    fields.refuse(ErrorCode::InvalidField, "srtp", "must be 'sdes_optional' or 'sdes_mandatory'");
  wish.profile = fields.text("srtp_profile", limits::kSrtp).value_or("");
  return wish;
}

Action readCall(JsonReader& fields) {
  Call request;
  request.referId = referId(fields);
  request.target = optionalTarget(fields);
  if (request.target.empty() && !request.referId)
    fields.refuse(ErrorCode::MissingField, "uri", "is missing");
  request.headers = fields.headers("headers");
  request.earlyAnswer = fields.flag("early_answer", false);
  request.srtp = srtpWish(fields);
  return request;
}

std::optional<std::string> callId(JsonReader& fields) {
  return fields.text("call_id", limits::kCallId);
}

Action readAccept(JsonReader& fields) {
  return Accept{callId(fields), fields.headers("headers"), srtpWish(fields)};
}

Action readProgress(JsonReader& fields) {
  return SendProgress{callId(fields), fields.headers("headers"), srtpWish(fields)};
}

Action readDecline(JsonReader& fields) {
  return Decline{callId(fields), static_cast<int>(fields.integer("code", 400, 699, 486)),
                 referId(fields)};
}

Action readHangup(JsonReader& fields) {
  return Hangup{callId(fields)};
}

Action readHold(JsonReader& fields) {
  using Direction = Hold::Direction;
  Hold request;
  request.callId = callId(fields);
  const std::string direction = fields.text("direction", 16).value_or("sendonly");
  if (direction == "inactive")
    request.direction = Direction::Inactive;
  else if (direction == "recvonly")
    request.direction = Direction::RecvOnly;
  else if (direction != "sendonly")
    fields.refuse(ErrorCode::InvalidField, "direction",
                  "must be 'sendonly', 'inactive' or 'recvonly'");
  return request;
}

Action readUnhold(JsonReader& fields) {
  return Unhold{callId(fields)};
}

Action readMerge(JsonReader& fields) {
  return Merge{fields.texts("call_ids", limits::kCallId, 2, limits::kMerged)};
}

Action readTransfer(JsonReader& fields) {
  Transfer request;
  request.callId = callId(fields);
  request.target = optionalTarget(fields);
  request.replace = fields.text("replace", limits::kCallId).value_or("");
  if (request.target.empty() && request.replace.empty())
    fields.refuse(ErrorCode::MissingField, "uri", "is missing (or 'replace')");
  return request;
}

/// A media type (RFC 2045 section 5.1), with parameters or without.
std::string contentType(JsonReader& fields, const char* name, const char* fallback) {
  std::string type = fallback ? fields.text(name, limits::kContentType).value_or(fallback)
                              : fields.requiredText(name, limits::kContentType);
  const std::string_view bare = std::string_view(type).substr(0, type.find(';'));
  const auto slash = bare.find('/');
  if (fields.ok() && (slash == std::string_view::npos || !isToken(bare.substr(0, slash)) ||
                      !isToken(bare.substr(slash + 1))))
    fields.refuse(ErrorCode::InvalidField, name, "must be a media type such as text/plain");
  return type;
}

Action readInfo(JsonReader& fields) {
  SendInfo request;
  request.callId = callId(fields);
  request.type = contentType(fields, "type", nullptr);
  request.content = fields.requiredText("content", limits::kContent, Controls::LineEnds);
  request.headers = fields.headers("headers");
  return request;
}

Action readMessage(JsonReader& fields) {
  SendMessage request;
  request.callId = callId(fields);
  request.target = optionalTarget(fields);
  request.type = contentType(fields, "content_type", "text/plain");
  request.content = fields.requiredText("content", limits::kContent, Controls::LineEnds);
  request.headers = fields.headers("headers");
  return request;
}

std::string eventPackage(JsonReader& fields) {
  std::string event = fields.requiredText("event", limits::kEventPackage);
  if (fields.ok() && !isToken(event))
    fields.refuse(ErrorCode::InvalidField, "event", "must be an event package (a token)");
  return event;
}

/// Whom a subscription is about: the user part of an optional "to".
std::string optionalSubject(JsonReader& fields) {
  const auto to = fields.text("to", limits::kAddress);
  if (!to) return "";
  std::string user = splitAddress(*to).user;
  if (fields.ok() && !isDialable(user))
    fields.refuse(ErrorCode::InvalidAddress, "to", "must be a number or SIP URI");
  return user;
}

Action readSubscribe(JsonReader& fields) {
  Subscribe request;
  request.event = eventPackage(fields);
  request.target = optionalSubject(fields);
  if (fields.has("accept")) request.accept = contentType(fields, "accept", "text/plain");
  request.ttl = std::chrono::seconds(fields.integer("subscribe_ttl", 60, 86400, 1800));
  return request;
}

Action readUnsubscribe(JsonReader& fields) {
  Unsubscribe request;
  request.event = eventPackage(fields);
  request.target = optionalSubject(fields);
  return request;
}

Action readDigit(JsonReader& fields) {
  SendDigit request;
  const std::string digit = fields.requiredText("digit", 1);
  if (fields.ok() && digit.find_first_not_of("0123456789*#ABCD") != std::string::npos)
    fields.refuse(ErrorCode::InvalidField, "digit", "must be one of 0-9 * # A-D");
  if (fields.ok()) request.digit = digit[0];
  request.duration = std::chrono::milliseconds(fields.integer("duration", 40, 5000, 160));
  request.callId = callId(fields);
  return request;
}

/// The value that goes with the text of field `name`, of those allowed.
template <class Value, size_t count>
Value choice(JsonReader& fields, const char* name, const std::string& text,
             const std::array<std::pair<std::string_view, Value>, count>& choices) {
  std::string allowed;
  for (const auto& [word, value] : choices) {
    if (text == word) return value;
    allowed += (allowed.empty() ? "'" : ", '") + std::string(word) + "'";
  }
  if (fields.ok()) fields.refuse(ErrorCode::InvalidField, name, "must be one of " + allowed);
  return choices.front().second;
}

/// Of a path only the last part counts: where files go is the gateway's affair.
std::string recordingTag(JsonReader& fields) {
  const std::string path = fields.text("filename", limits::kFileName).value_or("");
  std::string tag = path.substr(path.rfind('/') + 1);
  constexpr const char* safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  const bool good = tag.size() <= limits::kRecordingTag && !tag.starts_with('.') &&
                    tag.find_first_not_of(safe) == std::string::npos;
  if (good && (path.empty() || !tag.empty())) return tag;
  fields.refuse(ErrorCode::InvalidField, "filename",
                "must end in 1 to 64 characters of A-Z a-z 0-9 . _ - without a dot in front");
  return "";
}

Action readRecording(JsonReader& fields) {
  using Act = Record::Action;
  using Format = Record::Format;
  constexpr std::array<std::pair<std::string_view, Act>, 4> actions{
      {{"start", Act::Start}, {"stop", Act::Stop}, {"pause", Act::Pause}, {"resume", Act::Resume}}};
  constexpr std::array<std::pair<std::string_view, Format>, 3> formats{
      {{"mjr", Format::Mjr}, {"wav", Format::Wav}, {"opus", Format::Opus}}};
  Record request;
  request.action = choice(fields, "action", fields.requiredText("action", 16), actions);
  request.format = choice(fields, "format", fields.text("format", 16).value_or("mjr"), formats);
  request.audio = fields.flag("audio", false);
  request.peerAudio = fields.flag("peer_audio", false);
  request.tag = recordingTag(fields);
  request.callId = callId(fields);
  return request;
}

Action readVolume(JsonReader& fields) {
  const auto flag = [&](const char* name) {
    return fields.has(name) ? std::optional(fields.flag(name, false)) : std::nullopt;
  };
  const auto gain = [&](const char* name) -> std::optional<int> {
    if (!fields.has(name)) return std::nullopt;
    return static_cast<int>(fields.integer(name, -limits::kGainDb, limits::kGainDb, 0));
  };
  ChangeVolume request;
  request.muted = flag("muted");
  request.peerMuted = flag("peer_muted");
  request.gainDb = gain("gain_db");
  request.peerGainDb = gain("peer_gain_db");
  request.callId = callId(fields);
  return request;
}

template <class Empty>
Action readEmpty(JsonReader&) {
  return Empty{};
}

/// Which JSEP a request may, or must, carry.
enum class JsepRule { None, Offer, OfferOrAnswer, OfferRequired };

struct RequestKind {
  const char* name;
  Action (*read)(JsonReader&);
  JsepRule jsep;
};

constexpr std::array<RequestKind, 21> kRequests{{
    {"register", readRegister, JsepRule::Offer},
    {"unregister", readEmpty<Unregister>, JsepRule::None},
    {"call", readCall, JsepRule::Offer},
    {"accept", readAccept, JsepRule::OfferOrAnswer},
    {"decline", readDecline, JsepRule::None},
    {"hangup", readHangup, JsepRule::None},
    {"dtmf_info", readDigit, JsepRule::None},
    {"update", readEmpty<Update>, JsepRule::OfferRequired},
    {"ice_servers", readEmpty<IceServers>, JsepRule::None},
    {"query", readEmpty<Query>, JsepRule::None},
    {"hold", readHold, JsepRule::None},
    {"unhold", readUnhold, JsepRule::None},
    {"merge", readMerge, JsepRule::None},
    {"transfer", readTransfer, JsepRule::None},
    {"info", readInfo, JsepRule::None},
    {"message", readMessage, JsepRule::None},
    {"progress", readProgress, JsepRule::OfferOrAnswer},
    {"subscribe", readSubscribe, JsepRule::None},
    {"unsubscribe", readUnsubscribe, JsepRule::None},
    {"recording", readRecording, JsepRule::None},
    {"volume", readVolume, JsepRule::None},
}};
static_assert(kRequests.size() == std::variant_size_v<Action>);

Failure<ApiError> failure(ErrorCode code, std::string message, std::string field = "") {
  return Failure{ApiError{code, std::move(message), std::move(field)}};
}

using OptionalJsep = std::optional<Jsep>;

Result<OptionalJsep, ApiError> readJsep(const RequestKind& kind, const json_t* jsep) {
  const std::string context = kind.name;
  if (!jsep || json_is_null(jsep)) {
    if (kind.jsep != JsepRule::OfferRequired) return OptionalJsep{};
    return failure(ErrorCode::MissingJsep, context + ": needs a JSEP offer", "jsep");
  }
  if (kind.jsep == JsepRule::None)
    return failure(ErrorCode::InvalidField, context + ": takes no JSEP", "jsep");
  if (!json_is_object(jsep))
    return failure(ErrorCode::InvalidField, context + ": field 'jsep' must be an object", "jsep");
  JsonReader fields(context, jsep, "jsep.");
  const std::string type = fields.requiredText("type", 16);
  const bool answer = type == "answer" && kind.jsep == JsepRule::OfferOrAnswer;
  if (fields.ok() && type != "offer" && !answer)
    fields.refuse(
        ErrorCode::InvalidField, "type",
        kind.jsep == JsepRule::OfferOrAnswer ? "must be 'offer' or 'answer'" : "must be 'offer'");
  std::string sdp = fields.requiredText("sdp", limits::kSdp, Controls::LineEnds);
  if (!fields.ok()) return Failure{*fields.error()};
  return OptionalJsep{Jsep{answer ? Jsep::Type::Answer : Jsep::Type::Offer, std::move(sdp)}};
}

}  // namespace

Result<Request, ApiError> parseRequest(const json_t* message, const json_t* jsep) {
  if (!json_is_object(message))
    return failure(ErrorCode::InvalidJson, "the message must be a JSON object");
  const json_t* name = json_object_get(message, "request");
  if (!name) return failure(ErrorCode::MissingField, "field 'request' is missing", "request");
  if (!json_is_string(name))
    return failure(ErrorCode::InvalidField, "field 'request' must be a string", "request");
  const std::string_view wanted{json_string_value(name), json_string_length(name)};
  const auto* const kind = std::find_if(kRequests.begin(), kRequests.end(),
                                        [&](const RequestKind& k) { return wanted == k.name; });
  if (kind == kRequests.end())
    return failure(ErrorCode::UnknownRequest, "unknown request '" + quotable(wanted) + "'",
                   "request");
  JsonReader fields(kind->name, message);
  Action action = kind->read(fields);
  if (!fields.ok()) return Failure{*fields.error()};
  auto offered = readJsep(*kind, jsep);
  if (!offered) return Failure{offered.error()};
  return Request{std::move(action), std::move(offered).value()};
}

}  // namespace genesys::api
