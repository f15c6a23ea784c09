// Offers, answers and policies against each other: who ends up encrypted, and with which keys.
#include "sdp/srtp_agreement.hpp"

#include <gmock/gmock.h>

#include "sdp/srtp_texts.hpp"

namespace genesys::sdp {
namespace {

using test::audioOf;
using test::cryptoLine;
using test::keyOf;
using test::parsed;
using testing::HasSubstr;
using testing::Not;

const media::SrtpKey kOurs = keyOf(1);
const media::SrtpKey kTheirs = keyOf(9);

LocalAudio local(SrtpPolicy policy) {
  LocalAudio audio = test::srtpLocal(policy);
  if (policy != SrtpPolicy::Off) audio.srtp.fresh = {kOurs, keyOf(2, media::aes256Gcm())};
  return audio;
}

std::string theirLine(uint32_t tag = 1) {
  return cryptoLine({tag, kTheirs});
}

/// "plain", "srtp", or why not.
std::string answerTo(const std::string& offer, SrtpPolicy policy) {
  const auto answered = makeAnswer(parsed(offer), local(policy));
  if (!answered) return answered.error().reason;
  return answered->agreed.srtp ? "srtp" : "plain";
}

std::string answerOf(const std::string& answer, SrtpPolicy policy) {
  const auto agreed = acceptAnswer(makeOffer(local(policy)), parsed(answer));
  if (!agreed) return agreed.error().reason;
  return agreed->srtp ? "srtp" : "plain";
}

TEST(SrtpOffer, SaysWhatThePolicyIs) {
  EXPECT_THAT(toString(makeOffer(local(SrtpPolicy::Off))), Not(HasSubstr("a=crypto")));
  const std::string optional = toString(makeOffer(local(SrtpPolicy::Optional)));
  EXPECT_THAT(optional, HasSubstr("m=audio 30000 RTP/AVP "));
  EXPECT_THAT(optional, HasSubstr("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AQEB"));
  EXPECT_THAT(optional, HasSubstr("a=crypto:2 AEAD_AES_256_GCM inline:AgIC"));
  const std::string mandatory = toString(makeOffer(local(SrtpPolicy::Mandatory)));
  EXPECT_THAT(mandatory, HasSubstr("m=audio 30000 RTP/SAVP "));
  EXPECT_THAT(mandatory, HasSubstr("a=crypto:1 "));
}

TEST(SrtpOffer, KeepsTheKeyThatIsInUseAndNamesNoOther) {
  LocalAudio audio = local(SrtpPolicy::Optional);
  audio.srtp.inUse = {keyOf(7), kTheirs};
  const std::string offer = toString(makeOffer(audio));
  EXPECT_THAT(offer, HasSubstr(cryptoLine({1, keyOf(7)})));
  EXPECT_THAT(offer, Not(HasSubstr("a=crypto:2")));
}

// Rows: what is offered; columns: off, optional, mandatory.
TEST(SrtpAnswer, EveryOfferAgainstEveryPolicy) {
  struct Row {
    std::string offer;
    const char *off, *optional, *mandatory;
  };
  const std::string unusable = "a=crypto:1 F8_128_HMAC_SHA1_80 inline:x\r\n";
  const Row rows[] = {
      {audioOf("RTP/AVP"), "plain", "plain", "SRTP is mandatory"},
      {audioOf("RTP/AVP", theirLine()), "plain", "srtp", "srtp"},
      {audioOf("RTP/AVP", unusable), "plain", "plain", "no suite F8_128_HMAC_SHA1_80"},
      {audioOf("RTP/SAVP", theirLine()), "off here", "srtp", "srtp"},
      {audioOf("RTP/SAVPF", theirLine()), "off here", "srtp", "srtp"},
      {audioOf("RTP/SAVP"), "off here", "no a=crypto that can", "no a=crypto that can"},
      {audioOf("RTP/SAVP", unusable), "off here", "no suite F8", "no suite F8"},
      {audioOf("UDP/TLS/RTP/SAVP", theirLine()), "no audio line", "no audio line", "no audio line"},
      {audioOf("RTP/AVP", "", "0.0.0.0"), "plain", "plain", "plain"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(answerTo(row.offer, SrtpPolicy::Off), HasSubstr(row.off)) << row.offer;
    EXPECT_THAT(answerTo(row.offer, SrtpPolicy::Optional), HasSubstr(row.optional)) << row.offer;
    EXPECT_THAT(answerTo(row.offer, SrtpPolicy::Mandatory), HasSubstr(row.mandatory)) << row.offer;
  }
}

TEST(SrtpAnswer, SaysTheSameProfileAndTagWithAKeyOfItsOwn) {
  const auto answered =
      makeAnswer(parsed(audioOf("RTP/SAVP", theirLine(5))), local(SrtpPolicy::Optional));
  ASSERT_TRUE(answered.ok());
  EXPECT_EQ(answered->agreed.srtp, (media::SrtpKeys{kOurs, kTheirs}));
  const std::string text = toString(answered->answer);
  EXPECT_THAT(text, HasSubstr("m=audio 30000 RTP/SAVP 8\r\n"));
  EXPECT_THAT(text, HasSubstr(cryptoLine({5, kOurs})));
  EXPECT_EQ(answered->answer.media[0].crypto.size(), 1U);
}

TEST(SrtpAnswer, TakesTheirFirstSuiteThatIsAllowed) {
  const media::SrtpKey gcm = keyOf(8, media::aes256Gcm());
  const auto answered =
      makeAnswer(parsed(audioOf("RTP/SAVP", cryptoLine({1, keyOf(3, media::aesCm128Sha1Tag32())}) +
                                                cryptoLine({2, gcm}) + theirLine(3))),
                 local(SrtpPolicy::Mandatory));
  ASSERT_TRUE(answered.ok());
  EXPECT_EQ(answered->agreed.srtp->receive, gcm);
  EXPECT_EQ(answered->agreed.srtp->send, keyOf(2, media::aes256Gcm()));
  EXPECT_THAT(answerTo(audioOf("RTP/SAVP", cryptoLine({1, keyOf(3, media::aesCm128Sha1Tag32())})),
                       SrtpPolicy::Optional),
              HasSubstr("none of its suites is allowed"));
}

TEST(SrtpAnswer, KeepsOurKeyForAFarEndThatHasKeptItsOwn) {
  LocalAudio audio = local(SrtpPolicy::Optional);
  audio.srtp.inUse = {keyOf(7), kTheirs};
  const auto kept = makeAnswer(parsed(audioOf("RTP/SAVP", theirLine())), audio);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept->agreed.srtp->send, keyOf(7));
  const auto changed = makeAnswer(parsed(audioOf("RTP/SAVP", cryptoLine({1, keyOf(10)}))), audio);
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(changed->agreed.srtp->send, kOurs);
}

// As Linksys and Cisco phones write "SRTP if you can".
TEST(SrtpAnswer, OfTwoAudioLinesTakesTheFirstThatThePolicyAllows) {
  const std::string both = audioOf("RTP/SAVP", theirLine()) + "m=audio 4006 RTP/AVP 8 0\r\n";
  const auto portOf = [&](SrtpPolicy policy) {
    const auto answered = makeAnswer(parsed(both), local(policy));
    EXPECT_TRUE(answered.ok());
    return answered.ok() ? answered->agreed.remotePort : 0;
  };
  EXPECT_EQ(portOf(SrtpPolicy::Off), 4006);
  EXPECT_EQ(portOf(SrtpPolicy::Optional), 4004);
  EXPECT_EQ(portOf(SrtpPolicy::Mandatory), 4004);
}

TEST(SrtpAnswered, EveryAnswerAgainstEveryPolicy) {
  struct Row {
    std::string answer;
    const char *off, *optional, *mandatory;
  };
  const std::string otherTag = theirLine(4);
  const std::string otherSuite = cryptoLine({1, keyOf(9, media::aes256Gcm())});
  const Row rows[] = {
      {audioOf("RTP/AVP"), "plain", "plain", "SRTP is mandatory"},
      {audioOf("RTP/AVP", theirLine()), "plain", "srtp", "srtp"},
      {audioOf("RTP/SAVP", theirLine()), "was not offered", "srtp", "srtp"},
      {audioOf("RTP/SAVP"), "no a=crypto that can", "no a=crypto that can", "no a=crypto that can"},
      {audioOf("RTP/AVP", otherTag), "plain", "was not offered", "was not offered"},
      {audioOf("RTP/SAVP", otherSuite), "was not offered", "was not offered", "was not offered"},
      {audioOf("RTP/AVP", "a=crypto:1 nonsense\r\n"), "plain", "no suite", "no suite"},
      {audioOf("RTP/AVP", "", "0.0.0.0"), "plain", "plain", "plain"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(answerOf(row.answer, SrtpPolicy::Off), HasSubstr(row.off)) << row.answer;
    EXPECT_THAT(answerOf(row.answer, SrtpPolicy::Optional), HasSubstr(row.optional)) << row.answer;
    EXPECT_THAT(answerOf(row.answer, SrtpPolicy::Mandatory), HasSubstr(row.mandatory))
        << row.answer;
  }
}

TEST(SrtpAnswered, TheTagSaysWhichOfOurKeysItIs) {
  const media::SrtpKey gcm = keyOf(9, media::aes256Gcm());
  const auto agreed = acceptAnswer(makeOffer(local(SrtpPolicy::Optional)),
                                   parsed(audioOf("RTP/AVP", cryptoLine({2, gcm}))));
  ASSERT_TRUE(agreed.ok());
  EXPECT_EQ(agreed->srtp, (media::SrtpKeys{keyOf(2, media::aes256Gcm()), gcm}));
}

TEST(SrtpAnswered, AnEchoOfOurOfferIsNobody) {
  const SessionDescription offer = makeOffer(local(SrtpPolicy::Mandatory));
  const auto agreed = acceptAnswer(offer, offer);
  ASSERT_TRUE(agreed.ok());
  EXPECT_EQ(agreed->remoteAddress, "");
  EXPECT_FALSE(agreed->srtp);
}

TEST(SrtpAsked, ByProfileAndUsableLines) {
  const auto asked = [](const std::string& text) { return srtpAskedBy(parsed(text).media.at(0)); };
  EXPECT_EQ(asked(audioOf("RTP/AVP")), SrtpPolicy::Off);
  EXPECT_EQ(asked(audioOf("RTP/AVP", theirLine())), SrtpPolicy::Optional);
  EXPECT_EQ(asked(audioOf("RTP/SAVP", theirLine())), SrtpPolicy::Mandatory);
  EXPECT_EQ(asked(audioOf("RTP/SAVP")), SrtpPolicy::Off);
}

}  // namespace
}  // namespace genesys::sdp
