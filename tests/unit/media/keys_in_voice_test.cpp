// Digits as tones in the audio of both halves of a SIP leg: what one sends, the other finds.
#include <gtest/gtest.h>

#include "captured.hpp"
#include "media/g711.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

class KeysInVoice : public testing::Test {
 protected:
  void SetUp() override {
    configure(true);
    receiver.configure({{0, &pcmu()}}, std::nullopt, true);
  }
  void configure(bool tones, const Codec* codec = &pcmu()) {
    SipSender::Params params;
    params.codec = codec;
    params.digitsAsTones = tones;
    sender.configure(params, out.now);
  }
  /// The agent speaks, and the far end takes in what goes out, but for one packet in `lossOf`.
  void talk(Millis time, size_t lossOf = SIZE_MAX) {
    for (const MonoTime end = out.now + time; out.now < end; out.now += 20ms) {
      sender.voice({test::tone(300, 8000, 160, 6000, spoken), 8000}, out.now);
      spoken += 160;
      for (; taken < out.packets.size(); ++taken)
        if (taken % lossOf != lossOf - 1) take(out.packets[taken]);
    }
  }
  void take(const test::Sent& packet) {
    const auto heard = receiver.received({packet.header, packet.payload}, out.now);
    for (const auto& key : heard.keys) found(key);
  }
  void found(const DigitReceiver::Key& key) {
    keys += key.digit;
    lengths.push_back(key.duration);
  }
  void queue(const std::string& digits, Millis duration) {
    for (const char digit : digits) ASSERT_TRUE(sender.queueDigit(digit, duration));
  }

  test::Captured out;
  StreamGauge sent, received;
  Random random{5};
  SipSender sender{out, sent, random};
  SipReceiver receiver{received};
  size_t spoken = 0;
  size_t taken = 0;
  std::string keys;
  std::vector<Millis> lengths;
};

TEST_F(KeysInVoice, EachIsFoundOnce) {
  talk(200ms);
  queue("1234567890*#ABCD", 60ms);
  talk(3s);
  EXPECT_EQ(keys, "1234567890*#ABCD");
  queue("5", 600ms);
  talk(1s);
  EXPECT_EQ(keys.back(), '5');
  EXPECT_NEAR(static_cast<double>(lengths.back().count()), 600, 15);
}

TEST_F(KeysInVoice, TheStreamStaysUnbrokenAndTheVoiceComesBack) {
  talk(200ms);
  queue("77", 100ms);
  talk(1s);
  for (size_t i = 1; i < out.packets.size(); ++i) {
    ASSERT_EQ(out.packets[i].header.timestamp, out.packets[i - 1].header.timestamp + 160);
    ASSERT_EQ(out.packets[i].header.payloadType, 0);
  }
  std::vector<int16_t> pcm(160);
  decodeG711(muLaw(), out.packets.back().payload, pcm);
  EXPECT_GT(test::shareAt(300, 8000, pcm), 0.95);
}

TEST_F(KeysInVoice, ALostPacketDoesNotDoubleAKey) {
  talk(200ms);
  queue("369#", 200ms);
  talk(2s, 7);
  EXPECT_EQ(keys, "369#");
}

TEST_F(KeysInVoice, ALongLossReleases) {
  talk(200ms);
  queue("4", 400ms);
  talk(200ms);
  taken += 5;  // packets that never come
  talk(1s);
  EXPECT_EQ(keys, "44") << "nobody knows what was in between";
}

TEST_F(KeysInVoice, APauseOfTheFarEndReleases) {
  talk(200ms);
  queue("8", 400ms);
  talk(200ms);
  const RtpHeader last = out.packets.back().header;
  const std::vector<uint8_t> noise{60};
  take({{false, 13, static_cast<uint16_t>(last.sequence + 1), last.timestamp + 160, last.ssrc},
        noise});
  EXPECT_EQ(keys, "8");
}

TEST_F(KeysInVoice, SilenceOfTheNetworkReleases) {
  talk(200ms);
  queue("8", 400ms);
  talk(200ms);
  EXPECT_EQ(keys, "");
  const auto key = receiver.run(receiver.due());
  ASSERT_TRUE(key);
  EXPECT_EQ(key->digit, '8');
}

TEST_F(KeysInVoice, OnlyWhereItIsWanted) {
  receiver.configure({{0, &pcmu()}}, 101);
  queue("1", 100ms);
  talk(1s);
  EXPECT_EQ(keys, "");
  configure(false);
  EXPECT_FALSE(sender.queueDigit('1', 100ms));
}

TEST_F(KeysInVoice, HoldForgetsWhatWaits) {
  talk(200ms);
  queue("123", 100ms);
  configure(true, nullptr);
  configure(true);
  talk(1s);
  EXPECT_EQ(keys, "");
}

}  // namespace
}  // namespace genesys::media
