#include "sip/wire_tap.hpp"

#include <gmock/gmock.h>
#include <sofia-sip/su_log.h>

namespace genesys::sip {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kRule =
    "   ------------------------------------------------------------------------\n";

class WireTapTest : public testing::Test {
 protected:
  std::vector<WireMessage> messages;
  WireTap tap{[this](const WireMessage& message) { messages.push_back(message); }};
};

TEST_F(WireTapTest, PutsTheLogTogether) {
  tap.read(std::string("recv 300 bytes from udp/[192.0.2.81]:5060 at 14:00:00.123456:\n") + kRule);
  for (const char* piece : {"   INVITE sip:7001@x", " SIP/2.0", "\n", "   From: a", "\n", "   ",
                            "\n", "      indented", "\n"})
    tap.read(piece);
  EXPECT_THAT(messages, IsEmpty());
  tap.read(kRule);
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_FALSE(messages[0].sent);
  EXPECT_EQ(messages[0].peer, "udp/[192.0.2.81]:5060");
  EXPECT_EQ(messages[0].text, "INVITE sip:7001@x SIP/2.0\nFrom: a\n\n   indented\n");
}

TEST_F(WireTapTest, TakesARuleOfTheMessageItselfForText) {
  tap.read(std::string("send 9 bytes to tcp/[2001:db8::1]:5060 at 14:00:00.123456:\n") + kRule);
  tap.read(std::string(kRule).substr(0, 75));  // a line of a body comes without its end
  tap.read("\n");
  tap.read(std::string("\n") + kRule);
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_TRUE(messages[0].sent);
  EXPECT_EQ(messages[0].peer, "tcp/[2001:db8::1]:5060");
  EXPECT_EQ(messages[0].text, std::string(72, '-') + "\n");
}

TEST_F(WireTapTest, LeavesOutWhatIsNoMessage) {
  for (const std::string piece : {"tport: something went wrong\n", kRule, "   text", "\n", kRule})
    tap.read(piece);
  tap.read(std::string("nonsense:\n") + kRule);
  tap.read(std::string("recv nothing\n") + kRule);
  EXPECT_THAT(messages, IsEmpty());
}

TEST(WireTap, GivesTheLogBack) {
  const auto before = su_log_default->log_logger;
  {
    const WireTap tap([](const WireMessage&) {});
    EXPECT_NE(su_log_default->log_logger, before);
  }
  EXPECT_EQ(su_log_default->log_logger, before);
}

}  // namespace
}  // namespace genesys::sip
