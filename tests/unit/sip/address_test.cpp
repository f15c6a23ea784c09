#include "sip/address.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

TEST(Address, BuildsHostPort) {
  EXPECT_EQ(hostPort("192.0.2.1", 5060), "192.0.2.1:5060");
  EXPECT_EQ(hostPort("2001:db8::1", 5060), "[2001:db8::1]:5060");
  EXPECT_EQ(hostPort("[2001:db8::1]", 0), "[2001:db8::1]");
}

TEST(Address, EscapesWhatMayNotStandInAUser) {
  EXPECT_EQ(sipUri("7001", "example.com"), "sip:7001@example.com");
  EXPECT_EQ(sipUri("*21#", "h"), "sip:*21%23@h");
  EXPECT_EQ(sipUri("a b@c;d", "h"), "sip:a%20b%40c%3Bd@h");
  EXPECT_EQ(sipUri("", "h"), "sip:h");
}

TEST(Address, QuotesDisplayNames) {
  EXPECT_EQ(nameAddr("", "sip:1@h"), "<sip:1@h>");
  EXPECT_EQ(nameAddr("Ann \"A\" \\", "sip:1@h"), "\"Ann \\\"A\\\" \\\\\" <sip:1@h>");
  EXPECT_EQ(unquote("\"Ann \\\"A\\\"\""), "Ann \"A\"");
  EXPECT_EQ(unquote(" bare "), "bare");
}

TEST(Address, ReadsTheUser) {
  EXPECT_EQ(userOf("sip:1003@192.0.2.81:5060;tag=x"), "1003");
  EXPECT_EQ(userOf("SIP:1003@h"), "1003");
  EXPECT_EQ(userOf("sip:h:5060"), "");
}

TEST(Address, TellsOurContactFromAnother) {
  EXPECT_TRUE(sameContact("sip:7001@192.0.2.9:5060", "sip:7001@192.0.2.9;transport=tcp"));
  EXPECT_TRUE(sameContact("sip:7001@GW.example:5070", "sip:7001@gw.example:5070"));
  EXPECT_FALSE(sameContact("sip:7001@192.0.2.9", "sip:7001@192.0.2.8"));
  EXPECT_FALSE(sameContact("sip:7001@192.0.2.9:5061", "sip:7001@192.0.2.9"));
  EXPECT_FALSE(sameContact("sip:7001@192.0.2.9", "sip:7002@192.0.2.9"));
}

}  // namespace
}  // namespace genesys::sip
