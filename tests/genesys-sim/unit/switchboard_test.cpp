// What the switchboard is made of and what it reads: referrals, user data, the conference bridge.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "call/call.hpp"
#include "call/referral.hpp"
#include "control/call_request.hpp"
#include "media/conference_room.hpp"
#include "media/tone_detector.hpp"

namespace genesys::sim {
namespace {

using Frame = std::vector<int16_t>;

SipMessage notify(const std::string& event, const std::string& state, const std::string& body) {
  SipMessage message;
  message.headers = {{"Event", event}, {"Subscription-State", state}};
  message.body = body;
  return message;
}

TEST(Referral, ReadsHowFarItIs) {
  Referral referral;
  EXPECT_FALSE(referral.read(notify("talk", "active", "SIP/2.0 200 OK")));
  EXPECT_TRUE(referral.read(notify("refer", "active;expires=60", "SIP/2.0 100 Trying\r\n")));
  EXPECT_FALSE(referral.succeeded());
  EXPECT_TRUE(
      referral.read(notify("refer;id=2", "terminated;reason=noresource", "SIP/2.0 200 OK")));
  EXPECT_EQ(referral.progress, (std::vector<int>{100, 200}));
  EXPECT_TRUE(referral.over && referral.succeeded());
}

TEST(Referral, FailsWithItsLastStatus) {
  Referral referral;
  referral.read(notify("refer", "active", "no status line"));
  EXPECT_TRUE(referral.progress.empty());
  referral.read(notify("refer", "terminated", "SIP/2.0 486 Busy Here"));
  EXPECT_TRUE(referral.over);
  EXPECT_FALSE(referral.succeeded());
}

TEST(ReferTo, NumberAndReplaces) {
  const auto blind = parseReferTo("<sip:5551234@192.0.2.1:5060;transport=udp>");
  ASSERT_TRUE(blind);
  EXPECT_EQ(blind->user, "5551234");
  EXPECT_EQ(blind->replaces, "");
  const auto attended =
      parseReferTo("\"A\" <sip:7002@h?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2&X=1>");
  ASSERT_TRUE(attended);
  EXPECT_EQ(attended->replaces, "a@b;to-tag=1;from-tag=2");
  const ReplacesValue value = parseReplaces(attended->replaces);
  EXPECT_EQ(value.callId, "a@b");
  EXPECT_EQ(value.toTag, "1");
  EXPECT_EQ(value.fromTag, "2");
  EXPECT_EQ(escapeForUri(attended->replaces), "a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2");
  for (const char* bad : {"", "<tel:5551234>", "<sip:host>", "<sip:@host>", "<sip:host>;x@y"})
    EXPECT_FALSE(parseReferTo(bad)) << bad;
}

TEST(UserData, FormEncoded) {
  const auto data = parseForm("Reason=broken+line&Customer=%2B49&bad&=x&Empty=");
  EXPECT_EQ(data.at("Reason"), "broken line");
  EXPECT_EQ(data.at("Customer"), "+49");
  EXPECT_EQ(data.at("Empty"), "");
  EXPECT_EQ(data.count("bad"), 0u);
  EXPECT_EQ(unescapeUri("100%"), "100%");
  EXPECT_EQ(unescapeUri("%zz%41"), "%zzA");
}

TEST(Requests, ConnectAndComplete) {
  const auto party = parseConnect(R"({"party": "music", "play": "tone:520", "at_media_server": true,
                                      "sdp": "twice", "new_call_uuid": true})");
  ASSERT_TRUE(party) << party.error();
  EXPECT_TRUE(party.value().atMediaServer && party.value().how.newCallUuid);
  EXPECT_EQ(party.value().how.sdp, "twice");
  EXPECT_EQ(parseConnect("{}").error(), "party: missing");
  EXPECT_NE(parseConnect(R"({"party": "x", "sdp": "hold"})").error().find("sdp"),
            std::string::npos);
  const auto conference = parseCompletion(R"({"consultation": "c2", "as": "conference"})");
  ASSERT_TRUE(conference);
  EXPECT_TRUE(conference.value().conference);
  EXPECT_EQ(conference.value().sdp, "twice");
  EXPECT_FALSE(parseCompletion(R"({"first": "second"})"));
  EXPECT_FALSE(parseCompletion(R"({"as": "merge"})"));
}

/// A second of what a seat hears while the others say their tones.
std::vector<int16_t> heard(AudioSource& listener,
                           const std::vector<std::pair<AudioSource*, double>>& speakers) {
  std::vector<int16_t> out;
  std::vector<Tone> tones;
  for (const auto& [seat, frequency] : speakers) tones.emplace_back(frequency, -20);
  for (int frame = 0; frame < 60; ++frame) {
    Frame said(kFrameSamples);
    for (size_t i = 0; i < speakers.size(); ++i) {
      tones[i].read(said);
      speakers[i].first->hear(said);
    }
    Frame mixed(kFrameSamples);
    listener.read(mixed);
    if (frame >= 10) out.insert(out.end(), mixed.begin(), mixed.end());
  }
  return out;
}

TEST(ConferenceRoom, EachHearsTheOthersAndTheGuests) {
  const SourceFactory sources;
  const auto room = std::make_shared<ConferenceRoom>(sources);
  EXPECT_FALSE(room->invite("tone:none"));
  const auto a = room->enter();
  auto b = room->enter();
  const auto forA = heard(*a, {{a.get(), 700}, {b.get(), 900}});
  EXPECT_NEAR(dominantFrequency(forA).value_or(0), 900, 3);
  EXPECT_NEAR(levelDbfs(forA), -20, 0.5);  // and not itself
  ASSERT_TRUE(room->invite("tone:440:-10"));
  const auto c = room->enter();
  const auto forC = heard(*c, {{a.get(), 700}, {b.get(), 900}});
  EXPECT_NEAR(dominantFrequency(forC).value_or(0), 440, 3);
  EXPECT_NEAR(levelDbfs(forC), -9.2, 0.5);  // -10, -20 and -20 together
  b.reset();
  const auto alone = heard(*a, {{a.get(), 700}});
  EXPECT_LT(levelDbfs(alone), -90);  // who has left is heard no more
}

}  // namespace
}  // namespace genesys::sim
