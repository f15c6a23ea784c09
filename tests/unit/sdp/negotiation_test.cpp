#include "sdp/negotiation.hpp"

#include <gmock/gmock.h>

#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using test::parsed;
using testing::HasSubstr;
using Kind = NegotiationError::Kind;
using State = Negotiation::State;

LocalAudio local(Direction direction = Direction::SendRecv) {
  LocalAudio audio;
  audio.address = "192.0.2.7";
  audio.port = 30000;
  audio.codecs = {&media::pcmu(), &media::pcma()};
  audio.direction = direction;
  return audio;
}

class NegotiationTest : public testing::Test {
 protected:
  /// Offers and returns the version in o=.
  uint64_t offeredVersion(Direction direction = Direction::SendRecv) {
    const auto text = negotiation.offer(local(direction));
    EXPECT_TRUE(text.ok());
    return text.ok() ? parsed(text.value()).version : 0;
  }
  Negotiation negotiation{42};
};

TEST_F(NegotiationTest, TellsBeforehandWhetherItCanAnswer) {
  EXPECT_FALSE(negotiation.answerable(local()));
  ASSERT_TRUE(negotiation.takeOffer(test::kSoftphoneOffer).ok());
  EXPECT_TRUE(negotiation.answerable(local()));
  LocalAudio none = local();
  none.codecs.clear();
  EXPECT_FALSE(negotiation.answerable(none));
  EXPECT_EQ(negotiation.state(), State::RemoteOfferReceived);
}

TEST_F(NegotiationTest, IncomingCallThenOfferlessReInvite) {
  ASSERT_TRUE(negotiation.takeOffer(test::kSoftphoneOffer).ok());
  EXPECT_EQ(negotiation.state(), State::RemoteOfferReceived);
  const auto answer = negotiation.answer(local());
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(negotiation.state(), State::Idle);
  EXPECT_EQ(answer->agreed.remotePort, 4004);
  const SessionDescription first = parsed(answer->sdp);
  EXPECT_EQ(first.sessionId, 42u);
  EXPECT_EQ(first.version, 1u);

  // The full offer differs from the answer: one version more, same port.
  const auto offer = negotiation.offer(local());
  ASSERT_TRUE(offer.ok());
  const SessionDescription second = parsed(offer.value());
  EXPECT_EQ(second.sessionId, 42u);
  EXPECT_EQ(second.version, 2u);
  EXPECT_EQ(second.media[0].port, 30000);
  ASSERT_TRUE(negotiation.takeAnswer(test::kBlackHole).ok());
  EXPECT_EQ(negotiation.agreed()->remoteAddress, "");
}

TEST_F(NegotiationTest, VersionGrowsOnlyWhenTheTextDiffers) {
  EXPECT_EQ(offeredVersion(), 1u);
  ASSERT_TRUE(negotiation.takeAnswer(test::kSoftphoneOffer).ok());
  EXPECT_EQ(offeredVersion(), 1u);
  negotiation.reject();
  EXPECT_EQ(offeredVersion(Direction::SendOnly), 2u);
  negotiation.reject();
  EXPECT_EQ(offeredVersion(Direction::SendRecv), 3u);
}

TEST_F(NegotiationTest, LocalDirectionIsThatOfTheLastAgreement) {
  offeredVersion(Direction::SendOnly);
  EXPECT_EQ(negotiation.localDirection(), Direction::SendRecv);
  ASSERT_TRUE(negotiation.takeAnswer(test::kSoftphoneOffer).ok());
  EXPECT_EQ(negotiation.localDirection(), Direction::SendOnly);
  EXPECT_EQ(negotiation.agreed()->direction, Direction::SendOnly);
  offeredVersion(Direction::SendRecv);
  negotiation.reject();
  EXPECT_EQ(negotiation.localDirection(), Direction::SendOnly);
}

TEST_F(NegotiationTest, OneOfferAtATime) {
  offeredVersion();
  EXPECT_EQ(negotiation.offer(local()).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.takeOffer(test::kSoftphoneOffer).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.answer(local()).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.state(), State::LocalOfferSent);
  negotiation.reject();
  ASSERT_TRUE(negotiation.takeOffer(test::kSoftphoneOffer).ok());
  EXPECT_EQ(negotiation.takeOffer(test::kSoftphoneOffer).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.offer(local()).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.takeAnswer(test::kSoftphoneOffer).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.state(), State::RemoteOfferReceived);
}

TEST_F(NegotiationTest, NothingToAnswerInIdle) {
  EXPECT_EQ(negotiation.answer(local()).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.takeAnswer(test::kSoftphoneOffer).error().kind, Kind::WrongState);
  EXPECT_EQ(negotiation.takeEarlyAnswer(test::kSoftphoneOffer).error().kind, Kind::WrongState);
  negotiation.reject();
  EXPECT_EQ(negotiation.state(), State::Idle);
  EXPECT_FALSE(negotiation.agreed().has_value());
}

TEST_F(NegotiationTest, EarlyMediaMayDifferFromTheAnswer) {
  offeredVersion();
  ASSERT_TRUE(negotiation.takeEarlyAnswer(test::kSoftphoneOffer).ok());
  EXPECT_EQ(negotiation.state(), State::LocalOfferSent);
  EXPECT_EQ(negotiation.agreed()->remotePort, 4004);
  ASSERT_TRUE(negotiation.takeAnswer(test::kBlackHole).ok());
  EXPECT_EQ(negotiation.agreed()->remotePort, 10000);
}

TEST_F(NegotiationTest, ABadAnswerEndsTheOfferAndChangesNothing) {
  offeredVersion();
  ASSERT_TRUE(negotiation.takeAnswer(test::kSoftphoneOffer).ok());
  offeredVersion();
  const auto bad = negotiation.takeAnswer("v=0\r\nnonsense\r\n");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().kind, Kind::Malformed);
  EXPECT_THAT(bad.error().reason, HasSubstr("line 2"));
  EXPECT_EQ(negotiation.state(), State::Idle);
  EXPECT_EQ(negotiation.agreed()->remotePort, 4004);
}

TEST_F(NegotiationTest, RejectedEarlyMediaIsForgotten) {
  offeredVersion();
  ASSERT_TRUE(negotiation.takeEarlyAnswer(test::kSoftphoneOffer).ok());
  negotiation.reject();
  EXPECT_FALSE(negotiation.agreed().has_value());
}

TEST_F(NegotiationTest, AMalformedOfferLeavesItIdle) {
  EXPECT_EQ(negotiation.takeOffer("v=0").error().kind, Kind::Malformed);
  EXPECT_EQ(negotiation.state(), State::Idle);
}

TEST_F(NegotiationTest, AnOfferWithoutACommonCodecWaitsForItsRejection) {
  ASSERT_TRUE(negotiation
                  .takeOffer("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1\r\n"
                             "m=audio 4000 RTP/AVP 18\r\n")
                  .ok());
  EXPECT_EQ(negotiation.answer(local()).error().kind, Kind::Disagreed);
  EXPECT_EQ(negotiation.state(), State::RemoteOfferReceived);
  negotiation.reject();
  EXPECT_EQ(negotiation.state(), State::Idle);
}

}  // namespace
}  // namespace genesys::sdp
