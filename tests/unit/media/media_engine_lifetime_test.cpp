#include "media/media_engine.hpp"

#include "engine_fixture.hpp"

namespace genesys::media {
namespace {

using namespace test;

TEST_F(MediaEngineTest, PortsRunOutAndComeBackAfterQuarantine) {
  EngineConfig config;
  config.workers = 1;
  config.bindAddress = "127.0.0.1";
  config.ports = {static_cast<uint16_t>(sip->localPort()),
                  static_cast<uint16_t>(sip->localPort() + 1)};
  config.portQuarantine = 300ms;
  const auto small = make(config);
  const auto taken = small->openSipLeg(0, {});
  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().find("port"), std::string::npos);
  sip->close();
  EXPECT_TRUE(eventually([&] { return bool(small->openSipLeg(0, {})); }));
}

TEST_F(MediaEngineTest, JoiningTakesTheBrowserFromTheOtherCall) {
  auto second = engine->openSipLeg(1, {});
  ASSERT_TRUE(second);
  const UdpPeer secondFar;
  configure(params(pcmu(), far));
  second.value()->configure(params(pcmu(), secondFar));
  ASSERT_TRUE(eventually([&] { return second.value()->counters().sent.packets > 0; }));
  sip->join(browser);
  speak(pcmu(), 5);
  ASSERT_TRUE(sink->waitFor(5));
  second.value()->join(browser);
  uint16_t sequence = 1;
  ASSERT_TRUE(eventually([&] {  // the join is a message, too
    secondFar.sendRtp({true, 0, sequence, sequence * 160U, 5}, std::vector<uint8_t>(kFrame),
                      second.value()->localPort());
    sequence++;
    return sink->packets().size() >= 6;
  }));
  const auto packets = sink->packets();
  EXPECT_EQ(packets[5].header.ssrc, packets[4].header.ssrc);
  EXPECT_EQ(packets[5].header.sequence, static_cast<uint16_t>(packets[4].header.sequence + 1));
  EXPECT_TRUE(packets[5].header.marker);
  second.value()->join(nullptr);
  second.value()->close();
}

TEST_F(MediaEngineTest, LegsOnDifferentWorkersAreNotJoined) {
  const auto elsewhere = engine->openBrowserLeg(0, sink);
  configure(params(pcmu(), far));
  sip->join(elsewhere);
  speak(pcmu(), 3);
  EXPECT_TRUE(eventually([&] { return sip->counters().received.packets == 3; }));
  EXPECT_TRUE(sink->packets().empty());
}

TEST_F(MediaEngineTest, LegsOutliveTheEngine) {
  sip->configure(params(pcmu(), far));
  sip->join(browser);
  talk(3);
  engine.reset();
  sip->configure(params(pcma(), far));
  sip->join(browser);
  sip->sendDigit('1', 100ms);
  talk(3);
  EXPECT_GT(sip->counters().sent.packets, 0U);
  EXPECT_GT(sip->localPort(), 0);
  sip->close();
  browser->close();
}

// Every call from two threads at once while media flows; the sanitizers judge.
TEST_F(MediaEngineTest, AnyThreadMayCall) {
  std::thread packets([&] { talk(30); });
  std::thread control([&] {
    for (int i = 0; i < 100; ++i) {
      sip->configure(params(i % 2 ? pcmu() : pcma(), far));
      sip->join(i % 3 ? browser : nullptr);
      sip->sendDigit('5', 40ms);
      browser->setOpusPayloadType(111);
      sip->counters();
      browser->counters();
      std::this_thread::sleep_for(2ms);
    }
    sip->close();
  });
  for (int i = 0; i < 50; ++i) {
    auto extra = engine->openSipLeg(static_cast<unsigned>(i), {});
    ASSERT_TRUE(extra);
    extra.value()->configure(params(pcmu(), far));
  }
  control.join();
  packets.join();
}

TEST(MediaEngineConfig, SpreadsKeysAndKeepsThem) {
  EngineConfig config;
  config.workers = 4;
  config.bindAddress = "127.0.0.1";
  auto made = makeMediaEngine(config);
  ASSERT_TRUE(made);
  std::vector<int> counts(4);
  for (int dn = 7000; dn < 8000; ++dn) {
    const unsigned worker = made.value()->workerFor(std::to_string(dn));
    ASSERT_LT(worker, 4U);
    EXPECT_EQ(made.value()->workerFor(std::to_string(dn)), worker);
    counts[worker]++;
  }
  for (const int count : counts) EXPECT_NEAR(count, 250, 80);
}

TEST(MediaEngineConfig, WrongSettingsAreNamed) {
  EngineConfig config;
  config.bindAddress = "localhost";
  EXPECT_NE(makeMediaEngine(config).error().find("'localhost'"), std::string::npos);
  config.bindAddress = "127.0.0.1";
  config.ports = {30001, 30002};
  EXPECT_NE(makeMediaEngine(config).error().find("30001-30002"), std::string::npos);
  config.ports = {};
  config.dscp = 64;
  EXPECT_NE(makeMediaEngine(config).error().find("dscp"), std::string::npos);
}

}  // namespace
}  // namespace genesys::media
