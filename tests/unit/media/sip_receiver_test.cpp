#include "media/sip_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "captured.hpp"
#include "media/g711.hpp"
#include "media/level.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// Writes down what it is told: "160" is voice, "lost 20", "pause", "noise -65".
class Listener : public VoiceSink {
 public:
  uint32_t sampleRate() const override { return 8000; }
  void voice(const Pcm& pcm, MonoTime) override {
    told.push_back(std::to_string(pcm.samples.size()));
    heard.insert(heard.end(), pcm.samples.begin(), pcm.samples.end());
  }
  void lost(SendClock::Duration missing, MonoTime) override {
    told.push_back("lost " + std::to_string(missing / 1ms));
  }
  void pause(MonoTime) override { told.push_back("pause"); }
  void noise(int dbov, MonoTime) override { told.push_back("noise " + std::to_string(dbov)); }
  SendClock::Duration owed(MonoTime) const override { return {}; }

  std::vector<std::string> told;
  std::vector<int16_t> heard;
};

class SipReceiverTest : public testing::Test {
 protected:
  void SetUp() override {
    receiver.configure({{0, &pcmu()}, {97, &pcma()}}, 101);
    receiver.setSink(&listener);
  }
  SipReceiver::Heard put(uint8_t payloadType, uint16_t sequence, uint32_t timestamp,
                         std::span<const uint8_t> payload, uint32_t ssrc = 1) {
    now += 20ms;
    return receiver.received({{false, payloadType, sequence, timestamp, ssrc}, payload}, now);
  }
  SipReceiver::Heard voice(uint16_t sequence, uint32_t timestamp, uint32_t ssrc = 1,
                           size_t samples = 160, uint8_t payloadType = 0) {
    return put(payloadType, sequence, timestamp, std::vector<uint8_t>(samples, 0xff), ssrc);
  }
  SipReceiver::Heard event(uint16_t sequence, uint32_t timestamp, uint16_t duration, bool end,
                           uint8_t code = 5) {
    std::vector<uint8_t> payload(4);
    writeTelephoneEvent({.event = code, .end = end, .duration = duration}, payload);
    return put(101, sequence, timestamp, payload);
  }
  std::vector<std::string> told() { return std::exchange(listener.told, {}); }

  MonoTime now = test::startOfTime();
  StreamGauge gauge;
  Listener listener;
  SipReceiver receiver{gauge};
};

TEST_F(SipReceiverTest, DecodesEitherLaw) {
  for (const bool a : {false, true}) {
    listener.heard.clear();
    std::vector<uint8_t> payload(160);
    for (uint16_t i = a ? 20 : 0; i < (a ? 40 : 20); ++i) {
      encodeG711(a ? aLaw() : muLaw(), test::tone(500, 8000, 160, 8000, i * 160U), payload);
      const auto heard = put(a ? 97 : 0, i, i * 160U, payload);
      EXPECT_EQ(heard.voice, a ? &pcma() : &pcmu());
    }
    EXPECT_EQ(listener.heard.size(), 3200U);
    EXPECT_GT(test::shareAt(500, 8000, listener.heard), 0.99);
  }
  EXPECT_EQ(gauge.packets.get(), 40U);
  EXPECT_EQ(gauge.octets.get(), 6400U);
  EXPECT_NEAR(gauge.read().levelDbov, -15, 1);
}

TEST_F(SipReceiverTest, LossIsToldWithItsLength) {
  voice(1, 160);
  voice(4, 640);
  EXPECT_THAT(told(), ElementsAre("pause", "160", "lost 40", "160"));
  EXPECT_EQ(gauge.lost.get(), 2U);
}

TEST_F(SipReceiverTest, OddLengthsAreMeasured) {
  voice(1, 0, 1, 240);
  voice(2, 240, 1, 240);
  voice(4, 720, 1, 240);
  voice(5, 960, 1, 81);
  voice(6, 1041, 1, 80);
  EXPECT_THAT(told(), ElementsAre("pause", "240", "240", "lost 30", "240", "81", "80"));
}

TEST_F(SipReceiverTest, JumpsArePauses) {
  voice(1, 160);
  told();
  voice(2, 500000);
  EXPECT_THAT(told(), ElementsAre("pause", "160"));
  voice(3, 500160, 2);  // another SSRC
  EXPECT_THAT(told(), ElementsAre("pause", "160"));
  voice(40000, 500320, 2);
  EXPECT_THAT(told(), ElementsAre("pause", "160"));
  voice(40003, 7, 2);  // loss and a jump at once
  EXPECT_THAT(told(), ElementsAre("pause", "160"));
  voice(40004, 167, 2);
  EXPECT_THAT(told(), ElementsAre("160"));
  EXPECT_EQ(gauge.lost.get(), 2U);
}

TEST_F(SipReceiverTest, LateAndDuplicatePacketsAreNotHeard) {
  voice(1, 160);
  voice(3, 480);
  told();
  voice(2, 320);
  voice(3, 480);
  EXPECT_THAT(told(), ElementsAre());
  EXPECT_EQ(gauge.late.get(), 2U);
}

