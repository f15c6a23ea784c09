#include "api/request.hpp"

#include <gmock/gmock.h>

#include "json_text.hpp"
#include "util/text.hpp"

namespace genesys::api {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

Result<Request, ApiError> parse(const std::string& body, const std::string& jsep = "null") {
  return parseRequest(parsed(body).get(), parsed(jsep).get());
}

template <class Action>
Action actionOf(const std::string& body, const std::string& jsep = "null") {
  auto request = parse(body, jsep);
  EXPECT_TRUE(request) << (request ? "" : request.error().message);
  if (!request || !std::holds_alternative<Action>(request->action)) {
    ADD_FAILURE() << "no such request: " << body;
    return {};
  }
  return std::get<Action>(request->action);
}

ApiError faultOf(const std::string& body, const std::string& jsep = "null") {
  const auto request = parse(body, jsep);
  EXPECT_FALSE(request) << body;
  return request ? ApiError{} : request.error();
}

void expectFault(const std::string& body, ErrorCode code, const std::string& field,
                 const std::string& part, const std::string& jsep = "null") {
  const ApiError fault = faultOf(body, jsep);
  EXPECT_EQ(errorName(fault.code), std::string(errorName(code))) << body;
  EXPECT_EQ(fault.field, field) << body;
  EXPECT_THAT(fault.message, HasSubstr(part)) << body;
}

constexpr const char* kOffer = R"({"type":"offer","sdp":"v=0\r\n"})";
constexpr const char* kAnswer = R"({"type":"answer","sdp":"v=0\r\n"})";

TEST(Request, RegisterReadsDnCredentialAndIgnoredFields) {
  const auto plain = actionOf<Register>(R"({"request":"register","username":"7001","token":"t"})");
  EXPECT_EQ(plain.dn, "7001");
  EXPECT_EQ(plain.token, "t");
  EXPECT_FALSE(plain.secret);
  EXPECT_TRUE(plain.incomingOffer);
  EXPECT_TRUE(plain.ignored.empty());
  const auto stock = actionOf<Register>(
      R"({"request":"register","username":"sip:7001@evil","secret":"s","incoming_offer":false,
          "proxy":"sip:evil","register_ttl":5,"user_agent":7,"something":"else"})");
  EXPECT_EQ(stock.dn, "7001");
  EXPECT_EQ(stock.secret, "s");
  EXPECT_FALSE(stock.incomingOffer);
  EXPECT_THAT(stock.ignored, ElementsAre("user_agent", "register_ttl", "proxy", "username.host"));
}

TEST(Request, RegisterNeedsExactlyOneCredential) {
  expectFault(R"({"request":"register","username":"7001"})", ErrorCode::MissingField, "token",
              "'token' is missing");
  expectFault(R"({"request":"register","username":"7001","token":"t","secret":"s"})",
              ErrorCode::InvalidField, "secret", "beside 'token'");
}

TEST(Request, AHelperNamesItsMasterInsteadOfACredential) {
  const auto helper = actionOf<Register>(
      R"({"request":"register","type":"helper","username":"sip:7001@h","master_id":9007199254740991})");
  EXPECT_EQ(helper.masterId, 9007199254740991U);
  EXPECT_THAT(helper.ignored, ElementsAre("username.host"));
  const auto other = actionOf<Register>(
      R"({"request":"register","type":"sip","username":"7001","secret":"s","master_id":1})");
  EXPECT_FALSE(other.masterId);
  EXPECT_THAT(other.ignored, ElementsAre("type", "master_id"));
  expectFault(R"({"request":"register","type":"helper","username":"7001"})",
              ErrorCode::MissingField, "master_id", "is missing");
  for (const char* number : {"0", "-1", "1.5", "\"7\"", "9007199254740992"})
    expectFault(std::string(R"({"request":"register","type":"helper","username":"7001",)") +
                    "\"master_id\":" + number + "}",
                ErrorCode::InvalidField, "master_id", "must be a whole number from 1 to");
}

TEST(Request, RegisterRefusesWhatIsNoDn) {
  for (const char* name : {"sip:@h", "7001;x", "sip:", "<sip:7001@h>", "70 01", "7001!", "sip:ü@h"})
    expectFault(std::string(R"({"request":"register","token":"t","username":")") + name + "\"}",
                ErrorCode::InvalidField, "username", "register: field 'username' must name a DN");
}

TEST(Request, CallReadsTargetHeadersAndEarlyAnswer) {
  const auto call = actionOf<Call>(
      R"({"request":"call","uri":"sip:+4930@h;a=b","headers":{"X-A":"1","X-B":"","x-c":"ü"},
          "early_answer":true})");
  EXPECT_EQ(call.target, "+4930");
  EXPECT_TRUE(call.earlyAnswer);
  EXPECT_EQ(call.headers, (Headers{{"X-A", "1"}, {"X-B", ""}, {"x-c", "ü"}}));
  EXPECT_EQ(actionOf<Call>(R"({"request":"call","uri":"tel:+49-30"})").target, "+4930");
}

