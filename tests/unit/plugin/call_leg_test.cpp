#include "plugin/call_leg.hpp"

#include <gtest/gtest.h>

namespace genesys::plugin {
namespace {

sdp::Agreed agreed(sdp::Direction direction) {
  sdp::Agreed agreed;
  agreed.send = {0, &media::pcmu()};
  agreed.receive = {{0, &media::pcmu()}, {8, &media::pcma()}};
  agreed.sendDigitsAs = 101;
  agreed.receiveDigitsAs = 96;
  agreed.remoteAddress = "192.0.2.9";
  agreed.remotePort = 40000;
  agreed.remoteRtcpPort = 40001;
  agreed.direction = direction;
  agreed.ptimeMs = 30;
  return agreed;
}

TEST(CallLeg, TellsTheMediaLegAllThatWasAgreed) {
  const auto params = CallLeg::toParams(agreed(sdp::Direction::SendRecv), true);
  EXPECT_EQ(params.send.codec, &media::pcmu());
  ASSERT_EQ(params.receive.size(), 2U);
  EXPECT_EQ(params.receive[1].payloadType, 8);
  EXPECT_EQ(params.sendDigitsAs, 101);
  EXPECT_EQ(params.receiveDigitsAs, 96);
  EXPECT_EQ(params.remoteRtp, (media::Endpoint{"192.0.2.9", 40000}));
  EXPECT_EQ(params.remoteRtcp, (media::Endpoint{"192.0.2.9", 40001}));
  EXPECT_EQ(params.ptimeMs, 30);
}

TEST(CallLeg, HandsTheKeysOn) {
  EXPECT_FALSE(CallLeg::toParams(agreed(sdp::Direction::SendRecv), true).srtp);
  sdp::Agreed encrypted = agreed(sdp::Direction::SendRecv);
  encrypted.srtp = {media::SrtpKey(media::aes128Gcm(), kernelRandom),
                    media::SrtpKey(media::aes128Gcm(), kernelRandom)};
  EXPECT_EQ(CallLeg::toParams(encrypted, true).srtp, encrypted.srtp);
}

TEST(CallLeg, KnowsWhichWayItFlows) {
  const auto check = [](sdp::Direction direction, bool sending, bool receiving) {
    const auto params = CallLeg::toParams(agreed(direction), true);
    EXPECT_EQ(params.sending, sending);
    EXPECT_EQ(params.receiving, receiving);
  };
  check(sdp::Direction::SendRecv, true, true);
  check(sdp::Direction::SendOnly, true, false);
  check(sdp::Direction::RecvOnly, false, true);
  check(sdp::Direction::Inactive, false, false);
}

TEST(CallLeg, DigitsAreTonesWhereNoTelephoneEventIsAgreedOn) {
  sdp::Agreed plain = agreed(sdp::Direction::SendRecv);
  EXPECT_FALSE(CallLeg::toParams(plain, true).digitsAsTones);
  plain.sendDigitsAs = plain.receiveDigitsAs = std::nullopt;
  EXPECT_TRUE(CallLeg::toParams(plain, true).digitsAsTones);
  EXPECT_FALSE(CallLeg::toParams(plain, false).digitsAsTones);
}

TEST(CallLeg, ABlackHoleGetsNothing) {
  sdp::Agreed hole = agreed(sdp::Direction::SendRecv);
  hole.remoteAddress.clear();
  EXPECT_FALSE(CallLeg::toParams(hole, true).remoteRtp);
  EXPECT_FALSE(CallLeg::toParams(hole, true).remoteRtcp);
}

}  // namespace
}  // namespace genesys::plugin
