// Requests of an administrator, and what they do.
#include "plugin/admin.hpp"

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class AdminTest : public test::GatewayFixture {
 protected:
  api::Json asked(const std::string& request) {
    const api::Json json(json_loads(request.c_str(), 0, nullptr));
    EXPECT_TRUE(json) << request;
    return adminAnswer(*gateway, json.get());
  }
  static std::string text(const api::Json& json, const char* name) {
    const char* value = json_string_value(json_object_get(json.get(), name));
    return value != nullptr ? value : "";
  }
  static json_int_t number(const api::Json& json, const char* name) {
    return json_integer_value(json_object_get(json.get(), name));
  }
  static bool flag(const api::Json& json, const char* name) {
    return json_is_true(json_object_get(json.get(), name));
  }
  static api::IncomingCall incoming(const Page& page) {
    return std::get<api::IncomingCall>(*page.janus->expect("incomingcall").event);
  }
};

TEST_F(AdminTest, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(number(asked(R"({"request": "reboot"})"), "error_code"), 442);
  EXPECT_THAT(text(asked(R"({"request": "reboot"})"), "error"), HasSubstr("show_dn"));
  EXPECT_EQ(number(asked("{}"), "error_code"), 443);
  EXPECT_EQ(number(asked("[]"), "error_code"), 441);
  EXPECT_EQ(number(asked(R"({"request": "show_dn"})"), "error_code"), 443);
  EXPECT_EQ(number(asked(R"({"request": "show_dn", "dn": 7})"), "error_code"), 444);
  EXPECT_EQ(text(asked(R"({"request": "show_dn", "dn": "9"})"), "error_name"), "unknown_dn");
  EXPECT_EQ(text(asked(R"({"request": "show_call", "call_id": "9"})"), "error_name"),
            "no_such_call");
  EXPECT_EQ(text(asked(R"({"request": "drain", "on": 1})"), "field"), "on");
  EXPECT_FALSE(gateway->drain().on());
}

TEST_F(AdminTest, StatusCounts) {
  signIn();
  const auto status = asked(R"({"request": "status"})");
  EXPECT_EQ(number(status, "dns"), 2);
  EXPECT_EQ(number(status, "registered"), 1);
  EXPECT_EQ(number(status, "rtp_ports"), 5000);  // 30000-39999
  EXPECT_EQ(number(status, "rtp_ports_used"), 0);
  EXPECT_EQ(text(status, "server"), "192.0.2.81:5060");
  EXPECT_TRUE(flag(status, "server_answers"));
  EXPECT_FALSE(flag(status, "draining"));
}

TEST_F(AdminTest, AServerThatHasNotBeenAskedIsNeitherSilentNorWell) {
  EXPECT_EQ(json_object_get(asked(R"({"request": "status"})").get(), "server_answers"), nullptr);
  signIn("7001");
  scheduler.advance(Seconds(4));
  EXPECT_TRUE(
      json_is_false(json_object_get(asked(R"({"request": "status"})").get(), "server_answers")));
}

TEST_F(AdminTest, ShowsADnAndWhyItIsNotInService) {
  const auto before = asked(R"({"request": "show_dn", "dn": "7002"})");
  EXPECT_FALSE(flag(before, "in_service"));
  EXPECT_EQ(text(before, "cause"), "no_agent");
  signIn();
  const auto after = asked(R"({"request": "show_dn", "dn": "7002"})");
  EXPECT_TRUE(flag(after, "in_service"));
  EXPECT_THAT(text(after, "why"), HasSubstr("dn:7002 is signed in"));
}