TEST(Request, SrtpInTheWordsOfJanussSipPlugin) {
  using Kind = SrtpWish::Kind;
  EXPECT_EQ(actionOf<Call>(R"({"request":"call","uri":"5"})").srtp.kind, Kind::None);
  const auto call = actionOf<Call>(
      R"({"request":"call","uri":"5","srtp":"sdes_optional","srtp_profile":"AEAD_AES_128_GCM"})");
  EXPECT_EQ(call.srtp.kind, Kind::Optional);
  EXPECT_EQ(call.srtp.profile, "AEAD_AES_128_GCM");
  EXPECT_EQ(actionOf<Accept>(R"({"request":"accept","srtp":"sdes_mandatory"})").srtp.kind,
            Kind::Mandatory);
  EXPECT_EQ(actionOf<SendProgress>(R"({"request":"progress","srtp":"sdes_mandatory"})").srtp.kind,
            Kind::Mandatory);
  for (const char* srtp : {"\"dtls\"", "\"SDES_OPTIONAL\"", "true", "\"\""})
    expectFault(std::string(R"({"request":"call","uri":"5","srtp":)") + srtp + "}",
                ErrorCode::InvalidField, "srtp", "field 'srtp'");
  expectFault(R"({"request":"accept","srtp_profile":5})", ErrorCode::InvalidField, "srtp_profile",
              "must be a string");
}

TEST(Request, CallRefusesWhatCannotBeDialled) {
  for (const char* uri : {"sip:5;phone-context=x", "5?Replaces=x", "5%0d", "sip:@h", "a b", "\\\""})
    expectFault(std::string(R"({"request":"call","uri":")") + uri + "\"}",
                ErrorCode::InvalidAddress, "uri", "call: field 'uri' must be a number");
}

TEST(Request, HeadersAreNamesAndTextsOnly) {
  const auto fault = [](const std::string& headers, const std::string& part) {
    expectFault(R"({"request":"call","uri":"5","headers":)" + headers + "}",
                ErrorCode::InvalidField, "headers", part);
  };
  fault("[]", "must be an object");
  fault(R"({"X-A":1})", "header 'X-A', which must be a string");
  fault(R"({"X-A":"1\r\nVia: x"})", "'X-A', which holds a control character");
  fault(R"({"X-A":"\u0000"})", "holds a control character");
  fault(R"({"X A":"1"})", "is no SIP header name");
  fault(R"({"X-A:\r\nVia":"1"})", "'X-A:\\x0d\\x0aVia', which is no SIP header name");
  fault(R"({"":"1"})", "is no SIP header name");
  fault(R"({"X-A":"1","x-a":"2"})", "stands there twice");
  fault("{\"" + std::string(65, 'X') + "\":\"1\"}", "is longer than 64 octets");
  fault(R"({"X-A":")" + std::string(1025, 'v') + "\"}", "is longer than 1024 octets");
  std::string many;
  for (int i = 0; i < 21; ++i) many += (i ? ",\"X-" : "\"X-") + std::to_string(i) + "\":\"v\"";
  fault("{" + many + "}", "more than 20 headers");
}

TEST(Request, CallIdIsOptionalWhereACallIsMeant) {
  EXPECT_FALSE(actionOf<Accept>(R"({"request":"accept"})").callId);
  EXPECT_EQ(actionOf<Accept>(R"({"request":"accept","call_id":"c1"})").callId, "c1");
  EXPECT_EQ(actionOf<Hangup>(R"({"request":"hangup","call_id":"c1"})").callId, "c1");
  for (const char* request : {"accept", "decline", "hangup"})
    expectFault(std::string(R"({"call_id":12,"request":")") + request + "\"}",
                ErrorCode::InvalidField, "call_id",
                std::string(request) + ": field 'call_id' must be a string");
}

TEST(Request, DeclineHasACodeInRange) {
  EXPECT_EQ(actionOf<Decline>(R"({"request":"decline"})").code, 486);
  EXPECT_EQ(actionOf<Decline>(R"({"request":"decline","code":400,"call_id":"c"})").code, 400);
  EXPECT_EQ(actionOf<Decline>(R"({"request":"decline","code":699})").code, 699);
  for (const char* code : {"399", "700", "\"486\"", "486.0", "null", "9223372036854775807"})
    expectFault(std::string(R"({"request":"decline","code":)") + code + "}",
                ErrorCode::InvalidField, "code", "a whole number from 400 to 699");
}

