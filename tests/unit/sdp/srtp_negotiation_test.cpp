// The keys of one dialog over its life: when ours stays, and when it has to be a new one.
#include <gmock/gmock.h>

#include "sdp/negotiation.hpp"
#include "sdp/srtp_texts.hpp"

namespace genesys::sdp {
namespace {

using test::audioOf;
using test::cryptoLine;
using test::keyOf;
using test::parsed;
using test::srtpLocal;
using testing::HasSubstr;
using testing::Not;

const media::SrtpKey kAnna = keyOf(101);
const media::SrtpKey kMusic = keyOf(102);

class SrtpNegotiationTest : public testing::Test {
 protected:
  static std::string from(const media::SrtpKey& key, uint32_t tag = 1) {
    return audioOf("RTP/SAVP", cryptoLine({tag, key}));
  }
  /// Answers an offer and returns our key.
  media::SrtpKey answer(const std::string& offer) {
    EXPECT_TRUE(negotiation.takeOffer(offer).ok());
    const auto answered = negotiation.answer(local);
    EXPECT_TRUE(answered.ok()) << answered.error().reason;
    return answered.ok() && answered->agreed.srtp ? answered->agreed.srtp->send : media::SrtpKey();
  }
  /// The keys in an offer of ours.
  std::vector<Crypto> offer(Answerer answerer = Answerer::Peer) {
    const auto text = negotiation.offer(local, answerer);
    EXPECT_TRUE(text.ok());
    return text.ok() ? parsed(text.value()).media.at(0).crypto : std::vector<Crypto>{};
  }
  void takeAnswer(const std::string& answer) {
    const auto agreed = negotiation.takeAnswer(answer);
    ASSERT_TRUE(agreed.ok()) << agreed.error().reason;
  }
  const media::SrtpKeys& inUse() { return negotiation.agreed()->srtp.value(); }

  LocalAudio local = srtpLocal(SrtpPolicy::Mandatory);
  Negotiation negotiation{42, test::countingSecrets()};
};

TEST_F(SrtpNegotiationTest, AnIncomingCallKeepsItsKeyThroughHoldAndRefresh) {
  const media::SrtpKey ours = answer(from(kAnna));
  EXPECT_EQ(answer(from(kAnna)), ours);
  EXPECT_EQ(answer(from(kAnna) + "a=sendonly\r\n"), ours);
  const auto lines = offer();  // our own hold
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].key, ours);
  takeAnswer(from(kAnna));
  EXPECT_EQ(inUse(), (media::SrtpKeys{ours, kAnna}));
}

TEST_F(SrtpNegotiationTest, TheSameOfferTwiceIsTheSameText) {
  answer(from(kAnna));
  const auto first = negotiation.offer(local);
  takeAnswer(from(kAnna));
  const auto second = negotiation.offer(local);
  EXPECT_EQ(first.value(), second.value());
}

TEST_F(SrtpNegotiationTest, AFarEndWithAnotherKeyGetsAnotherKey) {
  const media::SrtpKey first = answer(from(kAnna));
  const media::SrtpKey second = answer(from(kMusic));
  EXPECT_NE(second, first);
  EXPECT_NE(answer(from(kAnna)), first);
}

TEST_F(SrtpNegotiationTest, WhoeverAnswersAnOfferlessInviteGetsAnotherKey) {
  const media::SrtpKey ours = answer(from(kAnna));
  const auto lines = offer(Answerer::Anybody);
  ASSERT_EQ(lines.size(), 2U) << "every suite: who answers is not known";
  EXPECT_NE(lines[0].key, ours);
  takeAnswer(from(kMusic));
  EXPECT_EQ(inUse(), (media::SrtpKeys{lines[0].key, kMusic}));
}

TEST_F(SrtpNegotiationTest, ARefusedOfferChangesNoKey) {
  const media::SrtpKey ours = answer(from(kAnna));
  offer(Answerer::Anybody);
  negotiation.reject();
  EXPECT_EQ(inUse().send, ours);
  EXPECT_EQ(offer().at(0).key, ours);
}

// Our hold is answered by a music server: it has got a key that another far end knows, and the next
// description has a new one.
TEST_F(SrtpNegotiationTest, AnAnswerFromSomebodyElseMakesTheNextKeyNew) {
  const media::SrtpKey ours = answer(from(kAnna));
  EXPECT_EQ(offer().at(0).key, ours);
  takeAnswer(from(kMusic));
  EXPECT_EQ(inUse().send, ours);
  const auto lines = offer();
  EXPECT_NE(lines.at(0).key, ours);
  takeAnswer(from(kAnna));
  EXPECT_EQ(inUse().send, lines.at(0).key);
  EXPECT_EQ(offer().at(0).key, lines.at(0).key) << "new once, not each time";
}

TEST_F(SrtpNegotiationTest, ABlackHoleNeedsNoKeyAndForgetsNone) {
  const media::SrtpKey ours = answer(from(kAnna));
  ASSERT_TRUE(negotiation.takeOffer(test::kBlackHole).ok());
  const auto held = negotiation.answer(local);
  ASSERT_TRUE(held.ok()) << held.error().reason;
  EXPECT_THAT(held->sdp, Not(HasSubstr("a=crypto")));
  EXPECT_THAT(held->sdp, HasSubstr("RTP/AVP"));
  EXPECT_EQ(held->agreed.srtp, (media::SrtpKeys{ours, kAnna}));
  EXPECT_EQ(answer(from(kAnna)), ours);
}

TEST_F(SrtpNegotiationTest, AChangeOfSuiteIsAChangeOfKey) {
  const media::SrtpKey first = answer(from(kAnna));
  const media::SrtpKey gcm = answer(from(keyOf(103, media::aes256Gcm())));
  EXPECT_EQ(&gcm.suite(), &media::aes256Gcm());
  EXPECT_NE(answer(from(kAnna)), first) << "a key once left is never used again";
}

TEST_F(SrtpNegotiationTest, APeerThatChosePlainIsNotAskedAgainButANewOneIs) {
  local = srtpLocal(SrtpPolicy::Optional);
  EXPECT_EQ(offer().size(), 2U);
  takeAnswer(audioOf("RTP/AVP"));
  EXPECT_EQ(negotiation.agreed()->srtp, std::nullopt);
  EXPECT_TRUE(offer().empty());
  takeAnswer(audioOf("RTP/AVP"));
  EXPECT_EQ(offer(Answerer::Anybody).size(), 2U);
}

TEST_F(SrtpNegotiationTest, OnlyAnOfferThatWaitsAsks) {
  EXPECT_EQ(negotiation.srtpAsked(), SrtpPolicy::Off);
  ASSERT_TRUE(negotiation.takeOffer(from(kAnna)).ok());
  EXPECT_EQ(negotiation.srtpAsked(), SrtpPolicy::Mandatory);
  EXPECT_TRUE(negotiation.answerable(local));
  EXPECT_FALSE(negotiation.answerable(srtpLocal(SrtpPolicy::Off)));
}

TEST_F(SrtpNegotiationTest, TheKernelsKeysAreNeverTheSame) {
  Negotiation one(1, kernelRandom);
  Negotiation other(2, kernelRandom);
  EXPECT_NE(parsed(one.offer(local).value()).media[0].crypto[0].key,
            parsed(other.offer(local).value()).media[0].crypto[0].key);
}

}  // namespace
}  // namespace genesys::sdp
