// What pages may want of encryption, with the whole control side in memory.
#include <gmock/gmock.h>

#include "gateway_fixture.hpp"
#include "plugin/srtp_wish.hpp"
#include "util/log.hpp"

namespace genesys::plugin {
namespace {

using sdp::SrtpPolicy;
using testing::HasSubstr;
using testing::Not;
using Wish = api::SrtpWish;
using Kind = Wish::Kind;

sdp::SrtpTerms terms(SrtpPolicy policy) {
  return {policy, {&media::aesCm128Sha1Tag80(), &media::aes128Gcm()}};
}

/// "", "optional", "mandatory" or the error.
std::string decided(SrtpPolicy dn, const Wish& wish) {
  const auto found = srtpTerms(terms(dn), wish, "call");
  if (!found) return found.error().message;
  if (!found.value()) return "";
  return found.value()->policy == SrtpPolicy::Mandatory ? "mandatory" : "optional";
}

TEST(SrtpTerms, APageMayAskForMoreThanItsDnDoesAndForNothingLess) {
  for (const auto dn : {SrtpPolicy::Off, SrtpPolicy::Optional, SrtpPolicy::Mandatory})
    EXPECT_EQ(decided(dn, {}), "");
  EXPECT_EQ(decided(SrtpPolicy::Off, {Kind::Optional, ""}), "call: SRTP is off for this DN");
  EXPECT_EQ(decided(SrtpPolicy::Off, {Kind::Mandatory, ""}), "call: SRTP is off for this DN");
  EXPECT_EQ(decided(SrtpPolicy::Optional, {Kind::Optional, ""}), "optional");
  EXPECT_EQ(decided(SrtpPolicy::Optional, {Kind::Mandatory, ""}), "mandatory");
  EXPECT_THAT(decided(SrtpPolicy::Mandatory, {Kind::Optional, ""}), HasSubstr("is mandatory"));
  EXPECT_EQ(decided(SrtpPolicy::Mandatory, {Kind::Mandatory, ""}), "mandatory");
}

TEST(SrtpTerms, AProfileNarrowsTheSuites) {
  const auto one =
      srtpTerms(terms(SrtpPolicy::Optional), {Kind::Optional, "AEAD_AES_128_GCM"}, "call");
  ASSERT_TRUE(one);
  EXPECT_THAT(one.value()->suites, testing::ElementsAre(&media::aes128Gcm()));
  for (const char* name : {"AEAD_AES_256_GCM", "ROT13"}) {
    const auto none = srtpTerms(terms(SrtpPolicy::Optional), {Kind::Optional, name}, "call");
    ASSERT_FALSE(none) << name;
    EXPECT_EQ(none.error().field, "srtp_profile");
  }
}

class SrtpCallsTest : public test::GatewayFixture {
 protected:
  ~SrtpCallsTest() override { setLogSink({}); }
  /// The gateway anew, with every DN at this policy.
  void use(SrtpPolicy policy) {
    setLogSink([this](LogLevel, const std::string& line) { log += line + "\n"; });
    for (auto& [number, dn] : config.dns)
      dn.srtp = {policy, {media::srtpSuites().begin(), media::srtpSuites().end()}};
    gateway = std::make_unique<Gateway>(GatewayParts{scheduler, media, pusher, config});
    auto owned = std::make_unique<sip::test::FakeUserAgent>();
    agent = owned.get();
    gateway->open(std::move(owned));
  }
  static std::string secureOffer() {
    std::string text = sip::test::kOffer;
    text.replace(text.find("RTP/AVP"), 7, "RTP/SAVP");
    return text + "a=crypto:" + sdp::toString(sdp::Crypto{1, {media::aes256Gcm(), kernelRandom}}) +
           "\r\n";
  }
  std::shared_ptr<sip::test::Wire> ring(const std::string& sdp) {
    auto wire = std::make_shared<sip::test::Wire>();
    sip::SipMessage message = sip::test::request(sdp);
    message.requestUser = "7002";
    gateway->invited(std::make_unique<sip::test::FakeDialog>(wire), message);
    return wire;
  }
  static api::Call callWith(Wish wish) {
    api::Call call;
    call.target = "5551234";
    call.srtp = std::move(wish);
    return call;
  }
  std::string log;
};

TEST_F(SrtpCallsTest, AnIncomingCallSaysWhatItAsksForAndWhatItGot) {
  use(SrtpPolicy::Optional);
  const Page page = signInWithAudio();
  ring(secureOffer());
  const auto incoming = page.janus->expect("incomingcall");
  EXPECT_EQ(std::get<api::IncomingCall>(*incoming.event).srtp, "sdes_mandatory");
  ask(page, api::Accept{});
  const auto accepted = page.janus->expect("accepted");
  EXPECT_EQ(std::get<api::Accepted>(*accepted.event).srtp, "AEAD_AES_256_GCM");
  EXPECT_TRUE(media.legs.back()->params.srtp);
  EXPECT_EQ(gateway->line("7002")->calls().at(0).srtp, "AEAD_AES_256_GCM");
}

TEST_F(SrtpCallsTest, ACallOfThePageIsOfferedAsThePageWantsIt) {
  use(SrtpPolicy::Optional);
  const Page page = signInWithAudio();
  ask(page, callWith({Kind::Mandatory, "AEAD_AES_128_GCM"}));
  const auto calling = page.janus->expect("calling");
  EXPECT_EQ(std::get<api::Calling>(*calling.event).srtp, "sdes_mandatory");
  const std::string sdp = agent->wire->sent.back().body.sdp;
  EXPECT_THAT(sdp, HasSubstr("RTP/SAVP"));
  EXPECT_THAT(sdp, HasSubstr("a=crypto:1 AEAD_AES_128_GCM"));
  EXPECT_THAT(sdp, Not(HasSubstr("a=crypto:2")));
}

TEST_F(SrtpCallsTest, WhatTheDnDoesNotAllowIsAnErrorAndNoCall) {
  use(SrtpPolicy::Mandatory);
  const Page page = signInWithAudio();
  ask(page, callWith({Kind::Optional, ""}));
  page.janus->expect("error invalid_field");
  EXPECT_TRUE(agent->wire->sent.empty());
  ask(page, callWith({}));
  page.janus->expect("calling");
  EXPECT_THAT(agent->wire->sent.back().body.sdp, HasSubstr("RTP/SAVP"));
}

TEST_F(SrtpCallsTest, APageThatInsistsDoesNotAnswerAPlainCall) {
  use(SrtpPolicy::Optional);
  const Page page = signInWithAudio();
  const auto wire = ring(sip::test::kOffer);
  EXPECT_EQ(std::get<api::IncomingCall>(*page.janus->expect("incomingcall").event).srtp, "");
  ask(page, api::Accept{std::nullopt, {}, {Kind::Mandatory, ""}});
  page.janus->expect("error invalid_field");
  EXPECT_EQ(wire->names().back(), "180") << "it rings on";
  ask(page, api::Accept{});
  EXPECT_EQ(std::get<api::Accepted>(*page.janus->expect("accepted").event).srtp, "");
}

TEST_F(SrtpCallsTest, KeysThatOthersCanReadAreWarnedOfAndNeverLogged) {
  use(SrtpPolicy::Off);
  EXPECT_THAT(log, Not(HasSubstr("SRTP")));
  use(SrtpPolicy::Optional);
  EXPECT_THAT(log, HasSubstr("2 DN(s) use SRTP, and their keys travel in SIP without TLS"));
  const Page page = signInWithAudio();
  ring(secureOffer());
  page.janus->expect("incomingcall");
  ask(page, api::Accept{});
  page.janus->expect("accepted");
  EXPECT_THAT(log, Not(HasSubstr("inline:")));
}

}  // namespace
}  // namespace genesys::plugin
