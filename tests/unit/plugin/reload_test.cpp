// A new configuration while the gateway runs: all of it or nothing, and no call is touched.
#include "plugin/reload.hpp"

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class ReloadTest : public test::GatewayFixture {
 protected:
  ReloadTest() {
    config.options["agent.max_calls"].text = "4";
    config.options["sip_server.local_port"].text = "5060";
  }
  api::Json reload(const settings::Config& next, ConfigTask task = ConfigTask::Reload) {
    return configAnswer(*gateway, task, LoadedConfig(next));
  }
  static bool flag(const api::Json& json, const char* name) {
    return json_is_true(json_object_get(json.get(), name));
  }
  static std::vector<std::string> texts(const api::Json& json, const char* name) {
    std::vector<std::string> found;
    const json_t* array = json_object_get(json.get(), name);
    for (size_t i = 0; i < json_array_size(array); ++i)
      found.emplace_back(json_string_value(json_array_get(array, i)));
    return found;
  }
  void answerRegister(Seconds granted) {
    sip::RegistrationMachine::Answer ok;
    ok.status = 200;
    ok.granted = granted;
    agent->port->answer(ok);
  }
};

TEST_F(ReloadTest, AWrongFileChangesNothing) {
  const api::Json answer =
      configAnswer(*gateway, ConfigTask::Reload,
                   LoadedConfig(Failure{settings::ConfigError{"genesys.jcfg", 14, "wrong"}}));
  EXPECT_FALSE(flag(answer, "valid"));
  EXPECT_FALSE(flag(answer, "applied"));
  EXPECT_EQ(json_integer_value(json_object_get(answer.get(), "line")), 14);
  EXPECT_STREQ(json_string_value(json_object_get(answer.get(), "reason")), "wrong");
}

TEST_F(ReloadTest, WhatNeedsARestartKeepsTheRestOutToo) {
  settings::Config next = config;
  next.options["sip_server.local_port"].text = "5070";
  next.agent.maxCalls = 1;
  next.options["agent.max_calls"].text = "1";
  next.dns.erase("7001");
  const auto answer = reload(next);
  EXPECT_TRUE(flag(answer, "valid"));
  EXPECT_TRUE(flag(answer, "restart"));
  EXPECT_FALSE(flag(answer, "applied"));
  EXPECT_EQ(json_array_size(json_object_get(answer.get(), "options")), 2U);
  EXPECT_EQ(config.agent.maxCalls, 4U);
  EXPECT_NE(gateway->line("7001"), nullptr);
}

TEST_F(ReloadTest, ACheckChangesNothing) {
  settings::Config next = config;
  next.dns.erase("7001");
  const auto answer = reload(next, ConfigTask::Check);
  EXPECT_THAT(texts(answer, "dns_removed"), ElementsAre("7001"));
  EXPECT_FALSE(flag(answer, "applied"));
  scheduler.advance(Seconds(1));
  EXPECT_NE(gateway->line("7001"), nullptr);
}

TEST_F(ReloadTest, ADnThatIsAddedWorks) {
  settings::Config next = config;
  next.dns["7003"] = next.dns["7002"];
  next.dns["7003"].number = "7003";
  next.dns["7003"].registerWhen = settings::RegisterWhen::Always;
  EXPECT_THAT(texts(reload(next), "dns_added"), ElementsAre("7003"));
  EXPECT_EQ(agent->registers.back(), "REGISTER 1800");
  answerRegister(Seconds(1800));
  const Page page = open();
  ask(page, credentials("7003", "password of 7002"));
  page.janus->expect("registered");
  EXPECT_THAT(invite("7003")->names(), ElementsAre("180"));
}

TEST_F(ReloadTest, AnIdleDnThatIsRemovedGoes) {
  const Page page = signIn();
  settings::Config next = config;
  next.dns.erase("7002");
  EXPECT_THAT(texts(reload(next), "dns_removed"), ElementsAre("7002"));
  page.janus->expect("unregistered");
  EXPECT_EQ(agent->registers.back(), "QUERY");
  EXPECT_THAT(invite("7002")->names(), ElementsAre("404"));
  answerRegister(Seconds(1800));  // still ours
  answerRegister(Seconds(0));
  scheduler.advance(Millis(1));
  EXPECT_EQ(gateway->line("7002"), nullptr);
  EXPECT_FALSE(config.dns.contains("7002"));
}

