// The fake core itself, proven with a plugin that does nothing but echo.
#include <gmock/gmock.h>

#include "harness/fake_handle.hpp"
#include "harness/loaded_plugin.hpp"
#include "harness/log_book.hpp"

namespace genesys::harness {
namespace {

using testing::HasSubstr;

class FakeCoreTest : public testing::Test {
 protected:
  FakeCoreTest() : plugin(PROBE_PLUGIN) { EXPECT_EQ(plugin.init("somewhere"), 0); }
  ~FakeCoreTest() override {
    EXPECT_TRUE(FakeCore::instance().waitForSessions(0));
    EXPECT_EQ(FakeCore::instance().violations(), "");
  }
  LoadedPlugin plugin;
};

TEST_F(FakeCoreTest, LogsAndInitResultArrive) {
  EXPECT_TRUE(LogBook::instance().waitFor("configuration in somewhere", kDeadline));
  EXPECT_LT(plugin.init("refuse"), 0);
}

TEST_F(FakeCoreTest, AMissingPluginIsAnError) {
  EXPECT_THROW(LoadedPlugin("/nowhere/libnone.so"), std::runtime_error);
}

TEST_F(FakeCoreTest, MessagesAreAnsweredByEvents) {
  FakeHandle handle(plugin.table());
  ASSERT_EQ(handle.attach(), 0);
  const Reply reply = handle.message(R"({"x":1})", "t1", "offer", "v=0");
  EXPECT_EQ(reply.type, JANUS_PLUGIN_OK_WAIT);
  const auto event = handle.events().answerTo("t1");
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->name, "echo");
  EXPECT_EQ(event->jsepType, "offer");
  EXPECT_EQ(event->sdp, "v=0");
  EXPECT_THAT(event->body, HasSubstr(R"("x":1)"));
  EXPECT_EQ(handle.query(), R"({"probe":"here"})");
}

TEST_F(FakeCoreTest, RtpGoesThroughTheLoop) {
  FakeHandle handle(plugin.table());
  ASSERT_EQ(handle.attach(), 0);
  std::vector<uint8_t> packet(20, 7);
  packet[0] = 0x80;
  handle.incomingRtp(packet);
  ASSERT_TRUE(handle.waitForPackets(1));
  EXPECT_EQ(handle.lastPacket(), packet);
}

TEST_F(FakeCoreTest, DetachedHandlesGetNothingAndAreFreed) {
  FakeHandle handle(plugin.table());
  ASSERT_EQ(handle.attach(), 0);
  EXPECT_EQ(FakeCore::instance().sessions(), 1u);
  handle.detach();
  ASSERT_TRUE(handle.settle());
  EXPECT_EQ(handle.hangUps(), 1u);
  EXPECT_EQ(FakeCore::instance().sessions(), 0u);
  EXPECT_EQ(handle.message("{}").type, JANUS_PLUGIN_ERROR);
  EXPECT_EQ(handle.events().size(), 0u);
}

TEST_F(FakeCoreTest, EventsOfADeadSessionAreDropped) {
  FakeHandle handle(plugin.table());
  ASSERT_EQ(handle.attach(), 0);
  handle.callEvenIfDetached();
  handle.detach();
  ASSERT_TRUE(handle.settle());
  EXPECT_EQ(handle.message("{}").type, JANUS_PLUGIN_OK_WAIT);
  EXPECT_EQ(handle.events().size(), 0u);
}

TEST_F(FakeCoreTest, ThePluginMayCloseAndEnd) {
  FakeHandle handle(plugin.table());
  ASSERT_EQ(handle.attach(), 0);
  handle.message(R"({"do":"close"})");
  ASSERT_TRUE(handle.settle());
  EXPECT_EQ(handle.hangUps(), 1u);
  handle.message(R"({"do":"end"})");
  EXPECT_TRUE(FakeCore::instance().waitForSessions(0));
}

TEST_F(FakeCoreTest, HeldJsepBlocksThePushingThread) {
  FakeHandle handle(plugin.table());
  ASSERT_EQ(handle.attach(), 0);
  FakeCore::instance().holdJsep(true);
  std::thread pusher([&] { handle.message("{}", "slow", "offer", "v=0"); });
  handle.message("{}", "quick");
  EXPECT_TRUE(handle.events().answerTo("quick").has_value());
  EXPECT_FALSE(handle.events().answerTo("slow", std::chrono::milliseconds(50)).has_value());
  FakeCore::instance().holdJsep(false);
  EXPECT_TRUE(handle.events().answerTo("slow").has_value());
  pusher.join();
}

TEST(FakeCoreRules, BadPacketsAreNoticed) {
  const LoadedPlugin plugin(PROBE_PLUGIN);
  FakeHandle handle(plugin.table());
  // Without init() the probe has no callbacks; it was initialised by the tests above or is now.
  LoadedPlugin running(PROBE_PLUGIN);
  ASSERT_EQ(running.init("x"), 0);
  ASSERT_EQ(handle.attach(), 0);
  handle.incomingRtp(std::vector<uint8_t>(1600, 0x80));
  ASSERT_TRUE(handle.settle());
  EXPECT_THAT(FakeCore::instance().violations(), HasSubstr("wrong size"));
}

}  // namespace
}  // namespace genesys::harness