TEST(Request, DigitIsOneKey) {
  const auto digit = actionOf<SendDigit>(R"({"request":"dtmf_info","digit":"#"})");
  EXPECT_EQ(digit.digit, '#');
  EXPECT_EQ(digit.duration, milliseconds(160));
  EXPECT_EQ(actionOf<SendDigit>(R"({"request":"dtmf_info","digit":"D","duration":5000})").duration,
            milliseconds(5000));
  for (const char* bad : {"\"E\"", "\"12\"", "\"\"", "5", "\"\\u0000\"", "\"a\""})
    expectFault(std::string(R"({"request":"dtmf_info","digit":)") + bad + "}",
                ErrorCode::InvalidField, "digit", "dtmf_info: field 'digit'");
  expectFault(R"({"request":"dtmf_info"})", ErrorCode::MissingField, "digit", "is missing");
  for (const char* bad : {"39", "5001", "-1", "\"160\""})
    expectFault(std::string(R"({"request":"dtmf_info","digit":"1","duration":)") + bad + "}",
                ErrorCode::InvalidField, "duration", "from 40 to 5000");
}

TEST(Request, VolumeNamesOnlyWhatChanges) {
  const auto change = actionOf<ChangeVolume>(
      R"({"request":"volume","muted":true,"peer_gain_db":-6,"call_id":"c-1"})");
  EXPECT_EQ(change.callId, "c-1");
  EXPECT_EQ(change.muted, true);
  EXPECT_FALSE(change.peerMuted || change.gainDb);
  EXPECT_EQ(change.peerGainDb, -6);
  const auto other = actionOf<ChangeVolume>(
      R"({"request":"volume","muted":false,"peer_muted":true,"gain_db":20})");
  EXPECT_EQ(other.muted, false);
  EXPECT_EQ(other.peerMuted, true);
  EXPECT_EQ(other.gainDb, 20);
  EXPECT_EQ(faultOf(R"({"request":"volume","gain_db":21})").field, "gain_db");
  EXPECT_EQ(faultOf(R"({"request":"volume","peer_gain_db":0.5})").field, "peer_gain_db");
  EXPECT_EQ(faultOf(R"({"request":"volume","muted":"yes"})").field, "muted");
}

TEST(Request, ARecordingNamesSidesFormatAndTag) {
  const auto record = actionOf<Record>(
      R"({"request":"recording","action":"start","audio":true,"peer_audio":true,"format":"wav",)"
      R"("filename":"order-4711","video":true,"call_id":"c1"})");
  EXPECT_EQ(record.action, Record::Action::Start);
  EXPECT_TRUE(record.audio && record.peerAudio);
  EXPECT_EQ(record.format, Record::Format::Wav);
  EXPECT_EQ(record.tag, "order-4711");
  EXPECT_EQ(record.callId, "c1");
  const auto stop = actionOf<Record>(R"({"request":"recording","action":"stop"})");
  EXPECT_EQ(stop.action, Record::Action::Stop);
  EXPECT_EQ(stop.format, Record::Format::Mjr);
  EXPECT_FALSE(stop.audio || stop.peerAudio);
  expectFault(R"({"request":"recording"})", ErrorCode::MissingField, "action", "is missing");
  expectFault(R"({"request":"recording","action":"erase"})", ErrorCode::InvalidField, "action",
              "must be one of 'start', 'stop', 'pause', 'resume'");
  expectFault(R"({"request":"recording","action":"start","format":"mp3"})", ErrorCode::InvalidField,
              "format", "must be one of 'mjr', 'wav', 'opus'");
}

TEST(Request, ARecordingsFileStaysWhereTheGatewayPutsIt) {
  const auto with = [](const std::string& name) {
    return R"({"request":"recording","action":"start","filename":")" + name + "\"}";
  };
  EXPECT_EQ(actionOf<Record>(with("/var/tmp/../recordings/call_1.a")).tag, "call_1.a");
  EXPECT_EQ(actionOf<Record>(with(std::string(64, 'x'))).tag.size(), 64U);
  for (const std::string& bad :
       {std::string(".."), std::string("/tmp/.."), std::string("a/"), std::string(".hidden"),
        std::string("a b"), std::string("a%2fb"), std::string("a\\\\b"), std::string("\u00e4"),
        std::string("a;b"), std::string(65, 'x')})
    expectFault(with(bad), ErrorCode::InvalidField, "filename", "must end in 1 to 64 characters");
  expectFault(with("a\\nb"), ErrorCode::InvalidField, "filename", "control character");
}

TEST(Request, RequestsWithoutFields) {
  actionOf<Unregister>(R"({"request":"unregister"})");
  actionOf<IceServers>(R"({"request":"ice_servers"})");
  actionOf<Query>(R"({"request":"query"})");
  actionOf<Update>(R"({"request":"update"})", kOffer);
}