TEST_F(ReloadTest, ADnWithACallIsRemovedAfterIt) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  settings::Config next = config;
  next.dns.erase("7002");
  reload(next);
  scheduler.advance(Seconds(60));
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
  EXPECT_THAT(agent->registers, Not(Contains("QUERY")));
  EXPECT_THAT(invite("7002")->names(), ElementsAre("404"));
  ask(page, api::Call{"5551234", {}, false});
  page.janus->expect("error unknown_dn");

  // Its page may come back to the call.
  gateway->removeSession(page.id);
  const Page back = open();
  ask(back, credentials("7002"));
  back.janus->expect("registered");
  answerRegister(Seconds(1800));  // a sign-in has the DN registered anew

  wire->receive(sip::ByeReceived{sip::test::request()});
  back.janus->expect("hangup");
  scheduler.advance(Seconds(1));
  back.janus->expect("unregistered");
  answerRegister(Seconds(0));
  scheduler.advance(Millis(1));
  EXPECT_EQ(gateway->line("7002"), nullptr);
}

TEST_F(ReloadTest, ADnThatIsBackBeforeItsCallEndsStays) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  const settings::Config whole = config;
  settings::Config next = config;
  next.dns.erase("7002");
  reload(next);
  reload(whole);
  wire->receive(sip::ByeReceived{sip::test::request()});
  page.janus->expect("hangup");
  scheduler.advance(Seconds(1));
  EXPECT_THAT(page.janus->names(), Not(Contains("unregistered")));
  EXPECT_THAT(invite("7002")->names(), ElementsAre("180"));
}

TEST_F(ReloadTest, ANewPasswordIsTriedAtOnceAndTheCallGoesOn) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  agent->registers.clear();
  settings::Config next = config;
  next.dns["7002"].sipPassword = "another";
  EXPECT_THAT(texts(reload(next), "dns_changed"), ElementsAre("7002"));
  EXPECT_EQ(agent->port->password, "another");
  EXPECT_EQ(agent->registers.back(), "REGISTER 1800");
  EXPECT_THAT(wire->names(), ElementsAre("180", "200"));
}

TEST_F(ReloadTest, LimitsCountForNewCalls) {
  const Page page = signInWithAudio();
  talk(page);
  settings::Config next = config;
  next.agent.maxCalls = 1;
  next.options["agent.max_calls"].text = "1";
  EXPECT_TRUE(flag(reload(next), "applied"));
  EXPECT_THAT(invite()->names(), ElementsAre("486"));
}

TEST_F(ReloadTest, RegisterAlwaysAndNoMore) {
  settings::Config next = config;
  next.dns["7002"].registerWhen = settings::RegisterWhen::Always;
  reload(next);
  EXPECT_THAT(agent->registers, ElementsAre("REGISTER 1800"));
  answerRegister(Seconds(1800));
  next.dns["7002"].registerWhen = settings::RegisterWhen::OnSignIn;
  reload(next);
  EXPECT_EQ(agent->registers.back(), "QUERY");
}

TEST_F(ReloadTest, NewSignInRulesCountForThoseWhoComeNow) {
  const Page page = signIn();
  settings::Config next = config;
  next.dns["7001"].agentPassword = "another password";
  reload(next);
  const Page other = open();
  ask(other, credentials("7001"));
  other.janus->expect("error bad_credential");
  ask(other, credentials("7001", "another password"));
  other.janus->expect("registering");
  EXPECT_THAT(page.janus->names(), IsEmpty());
}

TEST_F(ReloadTest, TrunksMaySendFromNowOn) {
  settings::Config next = config;
  next.sip.trustedPeers = {"192.0.2.50"};
  next.dialPlan.trunks.push_back({"carrier", {"192.0.2.31"}});
  reload(next);
  EXPECT_THAT(agent->trusted, ElementsAre("192.0.2.50", "192.0.2.31"));
}

TEST_F(ReloadTest, ADnThatIsAddedToAGatewayThatDrainsStaysOut) {
  gateway->drain().begin();
  settings::Config next = config;
  next.dns["7003"] = next.dns["7002"];
  next.dns["7003"].number = "7003";
  next.dns["7003"].registerWhen = settings::RegisterWhen::Always;
  reload(next);
  EXPECT_THAT(agent->registers, IsEmpty());
  EXPECT_EQ(gateway->line("7003")->service().cause, DnCause::Draining);
}

}  // namespace
}  // namespace genesys::plugin
