#include "media/srtp_session.hpp"

#include <gtest/gtest.h>

#include "srtp_packets.hpp"
#include "util/log.hpp"

namespace genesys::media {
namespace {

using test::rtpPacket;
using test::sealed;
using Verdict = SrtpReceiver::Verdict;

class SrtpSessionTest : public testing::Test {
 protected:
  Verdict take(const std::vector<uint8_t>& packet) { return session.unprotectRtp(packet).verdict; }
  std::vector<uint8_t> give(uint16_t sequence) {
    const auto packet = rtpPacket(sequence);
    const auto sent = session.protectRtp(packet);
    return {sent.begin(), sent.end()};
  }
  static SrtpKey key() { return SrtpKey(aesCm128Sha1Tag80(), kernelRandom); }

  const SrtpKeys anna{key(), key()};
  const SrtpKeys music{key(), key()};
  SrtpSession session;
};

TEST_F(SrtpSessionTest, WithoutKeysPacketsPassAsTheyAre) {
  EXPECT_FALSE(session.encrypted());
  EXPECT_EQ(give(1), rtpPacket(1));
  EXPECT_EQ(take(rtpPacket(1)), Verdict::Good);
  const std::vector<uint8_t> report{0x80, 0xc9, 0, 1, 0, 0, 0, 1};
  EXPECT_EQ(session.protectRtcp(report).size(), report.size());
  EXPECT_EQ(session.unprotectRtcp(report).packet.size(), report.size());
}

TEST_F(SrtpSessionTest, WithKeysNothingElseGoesEitherWay) {
  EXPECT_TRUE(session.configure(anna));
  EXPECT_TRUE(session.encrypted());
  EXPECT_NE(give(1), rtpPacket(1));
  EXPECT_EQ(take(rtpPacket(1)), Verdict::Forged);
  auto far = SrtpSender::make(anna.receive).value();
  const auto packet = sealed(far, rtpPacket(1, 77));
  const auto opened = session.unprotectRtp(packet);
  ASSERT_EQ(opened.verdict, Verdict::Good);
  EXPECT_EQ(std::vector<uint8_t>(opened.packet.begin(), opened.packet.end()), rtpPacket(1, 77));
  auto receiver = SrtpReceiver::make(anna.send).value();
  auto ours = give(2);
  EXPECT_EQ(receiver.unprotectRtp(ours).verdict, Verdict::Good);
}

TEST_F(SrtpSessionTest, TheKeyBeforeIsWorthNothing) {
  session.configure(anna);
  auto far = SrtpSender::make(anna.receive).value();
  session.configure(music);
  EXPECT_EQ(take(sealed(far, rtpPacket(1))), Verdict::Forged);
}

// Music, and back: the replay window of the first far end, and its roll-overs, are as they were.
TEST_F(SrtpSessionTest, AFarEndThatComesBackGoesOnWhereItWas) {
  session.configure(anna);
  auto far = SrtpSender::make(anna.receive).value();
  for (const uint32_t index : {20'000, 40'000, 60'000, 70'000})
    ASSERT_EQ(take(sealed(far, rtpPacket(static_cast<uint16_t>(index)))), Verdict::Good);
  const auto recorded = sealed(far, rtpPacket(static_cast<uint16_t>(70'001)));
  ASSERT_EQ(take(recorded), Verdict::Good);
  EXPECT_TRUE(session.configure(music));
  EXPECT_TRUE(session.configure(anna));
  EXPECT_EQ(take(recorded), Verdict::Replayed);
  EXPECT_EQ(take(sealed(far, rtpPacket(static_cast<uint16_t>(70'002)))), Verdict::Good);
}

TEST_F(SrtpSessionTest, AKeyOfOursThatComesBackNeverRepeatsAnIndex) {
  session.configure(anna);
  EXPECT_FALSE(give(5).empty());
  session.configure(music);
  session.configure(anna);
  EXPECT_TRUE(give(5).empty());
  EXPECT_FALSE(give(6).empty());
}

TEST_F(SrtpSessionTest, SaysWhenOurKeyIsAnother) {
  EXPECT_TRUE(session.configure(anna));
  EXPECT_FALSE(session.configure(anna));
  EXPECT_FALSE(session.configure(SrtpKeys{anna.send, music.receive}));
  EXPECT_FALSE(session.configure(std::nullopt));
  EXPECT_FALSE(session.configure(anna)) << "a pause in the clear";
  EXPECT_TRUE(session.configure(music));
}

TEST_F(SrtpSessionTest, HundredsOfKeysOneAfterTheOther) {
  for (int swap = 0; swap < 300; ++swap) {
    const SrtpKeys keys{key(), key()};
    session.configure(keys);
    auto far = SrtpSender::make(keys.receive).value();
    ASSERT_EQ(take(sealed(far, rtpPacket(static_cast<uint16_t>(swap)))), Verdict::Good);
    ASSERT_FALSE(give(static_cast<uint16_t>(swap)).empty());
  }
}

}  // namespace
}  // namespace genesys::media
