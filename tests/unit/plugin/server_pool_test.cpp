#include "plugin/server_pool.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using sip::ServerTarget;
using testing::Contains;
using testing::ElementsAre;

const ServerTarget kPrimary{"192.0.2.81", 5060};
const ServerTarget kBackup{"192.0.2.82", 5070};

class ServerPoolTest : public test::GatewayFixture {
 protected:
  ServerPoolTest() {
    config.sip.backups = {kBackup};
    reopen();
  }
  void answer(int status) {
    ASSERT_FALSE(agent->probes.empty());
    const auto probe = agent->probes.back();
    agent->probes.clear();
    probe.second(status, "");
    scheduler.advance(Millis(1));
  }
};

TEST_F(ServerPoolTest, TheFirstServerIsUsedAtOnceAndAskedLater) {
  EXPECT_THAT(agent->servers, ElementsAre(kPrimary));
  EXPECT_TRUE(agent->probes.empty());
  scheduler.advance(Millis(3000));
  ASSERT_EQ(agent->probes.size(), 1U);
  EXPECT_EQ(agent->probes[0].first, kPrimary);
  answer(200);
  EXPECT_THAT(agent->servers, ElementsAre(kPrimary));
}

TEST_F(ServerPoolTest, SilenceMovesTheDnsToTheBackupWithinTenSeconds) {
  signIn();
  agent->registers.clear();
  scheduler.advance(Millis(3000));  // probe
  scheduler.advance(Millis(2001));  // silence, and again
  scheduler.advance(Millis(2001));
  EXPECT_THAT(agent->servers, ElementsAre(kPrimary, kBackup));
  scheduler.advance(Millis(10));
  EXPECT_THAT(agent->registers, Contains("REGISTER 1800"));
}

TEST_F(ServerPoolTest, ACallOutlivesTheChangeAndItsReturn) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  scheduler.advance(Millis(3000));
  answer(503);
  answer(503);
  EXPECT_EQ(agent->servers.back(), kBackup);
  const size_t sent = wire->sent.size();
  agent->probes.clear();
  scheduler.advance(Millis(3000));
  ASSERT_EQ(agent->probes.size(), 2U);  // the better one, and the one in use
  for (int round = 0; round < 2; ++round) {
    for (const auto& [target, onAnswer] : std::exchange(agent->probes, {})) onAnswer(200, "OK");
    scheduler.advance(Millis(3000));
  }
  EXPECT_EQ(agent->servers.back(), kPrimary);
  EXPECT_EQ(wire->sent.size(), sent);
  EXPECT_EQ(gateway->line("7002")->dn().calls().size(), 1U);
}

TEST_F(ServerPoolTest, ALostConnectionHasTheDnsRegisterAnewButNotWithoutEnd) {
  signIn();
  agent->registers.clear();
  gateway->connectionLost(kBackup);  // not in use: nobody is registered there
  scheduler.advance(Millis(10));
  EXPECT_THAT(agent->registers, testing::IsEmpty());
  gateway->connectionLost(kPrimary);
  scheduler.advance(Millis(10));
  EXPECT_THAT(agent->registers, Contains("REGISTER 1800"));
  agent->registers.clear();
  sip::RegistrationMachine::Answer ok;
  ok.status = 200;
  ok.granted = Seconds(1800);
  agent->port->answer(ok);
  gateway->connectionLost(kPrimary);
  gateway->connectionLost(kPrimary);
  scheduler.advance(Millis(1000));
  EXPECT_THAT(agent->registers, testing::IsEmpty());
  for (int s = 0; s < 10; ++s) scheduler.advance(Millis(1000));
  EXPECT_EQ(std::ranges::count(agent->registers, "REGISTER 1800"), 1);
}

class TwoSitesTest : public test::GatewayFixture {
 protected:
  TwoSitesTest() {
    config.secondSite = settings::SiteServers{"192.0.2.91", 5060, false, {}, "192.0.2.91", ""};
    gateway = std::make_unique<Gateway>(GatewayParts{scheduler, media, pusher, config});
    auto owned = std::make_unique<sip::test::FakeUserAgent>();
    agent = owned.get();
    gateway->open(std::move(owned));
  }
  sip::SiteRegistrations& dn() { return gateway->line("7002")->dn().registration(); }
};

TEST_F(TwoSitesTest, ADnRegistersWithBothAndAnAskedSiteThatFallsSilentIsNotUsed) {
  EXPECT_THAT(agent->secondServers, ElementsAre(ServerTarget{"192.0.2.91", 5060}));
  signIn();
  sip::RegistrationMachine::Answer ok;
  ok.status = 200;
  ok.granted = Seconds(1800);
  agent->secondPort->answer(ok);
  EXPECT_EQ(dn().serving(), 0U);
  EXPECT_EQ(dn().peerOf(0), 1U);
  scheduler.advance(Millis(3000));
  ASSERT_EQ(agent->probes.size(), 2U) << "one server each, asked all the same";
  for (int round = 0; round < 2; ++round) {
    for (const auto& [target, onAnswer] : std::exchange(agent->probes, {}))
      onAnswer(target == kPrimary ? 408 : 200, "");
    scheduler.advance(Millis(20));
  }
  scheduler.advance(Millis(4000));  // its REGISTER is not answered
  EXPECT_TRUE(dn().state().inService());
  EXPECT_EQ(dn().serving(), 1U);
  EXPECT_EQ(agent->servers.size(), 2U);
  EXPECT_EQ(agent->secondServers.size(), 1U);
}

}  // namespace
}  // namespace genesys::plugin
