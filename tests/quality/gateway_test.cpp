#include "gateway.hpp"

#include <gtest/gtest.h>

#include "media/rtp_packet.hpp"
#include "talker.hpp"

namespace genesys::quality {
namespace {

using namespace std::chrono_literals;

constexpr uint8_t kOpus = 111;

class GatewayTest : public testing::Test {
 protected:
  MonoTime start{1h};
  TimedPackets toBrowser;
  TimedPackets toSip;
  Gateway gateway{media::pcmu(),
                  start,
                  1,
                  {.toBrowser = [this](TimedPacket packet) { toBrowser.push_back(packet); },
                   .toSip = [this](TimedPacket packet) { toSip.push_back(packet); }}};
};

TEST_F(GatewayTest, AQuietCallIsAStreamOfComfortNoiseTowardsTheSipSide) {
  gateway.passTime(start + 990ms);
  ASSERT_EQ(toSip.size(), 50U);
  for (size_t i = 0; i < toSip.size(); ++i) EXPECT_EQ(toSip[i].at, start + i * 20ms);
  EXPECT_EQ(gateway.sipGauge().read().sent.comfortNoise, 50U);
  EXPECT_TRUE(toBrowser.empty());
}

TEST_F(GatewayTest, EachPacketGoesThroughAtOnce) {
  const std::vector<int16_t> pcm(8000, 1000);
  for (const TimedPacket& packet : talkFromPhone(pcm, media::pcmu(), {start})) {
    gateway.fromSip(packet);
    ASSERT_FALSE(toBrowser.empty());
    EXPECT_EQ(toBrowser.back().at, packet.at);
  }
  EXPECT_EQ(toBrowser.size(), 50U);
  for (const TimedPacket& packet :
       talkFromBrowser(pcm, {.captureRate = 8000}, {start + 2s}, kOpus)) {
    gateway.fromBrowser(packet);
    EXPECT_EQ(toSip.back().at, packet.at);
    EXPECT_EQ(media::parseRtp(toSip.back().datagram)->payload.size(), 160U);
  }
  EXPECT_EQ(gateway.browserGauge().read().received.packets, 50U);
}

}  // namespace
}  // namespace genesys::quality