TEST(Request, JsepIsHeldAgainstTheRequest) {
  EXPECT_EQ(parse(R"({"request":"call","uri":"5"})", kOffer)->jsep->type, Jsep::Type::Offer);
  EXPECT_EQ(parse(R"({"request":"accept"})", kAnswer)->jsep->type, Jsep::Type::Answer);
  EXPECT_EQ(parse(R"({"request":"accept"})", kOffer)->jsep->sdp, "v=0\r\n");
  EXPECT_FALSE(parse(R"({"request":"accept"})")->jsep);
  const std::string update = R"({"request":"update"})";
  expectFault(update, ErrorCode::MissingJsep, "jsep", "update: needs a JSEP offer");
  expectFault(update, ErrorCode::InvalidField, "jsep.type", "must be 'offer'", kAnswer);
  expectFault(update, ErrorCode::InvalidField, "jsep", "must be an object", "[]");
  expectFault(update, ErrorCode::MissingField, "jsep.type", "is missing", "{}");
  expectFault(update, ErrorCode::MissingField, "jsep.sdp", "is missing", R"({"type":"offer"})");
  expectFault(update, ErrorCode::InvalidField, "jsep.sdp", "control",
              R"({"type":"offer","sdp":"v=0\u0000"})");
  expectFault(update, ErrorCode::InvalidField, "jsep.sdp", "control",
              R"({"type":"offer","sdp":"v=0\u001b"})");
  expectFault(update, ErrorCode::InvalidField, "jsep.sdp", "longer than 16384",
              R"({"type":"offer","sdp":")" + std::string(16385, 'v') + "\"}");
  expectFault(R"({"request":"hangup"})", ErrorCode::InvalidField, "jsep", "takes no JSEP", kOffer);
}

TEST(Request, EveryTextIsCappedAndFreeOfControls) {
  struct Field {
    const char* head;
    const char* name;
    size_t limit;
  };
  for (const Field& field :
       {Field{R"("request":"register","token":"t")", "username", 128},
        Field{R"("request":"register","username":"7")", "token", 8192},
        Field{R"("request":"register","username":"7")", "secret", 256},
        Field{R"("request":"call")", "uri", 128}, Field{R"("request":"hangup")", "call_id", 64}}) {
    const auto with = [&](const std::string& value) {
      return std::string("{") + field.head + ",\"" + field.name + "\":" + value + "}";
    };
    expectFault(with("\"" + std::string(field.limit + 1, 'a') + "\""), ErrorCode::InvalidField,
                field.name, "longer than " + std::to_string(field.limit) + " octets");
    for (const char* bad : {R"("7\r\n")", R"("\u00007")", R"("7\u007f")", R"("7\t")"})
      expectFault(with(bad), ErrorCode::InvalidField, field.name, "holds a control character");
    expectFault(with("\"\""), ErrorCode::InvalidField, field.name, "must not be empty");
    for (const char* bad : {"1", "null", "true", "[]", "{}"})
      expectFault(with(bad), ErrorCode::InvalidField, field.name, "must be a string");
  }
}

TEST(Request, FlagsAreBooleans) {
  expectFault(R"({"request":"call","uri":"5","early_answer":1})", ErrorCode::InvalidField,
              "early_answer", "must be true or false");
}

TEST(Request, UnknownOrUnnamedRequestIsQuotedSafely) {
  expectFault(R"({"request":"re\ngister"})", ErrorCode::UnknownRequest, "request",
              "unknown request 're\\x0agister'");
  expectFault(R"({"request":"Register"})", ErrorCode::UnknownRequest, "request", "'Register'");
  expectFault(R"({"request":"hangup\u0000"})", ErrorCode::UnknownRequest, "request", "hangup\\x00");
  expectFault(R"({})", ErrorCode::MissingField, "request", "'request' is missing");
  expectFault(R"({"request":1})", ErrorCode::InvalidField, "request", "must be a string");
  std::string longName = R"({"request":")";
  for (int i = 0; i < 1000; ++i) longName += "é";
  const ApiError fault = faultOf(longName + "\"}");
  EXPECT_LT(fault.message.size(), 80U);
  EXPECT_FALSE(hasControls(fault.message));
  const Json shown = toJson(fault);  // not cut in the middle of a character
  EXPECT_EQ(std::string(json_string_value(json_object_get(shown.get(), "error"))), fault.message);
}

TEST(Request, MessageMustBeAnObject) {
  for (const char* body : {"[]", "null", "1", "\"hangup\""})
    expectFault(body, ErrorCode::InvalidJson, "", "must be a JSON object");
  EXPECT_EQ(parseRequest(nullptr, nullptr).error().code, ErrorCode::InvalidJson);
}

TEST(Request, TheFirstFaultIsTold) {
  expectFault(R"({"request":"register","username":7,"token":8,"incoming_offer":9})",
              ErrorCode::InvalidField, "username", "'username' must be a string");
}

}  // namespace
}  // namespace genesys::api
