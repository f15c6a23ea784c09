#include "api/event.hpp"

#include <gtest/gtest.h>

#include "json_text.hpp"

namespace genesys::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The shape of every event is compared with docs/api.md in docs_test.cpp; here, what the shape
// cannot tell: values, what is left out, and hostile text.

TEST(Event, ValuesStandUnderTheirNames) {
  EXPECT_EQ(
      printed(toJson(Event{DigitReceived{"c1", '#', milliseconds(120)}})),
      R"({"call_id":"c1","result":{"call_id":"c1","digit":"#","duration":120,"event":"dtmf"},)"
      R"("sip":"event"})");
  EXPECT_EQ(printed(toJson(Event{RegistrationFailed{"7001", 404, "why", milliseconds(4000)}})),
            R"({"result":{"code":404,"event":"registration_failed","reason":"why","retry_in":4000,)"
            R"("username":"7001"},"sip":"event"})");
}

TEST(Event, IncomingCallKeepsCallerCalleeAndHeadersApart) {
  const Json json =
      toJson(Event{IncomingCall{"c1", "sip:5@h", "Name", "sip:7001@h", "UUID", {{"X-A", "1"}}}});
  EXPECT_EQ(
      printed(json),
      R"({"call_id":"c1","result":{"call_id":"c1","callee":"sip:7001@h","displayname":"Name",)"
      R"("event":"incomingcall","headers":{"X-A":"1"},"username":"sip:5@h","uuid":"UUID"},)"
      R"("sip":"event"})");
}

TEST(Event, CallInfoTellsTimesInMilliseconds) {
  SignedIn session;
  session.dn = "7001";
  session.masterId = 7;
  session.calls.push_back(
      {"c1", "out", "early", "sip:5@h", "N", "U", {}, milliseconds(9), milliseconds(3), "s", "b"});
  session.resumeWindow = seconds(45);
  session.tokenExpiresIn = seconds(60);
  EXPECT_EQ(
      printed(toJson(Event{Registered{session}})),
      R"({"result":{"calls":[{"age":9,"answered":3,"browser_codec":"b","call_id":"c1",)"
      R"("direction":"out","displayname":"N","headers":{},"heard":false,"hold":"none",)"
      R"("merged":false,"sip_codec":"s","state":"early",)"
      R"("username":"sip:5@h","uuid":"U"}],"displayname":"","event":"registered","ice_servers":[],)"
      R"("ignored":[],"master_id":7,"register_sent":true,"resume_window":45,"subject":"","token_expires_in":60,"username":"7001"},)"
      R"("sip":"event"})");
}

TEST(Event, WhatIsNotThereIsLeftOut) {
  const std::string registered = printed(toJson(Event{Registered{}}));
  EXPECT_EQ(registered.find("token_expires_in"), std::string::npos);
  const std::string hangup = printed(toJson(Event{HungUp{"c", 200, "SIP BYE", ""}}));
  EXPECT_EQ(hangup.find("reason_header"), std::string::npos);
  const std::string stun = printed(toJson(Event{IceServersEvent{{{{"stun:h"}, "", ""}}}}));
  EXPECT_NE(stun.find(R"([{"urls":["stun:h"]}])"), std::string::npos) << stun;
  const std::string error = printed(toJson(ApiError{ErrorCode::Internal, "m", ""}));
  EXPECT_EQ(error, R"({"error":"m","error_code":499,"error_name":"internal","sip":"event"})");
}

TEST(Event, TextThatIsNoUtf8IsRepairedAndTheRestKept) {
  const auto nameOf = [](const std::string& name) {
    const Json json = toJson(Event{IncomingCall{"c", "u", name, "", "", {{"X-\xff", name}}}});
    const json_t* result = json_object_get(json.get(), "result");
    EXPECT_EQ(json_object_size(json_object_get(result, "headers")), 1U);
    const json_t* shown = json_object_get(result, "displayname");
    return std::string(json_string_value(shown), json_string_length(shown));
  };
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(nameOf("J\xf6rg"), "J" + mark + "rg");  // ISO 8859-1
  EXPECT_EQ(nameOf("J\xc3\xb6rg \xff"), "J\xc3\xb6rg " + mark);
  EXPECT_EQ(nameOf("\xc0\xaf"), mark + mark);             // overlong
  EXPECT_EQ(nameOf("\xed\xa0\x80"), mark + mark + mark);  // surrogate
  EXPECT_EQ(nameOf("\xf4\x90\x80\x80"), mark + mark + mark + mark);
  EXPECT_EQ(nameOf("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");  // valid, kept
  EXPECT_EQ(nameOf("\xe2\x82"), mark + mark);                 // cut short
  EXPECT_EQ(nameOf(std::string("a\0b", 3)), std::string("a\0b", 3));
}

TEST(Event, JsepSaysItsType) {
  EXPECT_EQ(printed(toJson(Jsep{Jsep::Type::Offer, "v=0\r\n"})),
            R"({"sdp":"v=0\r\n","type":"offer"})");
  EXPECT_EQ(printed(toJson(Jsep{Jsep::Type::Answer, "x"})), R"({"sdp":"x","type":"answer"})");
}

}  // namespace
}  // namespace genesys::api