TEST_F(SipReceiverTest, UnknownPayloadsAreIgnoredAndNotMissed) {
  voice(1, 160);
  EXPECT_FALSE(put(120, 2, 320, std::vector<uint8_t>(30)).good);
  voice(3, 320);
  EXPECT_THAT(told(), ElementsAre("pause", "160", "160"));
  EXPECT_EQ(gauge.ignored.get(), 1U);
  EXPECT_EQ(gauge.lost.get(), 0U);
  EXPECT_FALSE(voice(4, 480, 1, 0).good);  // empty
}

TEST_F(SipReceiverTest, StaticPayloadTypesNeedNoNegotiation) {
  EXPECT_EQ(voice(1, 160, 1, 160, 8).voice, &pcma());
}

TEST_F(SipReceiverTest, ComfortNoiseComesUninvited) {
  voice(1, 160);
  const std::vector<uint8_t> level{58};
  EXPECT_TRUE(put(13, 2, 320, level).good);
  voice(3, 16000);
  EXPECT_THAT(told(), ElementsAre("pause", "160", "noise -58", "pause", "160"));
  EXPECT_EQ(gauge.comfortNoise.get(), 1U);
  EXPECT_EQ(gauge.ignored.get(), 0U);
}

TEST_F(SipReceiverTest, ADigitIsToldOnceAndCutOut) {
  voice(1, 160);
  told();
  EXPECT_TRUE(event(2, 320, 160, false).keys.empty());
  EXPECT_TRUE(event(3, 320, 320, false).keys.empty());
  voice(4, 640);  // the tone beside the events
  EXPECT_EQ(listener.heard.size(), 160U);
  const auto released = event(5, 320, 640, true).keys;
  ASSERT_EQ(released.size(), 1U);
  EXPECT_EQ(released[0].digit, '5');
  EXPECT_EQ(released[0].duration, 80ms);
  EXPECT_TRUE(event(6, 320, 640, true).keys.empty());
  EXPECT_TRUE(event(7, 320, 640, true).keys.empty());
  told();
  voice(8, 1280);
  EXPECT_THAT(told(), ElementsAre("pause", "160"));
  EXPECT_EQ(gauge.lost.get(), 0U);
}

TEST_F(SipReceiverTest, AKeyWithoutAnEndIsReleasedByTime) {
  event(2, 320, 160, false);
  EXPECT_FALSE(receiver.run(now + 199ms));
  EXPECT_EQ(receiver.due(), now + 200ms);
  EXPECT_EQ(receiver.run(now + 200ms)->digit, '5');
  EXPECT_EQ(receiver.due(), MonoTime::max());
}

TEST_F(SipReceiverTest, MalformedEventsAreIgnored) {
  EXPECT_FALSE(put(101, 1, 1, std::vector<uint8_t>(3)).good);
  EXPECT_FALSE(event(2, 320, 160, true, 200).good);
  EXPECT_EQ(gauge.ignored.get(), 2U);
}

TEST_F(SipReceiverTest, CountsWithoutAListenerAndReadsSilenceAfterwards) {
  receiver.setSink(nullptr);
  std::vector<uint8_t> payload(160);
  encodeG711(muLaw(), test::tone(500, 8000, 160), payload);
  for (uint16_t i = 0; i < 10; ++i) put(0, i, i * 160U, payload);
  EXPECT_EQ(gauge.packets.get(), 10U);
  EXPECT_GT(gauge.read().levelDbov, -20);
  receiver.run(receiver.due());
  EXPECT_EQ(gauge.read().levelDbov, -127);
  EXPECT_THAT(told(), ElementsAre());
}

TEST_F(SipReceiverTest, GainIsForTheListener) {
  const auto level = [&](uint16_t from) {
    listener.heard.clear();
    std::vector<uint8_t> payload(160);
    for (uint16_t i = from; i < from + 20; ++i) {
      encodeG711(muLaw(), test::tone(500, 8000, 160, 2000, i * 160U), payload);
      put(0, i, i * 160U, payload);
    }
    return levelDbov(std::span(listener.heard).last(1600));
  };
  const int before = level(0);
  receiver.setLevel({12, false}, now);
  EXPECT_NEAR(level(20), before + 12, 1);
  EXPECT_NEAR(gauge.read().levelDbov, before, 1) << "as it came";
  receiver.setLevel({-6, false}, now);
  EXPECT_NEAR(level(40), before - 6, 1);
}

TEST_F(SipReceiverTest, AMutedFarEndIsNotHeard) {
  voice(1, 160);
  told();
  receiver.setLevel({0, true}, now);
  voice(2, 320);
  EXPECT_THAT(told(), ElementsAre("pause", "noise -65"));
  EXPECT_EQ(event(3, 480, 160, true).keys.size(), 1U) << "its keys are";
  receiver.setLevel({}, now);
  told();
  voice(4, 640);
  EXPECT_EQ(listener.told.back(), "160");
}

}  // namespace
}  // namespace genesys::media
