// Attach, detach and everything between in the wrong order. Nobody is at SIP Server's address.
#include <thread>

#include "harness/genesys_fixture.hpp"

namespace genesys::harness {
namespace {

class HandlesTest : public GenesysTest {
 protected:
  HandlesTest() { start(); }
};

TEST_F(HandlesTest, AttachAndDetachLeaveNothing) {
  for (int i = 0; i < 200; ++i) attached();
  EXPECT_TRUE(FakeCore::instance().waitForSessions(0));
}

TEST_F(HandlesTest, ManyAtOnce) {
  std::vector<std::unique_ptr<FakeHandle>> handles;
  for (int i = 0; i < 50; ++i) handles.push_back(attached());
  EXPECT_EQ(FakeCore::instance().sessions(), 50u);
  handles.clear();
  EXPECT_TRUE(FakeCore::instance().waitForSessions(0));
}

TEST_F(HandlesTest, DestroyedTwice) {
  auto handle = attached();
  handle->callEvenIfDetached();
  handle->detach();
  handle->destroyAgain();
  handle->destroyAgain();
  EXPECT_TRUE(handle->settle());
}

TEST_F(HandlesTest, AnythingAfterDestroy) {
  auto handle = attached();
  handle->message(signInRequest("7001"));
  handle->callEvenIfDetached();
  handle->detach();
  ASSERT_TRUE(handle->settle());
  const Reply reply = handle->message(signInRequest("7001"));
  EXPECT_FALSE(reply.none);
  EXPECT_EQ(reply.type, JANUS_PLUGIN_ERROR);
  handle->setUpMedia();
  handle->incomingRtp(opusPacket(1));
  handle->incomingRtcp({0x80, 200, 0, 1, 0, 0, 0, 0});
  handle->incomingData("x");
  handle->slowLink();
  handle->hangUpMedia();
  EXPECT_TRUE(handle->settle());
  handle->query();
}

TEST_F(HandlesTest, AnUnknownHandle) {
  janus_plugin_session stranger{};
  stranger.ref = {1, [](const janus_refcount*) {}};
  janus_plugin* const table = plugin.table();
  janus_plugin_result* const result =
      table->handle_message(&stranger, g_strdup("t"), json_object(), nullptr);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(result->type, JANUS_PLUGIN_ERROR);
  janus_plugin_result_destroy(result);
  std::vector<uint8_t> packet = opusPacket(1);
  janus_plugin_rtp rtp{};
  rtp.buffer = reinterpret_cast<char*>(packet.data());
  rtp.length = static_cast<uint16_t>(packet.size());
  table->setup_media(&stranger);
  table->incoming_rtp(&stranger, &rtp);
  table->hangup_media(&stranger);
  json_decref(table->query_session(&stranger));
  int error = 0;
  table->destroy_session(&stranger, &error);
  EXPECT_NE(error, 0);
}

TEST_F(HandlesTest, DestroyInAStormOfMessages) {
  for (int round = 0; round < 20; ++round) {
    auto handle = attached();
    handle->callEvenIfDetached();
    std::atomic<int> running{3};
    std::vector<std::thread> storm;
    for (int t = 0; t < 3; ++t)
      storm.emplace_back([&, t] {
        for (int i = 0; i < 30; ++i) {
          const bool signIn = (i + t) % 3 == 0;
          const Reply reply =
              handle->message(signIn ? signInRequest("7001") : R"({"request":"query"})");
          EXPECT_FALSE(reply.none);
        }
        --running;
      });
    handle->detach();
    for (std::thread& thread : storm) thread.join();
    EXPECT_TRUE(handle->settle());
    EXPECT_EQ(handle->message("{}").type, JANUS_PLUGIN_ERROR);
  }
}

TEST_F(HandlesTest, DetachWhileTheAdministratorAsks) {
  std::atomic<bool> stopping{false};
  std::thread asking([&] {
    while (!stopping) {
      const Json request(json_pack("{ss}", "request", "status"));
      const Json answer(plugin.table()->handle_admin_message(request.get()));
      EXPECT_TRUE(answer != nullptr);
    }
  });
  for (int i = 0; i < 50; ++i) {
    auto handle = attached();
    handle->message(signInRequest("7002"));
    handle->query();
  }
  stopping = true;
  asking.join();
}

}  // namespace
}  // namespace genesys::harness
