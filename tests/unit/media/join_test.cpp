#include "media/join.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"
#include "util/log.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

class Nobody : public BrowserSink {
 public:
  void relayRtp(std::span<const uint8_t>) override {}
};

class JoinTest : public testing::Test {
 protected:
  void SetUp() override {
    setLogSink([](LogLevel, const std::string&) {});
  }
  void TearDown() override { setLogSink({}); }

  std::shared_ptr<SipSession> sipLeg() {
    auto sockets = RtpSocketPair::open(*SocketAddress::from("127.0.0.1", 0), pool, 46);
    EXPECT_TRUE(sockets);
    return std::make_shared<SipSession>(std::move(sockets).value(), nullptr, false, 0, Random(3));
  }
  std::shared_ptr<BrowserSession> browserLeg() {
    return std::make_shared<BrowserSession>(std::make_shared<Nobody>(), Random(4));
  }

  MonoTime now = test::startOfTime();
  Random random = Random::fromSystem();
  std::shared_ptr<PortPool> pool = std::make_shared<PortPool>(40000, 49999, 0ms, random);
};

TEST_F(JoinTest, ABrowserBelongsToTheLastWhoJoined) {
  const auto first = sipLeg();
  const auto second = sipLeg();
  const auto browser = browserLeg();
  join(*first, *browser, now);
  EXPECT_EQ(browser->joined(), first.get());
  EXPECT_EQ(first->joined(), browser.get());
  join(*second, *browser, now);
  EXPECT_EQ(browser->joined(), second.get());
  EXPECT_EQ(first->joined(), nullptr);
  part(*second, now);
  EXPECT_EQ(browser->joined(), nullptr);
  EXPECT_EQ(second->joined(), nullptr);
}

TEST_F(JoinTest, SeveralLegsMixAndTheLastTwoDoNot) {
  const auto first = sipLeg();
  const auto second = sipLeg();
  const auto browser = browserLeg();
  joinMix(*first, *browser, now);
  EXPECT_FALSE(browser->mix()) << "two legs need none";
  joinMix(*second, *browser, now);
  joinMix(*second, *browser, now);
  ASSERT_TRUE(browser->mix());
  EXPECT_EQ(browser->mix()->size(), 3U);
  EXPECT_EQ(first->joined(), browser.get());
  EXPECT_EQ(browser->joined(), nullptr);
  part(*first, now);
  EXPECT_FALSE(browser->mix());
  EXPECT_EQ(browser->joined(), second.get());
  EXPECT_EQ(first->joined(), nullptr);

  joinMix(*first, *browser, now);
  join(*first, *browser, now);  // alone again
  EXPECT_EQ(browser->joined(), first.get());
  EXPECT_EQ(second->joined(), nullptr);

  joinMix(*second, *browser, now);
  browser->close(now);
  EXPECT_EQ(first->joined(), nullptr);
  EXPECT_EQ(second->joined(), nullptr);
  const auto other = browserLeg();
  joinMix(*first, *other, now);
  joinMix(*second, *other, now);
  first->close(now);
  EXPECT_EQ(other->joined(), second.get());
}

TEST_F(JoinTest, ClosingEitherLegPartsThem) {
  const auto sip = sipLeg();
  const auto browser = browserLeg();
  join(*sip, *browser, now);
  browser->close(now);
  EXPECT_EQ(sip->joined(), nullptr);
  EXPECT_TRUE(browser->closed());
  const auto other = browserLeg();
  join(*sip, *other, now);
  sip->close(now);
  sip->close(now);
  EXPECT_EQ(other->joined(), nullptr);
  EXPECT_EQ(sip->due(), now + SipSession::kDrain);
}

TEST_F(JoinTest, ThePathPrintsItself) {
  const auto sip = sipLeg();
  EXPECT_EQ(describePath(*sip),
            "media " + std::to_string(sip->port()) + ": nothing is sent | nothing is received");
  SipSession::Setup setup;
  setup.params.send = {8, &pcma()};
  setup.params.receive = {{8, &pcma()}, {0, &pcmu()}};
  setup.params.sendDigitsAs = setup.params.receiveDigitsAs = 101;
  setup.remoteRtp = *SocketAddress::from("127.0.0.1", 9);
  sip->configure(setup, now);
  const auto browser = browserLeg();
  join(*sip, *browser, now);
  EXPECT_EQ(
      describePath(*sip),
      "media " + std::to_string(sip->port()) +
          ": browser opus/48000 111 -> reorder -> opus@8000 -> PCMA -> rtp 8 digits 101 20 ms "
          "-> 127.0.0.1:9 | 127.0.0.1:9 -> rtp 8/PCMA 0/PCMU 101/digits -> 20 ms -> browser "
          "opus/48000 111");
}

}  // namespace
}  // namespace genesys::media
