#include "media/browser_receiver.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "captured.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

constexpr double kHertz = 650;

class Listener : public VoiceSink {
 public:
  uint32_t sampleRate() const override { return rate; }
  void voice(const Pcm& pcm, MonoTime) override {
    EXPECT_EQ(pcm.sampleRate, rate);
    heard.insert(heard.end(), pcm.samples.begin(), pcm.samples.end());
  }
  void lost(SendClock::Duration, MonoTime) override { FAIL() << "the browser's loss is concealed"; }
  void pause(MonoTime) override { pauses++; }
  void noise(int, MonoTime) override {}
  SendClock::Duration owed(MonoTime) const override { return owes; }

  uint32_t rate = 8000;
  SendClock::Duration owes = 200ms;
  std::vector<int16_t> heard;
  int pauses = 0;
};

class BrowserReceiverTest : public testing::Test {
 protected:
  void SetUp() override { receiver.setSink(&listener); }

  /// What a browser sends: wide band with FEC.
  void encode(size_t count) {
    auto encoder = OpusVoiceEncoder::create(16000, {false, 5, 32000, true, 20});
    for (size_t i = 0; i < count; ++i) {
      std::vector<uint8_t> packet(1275);
      packet.resize(encoder->encode(test::tone(kHertz, 16000, 320, 8000, i * 320), packet));
      packets.push_back(packet);
    }
  }
  void put(size_t i, uint32_t ssrc = 1, uint8_t payloadType = 111) {
    const auto sequence = static_cast<uint16_t>(65000 + i);
    receiver.received(
        {{false, payloadType, sequence, static_cast<uint32_t>(i * 960), ssrc}, packets[i]}, now);
    now += 20ms;
  }

  MonoTime now = test::startOfTime();
  StreamGauge gauge;
  Listener listener;
  BrowserReceiver receiver{gauge};
  std::vector<std::vector<uint8_t>> packets;
};

TEST_F(BrowserReceiverTest, DecodesAtTheListenersRateWithoutDelay) {
  encode(50);
  for (size_t i = 0; i < 50; ++i) {
    put(i);
    ASSERT_EQ(listener.heard.size(), (i + 1) * 160);
  }
  EXPECT_GT(test::shareAt(kHertz, 8000, std::span(listener.heard).subspan(1600)), 0.98);
  EXPECT_EQ(gauge.packets.get(), 50U);
  EXPECT_EQ(gauge.concealed.get(), 0U);
  EXPECT_NEAR(gauge.read().levelDbov, -15, 2);
  listener.rate = 16000;
  listener.heard.clear();
  put(49);  // a duplicate
  EXPECT_EQ(gauge.late.get(), 1U);
  EXPECT_TRUE(listener.heard.empty());
}

TEST_F(BrowserReceiverTest, RepairsSingleLossByFec) {
  encode(100);
  for (size_t i = 0; i < 100; ++i)
    if (i % 10 != 5)
      put(i);
    else
      now += 20ms;
  EXPECT_EQ(listener.heard.size(), 16000U);
  EXPECT_EQ(gauge.concealed.get(), 10U);
  EXPECT_EQ(gauge.lost.get(), 10U);
  EXPECT_GT(test::shareAt(kHertz, 8000, std::span(listener.heard).subspan(1600)), 0.8);
}

TEST_F(BrowserReceiverTest, PutsPacketsBackInOrder) {
  encode(50);
  for (size_t i = 0; i < 50; i += 2) {
    put(i + 1 < 50 && i > 0 ? i + 1 : i);
    put(i + 1 < 50 && i > 0 ? i : i + 1);
  }
  EXPECT_EQ(listener.heard.size(), 8000U);
  EXPECT_EQ(gauge.concealed.get(), 0U);
  EXPECT_EQ(gauge.late.get(), 0U);
  EXPECT_GT(test::shareAt(kHertz, 8000, std::span(listener.heard).subspan(1600)), 0.98);
}

