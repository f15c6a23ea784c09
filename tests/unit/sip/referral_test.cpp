#include "sip/referral.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

TEST(ReferTo, IsReadWithAndWithoutReplaces) {
  const auto blind = parseReferTo("\"Name\" <sip:5551234@192.0.2.9:5060;transport=tcp>;x=y");
  ASSERT_TRUE(blind);
  EXPECT_EQ(blind->user, "5551234");
  EXPECT_EQ(blind->replaces, "");
  const auto attended = parseReferTo("<sip:7002@h?X=1&replaces=a%40h%3Bto-tag%3D1%3Bfrom-tag%3D2>");
  ASSERT_TRUE(attended);
  EXPECT_EQ(attended->replaces, "a@h;to-tag=1;from-tag=2");
  EXPECT_EQ(parseReferTo("sip:%2B49@h")->user, "+49");
}

TEST(ReferTo, NothingElseIsDialled) {
  for (const char* bad :
       {"", "<>", "<tel:5551234>", "<sip:192.0.2.9>", "<sip:@h>", "<sip:a%0d%0aX@h>",
        "<sip:a@h?Replaces=x%0d%0aEvil:1>", "<http://sip:a@h>"})
    EXPECT_FALSE(parseReferTo(bad)) << bad;
}

TEST(ReferTo, IsWrittenSoThatItReadsBack) {
  const DialogId dialog{"a@h", "ours", "theirs"};
  const std::string text = formatReferTo("sip:7002@h", &dialog);
  EXPECT_EQ(text, "<sip:7002@h?Replaces=a%40h%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dours>");
  EXPECT_EQ(parseReferTo(text)->replaces, "a@h;to-tag=theirs;from-tag=ours");
  EXPECT_EQ(formatReferTo("sip:7002@h", nullptr), "<sip:7002@h>");
}

TEST(ReplacesHeader, NeedsAllItsParts) {
  const auto replaces = parseReplaces("a@h; from-tag=2 ;TO-TAG=1;early-only");
  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->callId, "a@h");
  EXPECT_EQ(replaces->toTag, "1");
  EXPECT_EQ(replaces->fromTag, "2");
  EXPECT_TRUE(replaces->earlyOnly);
  EXPECT_FALSE(parseReplaces("a@h;to-tag=1"));
  EXPECT_FALSE(parseReplaces(";to-tag=1;from-tag=2"));
  EXPECT_FALSE(parseReplaces(""));
}

TEST(Sipfrag, TellsItsStatus) {
  const auto status = parseSipfrag("SIP/2.0 486 Busy Here\r\nX: y\r\n");
  EXPECT_EQ(status.code, 486);
  EXPECT_EQ(status.phrase, "Busy Here");
  EXPECT_EQ(parseSipfrag("SIP/2.0 200").code, 200);
  for (const char* bad : {"", "HTTP/1.1 200 OK", "SIP/2.0 abc", "SIP/2.0 9999 X"})
    EXPECT_EQ(parseSipfrag(bad).code, 0) << bad;
}

TEST(DigitInfo, IsReadFromBothTypes) {
  const auto relay = parseDigitInfo("application/dtmf-relay", "Signal= 5\r\nDuration=200\r\n");
  ASSERT_TRUE(relay);
  EXPECT_EQ(relay->digit, '5');
  EXPECT_EQ(relay->durationMs, 200);
  EXPECT_EQ(parseDigitInfo("Application/DTMF;x=y", "d")->digit, 'D');
  EXPECT_EQ(parseDigitInfo("application/dtmf-relay", "Signal=*\n")->durationMs, 160);
  EXPECT_FALSE(parseDigitInfo("application/dtmf-relay", "Signal=16\r\n"));
  EXPECT_FALSE(parseDigitInfo("application/dtmf", "x"));
  EXPECT_FALSE(parseDigitInfo("text/plain", "5"));
}

}  // namespace
}  // namespace genesys::sip
