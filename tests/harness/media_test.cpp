// Media callbacks in hostile order and with hostile packets, without a call.
#include "harness/genesys_fixture.hpp"

namespace genesys::harness {
namespace {

class MediaTest : public GenesysTest {};

TEST_F(MediaTest, HangUpWithoutSetUp) {
  start();
  auto handle = attached();
  handle->hangUpMedia();
  handle->hangUpMedia();
  EXPECT_TRUE(handle->settle());
  EXPECT_EQ(handle->hangUps(), 2u);
}

TEST_F(MediaTest, SetUpWithoutAnOffer) {
  start();
  auto handle = attached();
  handle->setUpMedia();
  handle->setUpMedia();
  handle->incomingRtp(opusPacket(1));
  EXPECT_TRUE(handle->settle());
  EXPECT_NE(handle->query(), "");
}

TEST_F(MediaTest, SetUpTwiceAndHangUpTwice) {
  startWithPeer();
  auto handle = signedIn("7001");
  handle->setUpMedia();
  handle->setUpMedia();
  for (uint16_t i = 0; i < 50; ++i) handle->incomingRtp(opusPacket(i));
  handle->hangUpMedia();
  handle->hangUpMedia();
  handle->incomingRtp(opusPacket(60));
  handle->setUpMedia();
  EXPECT_TRUE(handle->settle());
  handle->message(R"({"request":"query"})", "q");
  const auto answer = handle->events().answerTo("q");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->name, "registered");
}

TEST_F(MediaTest, PacketsBeforeSignInAndAfterHangUp) {
  startWithPeer();
  auto handle = attached();
  for (uint16_t i = 0; i < 20; ++i) handle->incomingRtp(opusPacket(i));
  EXPECT_TRUE(handle->settle());
  handle->message(signInRequest("7001"), "in", "offer", browserOffer());
  const auto answer = handle->events().answerTo("in");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->jsepType, "answer");
  // The answer is out, the PeerConnection not yet up.
  for (uint16_t i = 20; i < 40; ++i) handle->incomingRtp(opusPacket(i));
  handle->setUpMedia();
  handle->hangUpMedia();
  for (uint16_t i = 40; i < 60; ++i) handle->incomingRtp(opusPacket(i));
  EXPECT_TRUE(handle->settle());
  EXPECT_NE(handle->query(), "");
}

TEST_F(MediaTest, PacketsOfEverySizeAndContent) {
  startWithPeer();
  auto handle = signedIn("7001");
  for (const size_t size : {size_t{0}, size_t{1}, size_t{11}, size_t{12}, size_t{13}, size_t{1500},
                            size_t{1501}, size_t{9000}, size_t{65535}}) {
    handle->incomingRtp(std::vector<uint8_t>(size, 0xff));
    std::vector<uint8_t> plausible(size, 0);
    const std::vector<uint8_t> head = opusPacket(1);
    std::copy_n(head.begin(), std::min(size, head.size()), plausible.begin());
    handle->incomingRtp(plausible);
    handle->incomingRtcp(std::vector<uint8_t>(size, 0x81));
  }
  // CSRC count, extension and padding that run past the end; other payload types; other versions.
  for (const uint8_t first : {0x8f, 0x90, 0xa0, 0xbf, 0x00, 0xc0}) {
    std::vector<uint8_t> packet = opusPacket(2);
    packet[0] = first;
    packet.back() = 0xff;
    handle->incomingRtp(packet);
  }
  for (int type = 0; type < 128; ++type)
    handle->incomingRtp(opusPacket(3, static_cast<uint8_t>(type)));
  handle->incomingData(std::string(1000, 'x'));
  handle->slowLink();
  EXPECT_TRUE(handle->settle());
  EXPECT_NE(handle->query(), "");
}

TEST_F(MediaTest, ANullBufferIsIgnored) {
  startWithPeer();
  auto handle = signedIn("7001");
  janus_plugin_session stranger{};
  janus_plugin_rtp packet{};
  plugin.table()->incoming_rtp(&stranger, &packet);
  plugin.table()->incoming_rtp(&stranger, nullptr);
}

TEST_F(MediaTest, OfferAfterOffer) {
  startWithPeer();
  auto handle = signedIn("7001");
  for (int i = 0; i < 10; ++i) {
    const std::string id = "u" + std::to_string(i);
    handle->message(R"({"request":"update"})", id, "offer", browserOffer());
    if (i % 2 == 0) handle->setUpMedia();
    if (i % 3 == 0) handle->hangUpMedia();
    const auto answer = handle->events().answerTo(id);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->name, "updated") << answer->body;
    EXPECT_EQ(answer->jsepType, "answer");
  }
  EXPECT_TRUE(handle->settle());
}

}  // namespace
}  // namespace genesys::harness