TEST_F(AdminTest, UnregistersUntilToldOtherwise) {
  const Page page = signInWithAudio();
  const auto off = asked(R"({"request": "unregister_dn", "dn": "7002"})");
  EXPECT_EQ(text(off, "registration"), "unregistering");
  EXPECT_EQ(agent->registers.back(), "QUERY");
  sip::RegistrationMachine::Answer gone;
  gone.status = 200;
  agent->port->answer(gone);
  const auto told = page.janus->expect("registration_failed");
  EXPECT_THAT(std::get<api::RegistrationFailed>(*told.event).reason, HasSubstr("operator"));
  EXPECT_THAT(page.janus->names(), Not(Contains("unregistered")));
  ask(page, api::Call{"5551234", {}, false});
  page.janus->expect("error not_in_service");

  // Who signs in meanwhile is told, and nothing registers.
  const size_t before = agent->registers.size();
  const Page other = open();
  ask(other, credentials("7002"));
  other.janus->expect("registration_failed");
  EXPECT_EQ(agent->registers.size(), before);

  asked(R"({"request": "register_dn", "dn": "7002"})");
  EXPECT_EQ(agent->registers.back(), "REGISTER 1800");
}

TEST_F(AdminTest, RegisteringAFailedDnDoesNotWait) {
  const Page page = open();
  ask(page, credentials("7002"));
  sip::RegistrationMachine::Answer unknown;
  unknown.status = 404;
  agent->port->answer(unknown);
  agent->registers.clear();
  asked(R"({"request": "register_dn", "dn": "7002"})");
  EXPECT_THAT(agent->registers, Contains("REGISTER 1800"));
}

TEST_F(AdminTest, ADnThatNeverRegistersCannotBeMadeTo) {
  config.dns["7002"].registerWhen = settings::RegisterWhen::Never;
  reopen();
  for (const char* request : {"register_dn", "unregister_dn"})
    EXPECT_EQ(
        text(asked(std::string(R"({"dn": "7002", "request": ")") + request + "\"}"), "error_name"),
        "wrong_state");
}

TEST_F(AdminTest, ShowsAndEndsACall) {
  const Page page = signInWithAudio();
  const auto wire = invite();
  const std::string id = incoming(page).callId;
  ask(page, api::Accept{});
  page.janus->expect("accepted");
  wire->receive(sip::AckReceived{sip::test::request()});
  const auto shown = asked(R"({"request": "show_call", "call_id": ")" + id + "\"}");
  EXPECT_EQ(text(shown, "dn"), "7002");
  EXPECT_EQ(text(shown, "state"), "established");
  EXPECT_EQ(text(shown, "sip_call_id"), "A-1@server");
  asked(R"({"request": "hangup_call", "call_id": ")" + id + "\"}");
  const auto hungUp = page.janus->expect("hangup");
  EXPECT_THAT(std::get<api::HungUp>(*hungUp.event).reason, HasSubstr("operator"));
  EXPECT_EQ(wire->names().back(), "BYE");
}

TEST_F(AdminTest, TracesForAWhile) {
  const auto on = asked(R"({"request": "trace", "dn": "7002", "minutes": 2})");
  ASSERT_TRUE(agent->tapped);
  const json_t* first = json_array_get(json_object_get(on.get(), "traces"), 0);
  EXPECT_STREQ(json_string_value(json_object_get(first, "dn")), "7002");
  EXPECT_EQ(json_integer_value(json_object_get(first, "left_s")), 120);
  scheduler.advance(Seconds(119));
  EXPECT_TRUE(agent->tapped);
  scheduler.advance(Seconds(1));
  EXPECT_FALSE(agent->tapped);
}

TEST_F(AdminTest, TracesUntilToldOtherwise) {
  asked(R"({"request": "trace", "dn": "7001"})");
  asked(R"({"request": "trace", "dn": "7002"})");
  asked(R"({"request": "trace", "dn": "7001", "on": false})");
  EXPECT_TRUE(agent->tapped);
  asked(R"({"request": "trace", "dn": "7002", "on": false})");
  EXPECT_FALSE(agent->tapped);
  EXPECT_EQ(text(asked(R"({"request": "trace", "dn": "7002", "minutes": 0})"), "field"), "minutes");
  EXPECT_EQ(text(asked(R"({"request": "trace", "dn": "7999"})"), "error_name"), "unknown_dn");
}

}  // namespace
}  // namespace genesys::plugin