TEST_F(BrowserReceiverTest, GivesUpAMissingPacketInTime) {
  encode(10);
  put(0);
  receiver.received({{false, 111, static_cast<uint16_t>(65002), 1920, 1}, packets[2]}, now);
  EXPECT_EQ(listener.heard.size(), 160U);
  const MonoTime due = receiver.due();
  EXPECT_EQ(due, now + ReorderWindow::kLongestWait);
  receiver.run(due);
  EXPECT_EQ(listener.heard.size(), 480U);
}

TEST_F(BrowserReceiverTest, ConcealsNoMoreThanIsOwedAndThanMakesSense) {
  encode(60);
  put(0);
  listener.owes = 0ms;
  put(20);
  put(21);
  EXPECT_EQ(listener.heard.size(), 480U);
  listener.owes = 10s;
  put(50);
  put(51);
  EXPECT_EQ(listener.heard.size(), 480U + 5 * 160U + 320U);
  EXPECT_EQ(gauge.concealed.get(), 5U);
}

TEST_F(BrowserReceiverTest, MakesUpWhatIsMissingOnDemandAndDoesNotRepairItAgain) {
  encode(40);
  std::vector<int16_t> pcm(160);
  EXPECT_FALSE(receiver.conceal(pcm, 8000));  // nothing to go on from
  for (size_t i = 0; i < 20; ++i) put(i);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(receiver.conceal(pcm, 8000));
    EXPECT_GT(levelDbov(pcm), -25);
  }
  EXPECT_FALSE(receiver.conceal(pcm, 16000));
  put(23);
  put(24);
  EXPECT_EQ(listener.heard.size(), (20 + 1 + 2) * 160U);
  EXPECT_EQ(gauge.concealed.get(), 3U);
}

TEST_F(BrowserReceiverTest, MakesUpNoMoreThanMakesSense) {
  encode(10);
  std::vector<int16_t> pcm(160);
  put(0);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(receiver.conceal(pcm, 8000));
    EXPECT_FALSE(receiver.conceal(pcm, 8000));
    put(1 + static_cast<size_t>(round));
  }
  EXPECT_EQ(listener.heard.size(), 480U);
  receiver.setSink(nullptr);
  receiver.setSink(&listener);
  EXPECT_FALSE(receiver.conceal(pcm, 8000));
}

TEST_F(BrowserReceiverTest, AnotherSsrcOrNumberIsAnotherStream) {
  encode(40);
  for (size_t i = 0; i < 20; ++i) put(i);
  for (size_t i = 30; i < 40; ++i) put(i, 2);
  EXPECT_EQ(listener.heard.size(), 4800U);
  EXPECT_EQ(gauge.concealed.get(), 0U);
  EXPECT_EQ(gauge.lost.get(), 0U);
}

TEST_F(BrowserReceiverTest, IgnoresWhatIsNotOpus) {
  encode(3);
  put(0, 1, 96);
  EXPECT_EQ(gauge.ignored.get(), 1U);
  receiver.setPayloadType(96);
  put(1, 1, 96);
  EXPECT_EQ(listener.heard.size(), 160U);
  packets[2] = {0x03};  // malformed
  put(2, 1, 96);
  EXPECT_EQ(gauge.ignored.get(), 2U);
  packets[2].clear();
  put(2, 1, 96);
  EXPECT_EQ(gauge.ignored.get(), 3U);
}

TEST_F(BrowserReceiverTest, DtxTellsThatSilenceFollows) {
  encode(2);
  put(0);
  EXPECT_EQ(listener.pauses, 0);
  packets[1].resize(1);  // the TOC octet alone
  put(1);
  EXPECT_EQ(listener.pauses, 1);
}

TEST_F(BrowserReceiverTest, WithoutAListenerItOnlyCounts) {
  encode(5);
  receiver.setSink(nullptr);
  for (size_t i = 0; i < 5; ++i) put(i);
  EXPECT_EQ(gauge.packets.get(), 5U);
  EXPECT_EQ(receiver.due(), MonoTime::max());
  EXPECT_TRUE(listener.heard.empty());
}

}  // namespace
}  // namespace genesys::media
