// Encryption in the whole call: what policies let through, and keys over holds, moves and
// re-INVITEs.
#include "sdp/srtp_agreement.hpp"
#include "sip/call_fixture.hpp"

namespace genesys::sip {
namespace {

using sdp::SrtpPolicy;
using test::kOffer;
using test::request;
using test::response;
using testing::HasSubstr;
using testing::Not;

const char* const kBlackHole =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\n"
    "t=0 0\r\nm=audio 10000 RTP/AVP 101 8 0 4 18 3\r\n";

class CallSrtpTest : public test::CallFixture {
 protected:
  void use(SrtpPolicy policy, bool outgoing = false) {
    CallFacts facts;
    facts.outgoing = outgoing;
    facts.peerUri = "sip:5551234@server";
    make(std::move(facts), {policy, {media::srtpSuites().begin(), media::srtpSuites().end()}});
  }
  static media::SrtpKey key() { return {media::aesCm128Sha1Tag80(), kernelRandom}; }
  /// An offer or answer of the far end, encrypted with `theirs`.
  static std::string secure(const media::SrtpKey& theirs, const char* protocol = "RTP/SAVP",
                            uint32_t tag = 1) {
    std::string text = kOffer;
    text.replace(text.find("RTP/AVP"), 7, protocol);
    return text + "a=crypto:" + sdp::toString(sdp::Crypto{tag, theirs}) + "\r\n";
  }
  /// What we sent last.
  sdp::Media described() const {
    const auto description = sdp::parse(wire->sent.back().body.sdp);
    return description ? description->media.at(0) : sdp::Media{};
  }
  void talkWith(const media::SrtpKey& theirs) {
    call->startIncoming(request(secure(theirs)));
    call->accept(true);
    wire->receive(AckReceived{request()});
    ASSERT_EQ(call->state(), CallMachine::State::Established);
  }
  const media::SrtpKeys& applied() const { return audio->applied.back().srtp.value(); }
};

TEST_F(CallSrtpTest, APlainCallIsRefusedWhereSrtpIsMandatory) {
  use(SrtpPolicy::Mandatory);
  call->startIncoming(request(kOffer));
  EXPECT_EQ(wire->names().back(), "488");
  EXPECT_TRUE(released);
}

TEST_F(CallSrtpTest, AnEncryptedCallIsRefusedWhereSrtpIsOff) {
  use(SrtpPolicy::Off);
  call->startIncoming(request(secure(key())));
  EXPECT_EQ(wire->names().back(), "488");
}

TEST_F(CallSrtpTest, AnEncryptedCallIsAnsweredWithAKeyOfOurs) {
  use(SrtpPolicy::Optional);
  const media::SrtpKey theirs = key();
  talkWith(theirs);
  EXPECT_EQ(call->facts().srtpAsked, SrtpPolicy::Mandatory);
  EXPECT_EQ(call->srtpSuite(), &media::aesCm128Sha1Tag80());
  EXPECT_EQ(applied().receive, theirs);
  EXPECT_NE(applied().send, theirs);
}

TEST_F(CallSrtpTest, APlainCallStaysPlainWhereSrtpIsOptional) {
  use(SrtpPolicy::Optional);
  talk();
  EXPECT_EQ(call->facts().srtpAsked, SrtpPolicy::Off);
  EXPECT_EQ(call->srtpSuite(), nullptr);
  EXPECT_FALSE(audio->applied.back().srtp);
  EXPECT_THAT(wire->sent[wire->sent.size() - 1].body.sdp, Not(HasSubstr("a=crypto")));
}

TEST_F(CallSrtpTest, HoldAndRetrieveKeepTheKey) {
  use(SrtpPolicy::Mandatory);
  const media::SrtpKey theirs = key();
  talkWith(theirs);
  const media::SrtpKey ours = applied().send;
  call->hold(sdp::Direction::SendOnly);
  ASSERT_EQ(described().crypto.size(), 1U);
  EXPECT_EQ(described().crypto[0].key, ours);
  EXPECT_EQ(described().protocol, "RTP/SAVP");
  wire->receive(InviteAnswered{response(200, secure(theirs) + "a=recvonly\r\n")});
  EXPECT_TRUE(call->holdState().local);
  call->unhold();
  wire->receive(InviteAnswered{response(200, secure(theirs))});
  EXPECT_EQ(applied(), (media::SrtpKeys{ours, theirs}));
}

// Hold by SIP Server, its black hole, music, and back: each far end gets a key that no other has,
// and the first one's own key counts again.
TEST_F(CallSrtpTest, MediaThatMoveToMusicAndBack) {
  use(SrtpPolicy::Mandatory);
  const media::SrtpKey anna = key();
  const media::SrtpKey music = key();
  talkWith(anna);
  const media::SrtpKey first = applied().send;
  wire->receive(InviteReceived{request(kBlackHole)});
  EXPECT_EQ(wire->names().back(), "200");
  EXPECT_EQ(applied(), (media::SrtpKeys{first, anna}));
  wire->receive(AckReceived{request()});
  wire->receive(InviteReceived{request(secure(music))});
  wire->receive(AckReceived{request()});
  EXPECT_NE(applied().send, first);
  EXPECT_EQ(applied().receive, music);
  wire->receive(InviteReceived{request(secure(anna))});
  EXPECT_EQ(applied().receive, anna);
  EXPECT_NE(applied().send, first);
}

TEST_F(CallSrtpTest, AReinviteWithoutSdpGetsAFreshKey) {
  use(SrtpPolicy::Optional);
  talkWith(key());
  const media::SrtpKey ours = applied().send;
  wire->receive(InviteReceived{request()});
  const auto offered = described().crypto;
  ASSERT_EQ(offered.size(), media::srtpSuites().size());
  EXPECT_NE(offered[0].key, ours);
  EXPECT_EQ(described().protocol, "RTP/AVP");
  const media::SrtpKey theirs = key();
  wire->receive(AckReceived{request(secure(theirs, "RTP/AVP"))});
  EXPECT_EQ(applied(), (media::SrtpKeys{offered[0].key, theirs}));
}

TEST_F(CallSrtpTest, OutgoingOptionalTakesEitherAnswer) {
  for (const bool encrypted : {true, false}) {
    use(SrtpPolicy::Optional, true);
    call->startOutgoing({});
    EXPECT_EQ(described().protocol, "RTP/AVP");
    EXPECT_EQ(described().crypto.size(), media::srtpSuites().size());
    wire->receive(InviteAnswered{response(200, encrypted ? secure(key()) : kOffer)});
    EXPECT_EQ(call->state(), CallMachine::State::Established);
    EXPECT_EQ(call->srtpSuite() != nullptr, encrypted);
  }
}

TEST_F(CallSrtpTest, OutgoingMandatoryEndsACallThatIsAnsweredInTheClear) {
  use(SrtpPolicy::Mandatory, true);
  call->startOutgoing({});
  EXPECT_EQ(described().protocol, "RTP/SAVP");
  wire->receive(InviteAnswered{response(200, kOffer)});
  EXPECT_EQ(wire->names().back(), "BYE");
  EXPECT_TRUE(audio->applied.empty());
}

TEST_F(CallSrtpTest, ThePageMayWantMoreIfTheCallerAllowsIt) {
  use(SrtpPolicy::Optional);
  call->startIncoming(request(kOffer));
  sdp::SrtpTerms terms = call->srtpTerms();
  terms.policy = SrtpPolicy::Mandatory;
  const auto used = call->useSrtp(terms);
  ASSERT_FALSE(used);
  EXPECT_THAT(used.error(), HasSubstr("SRTP is mandatory"));
  EXPECT_EQ(call->srtpTerms().policy, SrtpPolicy::Optional) << "as before";
  call->accept(true);
  EXPECT_EQ(wire->names().back(), "200");
}

TEST_F(CallSrtpTest, PlainEarlyMediaCannotBecomeMandatory) {
  use(SrtpPolicy::Optional);
  call->startIncoming(request(kOffer));
  call->sendProgress({});
  EXPECT_FALSE(call->useSrtp({SrtpPolicy::Mandatory, {&media::aes256Gcm()}}));
  EXPECT_TRUE(call->useSrtp({SrtpPolicy::Optional, {&media::aes256Gcm()}}));
}

TEST_F(CallSrtpTest, OneSuiteOfSeveral) {
  use(SrtpPolicy::Optional);
  call->startIncoming(request(
      secure(key()) +
      "a=crypto:" + sdp::toString(sdp::Crypto{2, {media::aes256Gcm(), kernelRandom}}) + "\r\n"));
  ASSERT_TRUE(call->useSrtp({SrtpPolicy::Mandatory, {&media::aes256Gcm()}}));
  call->accept(true);
  EXPECT_EQ(call->srtpSuite(), &media::aes256Gcm());
}

}  // namespace
}  // namespace genesys::sip
