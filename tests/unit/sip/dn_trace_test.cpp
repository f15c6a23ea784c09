#include "sip/dn_trace.hpp"

#include <gmock/gmock.h>

namespace genesys::sip {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DnTraceTest : public testing::Test {
 protected:
  static WireMessage sent(std::string text) {
    return {true, "udp/[192.0.2.81]:5060", std::move(text)};
  }
  static std::string toDn(const std::string& dn, const std::string& callId = "c-1") {
    return "INVITE sip:" + dn + "@192.0.2.1:5060 SIP/2.0\r\nFrom: sip:5551234@server;tag=a\r\n" +
           "To: <sip:" + dn + "@server>\r\nCall-ID: " + callId + "\r\n\r\n";
  }
  MonoTime now{Seconds(1000)};
  DnTrace trace;
};

TEST_F(DnTraceTest, TellsOnlyTheMessagesOfItsDns) {
  ASSERT_TRUE(trace.start("7001", now + Seconds(60), now));
  EXPECT_THAT(trace.read(sent(toDn("7002", "c-2")), now), IsEmpty());
  const auto lines = trace.read(sent(toDn("7001")), now);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], "trace 7001: sent to udp/[192.0.2.81]:5060");
  EXPECT_EQ(lines[1], "trace 7001 | INVITE sip:7001@192.0.2.1:5060 SIP/2.0");
}

TEST_F(DnTraceTest, ADnIsNotPartOfAnother) {
  ASSERT_TRUE(trace.start("700", now + Seconds(60), now));
  EXPECT_THAT(trace.read(sent(toDn("7001")), now), IsEmpty());
  EXPECT_THAT(trace.read(sent(toDn("2700", "c-2")), now), IsEmpty());
}

TEST_F(DnTraceTest, FindsTheDnWhereverItStands) {
  ASSERT_TRUE(trace.start("7001", now + Seconds(60), now));
  ASSERT_TRUE(trace.start("*7#", now + Seconds(60), now));
  for (const char* header :
       {"From: sip:7001@192.0.2.81:5060;tag=b", "f: \"A\" <sips:7001@server>;tag=b",
        "t: <sip:7001@server>", "Contact: <sip:7001@192.0.2.1:5060>;expires=60",
        "m: <sip:*7%23@192.0.2.1>"})
    EXPECT_THAT(trace.read(sent("SIP/2.0 200 OK\r\n" + std::string(header) + "\r\nCall-ID: x-" +
                                header[0] + "\r\n\r\n"),
                           now),
                Not(IsEmpty()))
        << header;
  EXPECT_THAT(trace.read(sent("SIP/2.0 200 OK\r\nSubject: sip:7001@x\r\nCall-ID: y\r\n\r\n"), now),
              IsEmpty());
}

TEST_F(DnTraceTest, FollowsADialogWhoseMessagesNameTheDnNoMore) {
  ASSERT_TRUE(trace.start("7001", now + Seconds(60), now));
  trace.read(sent(toDn("7001", "c-9")), now);
  const std::string nameless = "SIP/2.0 100 Trying\r\nCall-ID: c-9\r\n\r\n";
  EXPECT_THAT(trace.read(sent(nameless), now), Not(IsEmpty()));
  trace.stop("7001");
  EXPECT_THAT(trace.read(sent(nameless), now), IsEmpty());
}

TEST_F(DnTraceTest, EndsByItself) {
  ASSERT_TRUE(trace.start("7001", now + Seconds(60), now));
  EXPECT_THAT(trace.read(sent(toDn("7001")), now + Seconds(60)), IsEmpty());
  EXPECT_THAT(trace.expire(now + Seconds(59)), IsEmpty());
  EXPECT_THAT(trace.expire(now + Seconds(60)), ElementsAre("7001"));
  EXPECT_THAT(trace.traced(), IsEmpty());
}

TEST_F(DnTraceTest, HasALimit) {
  for (int dn = 0; dn < 32; ++dn)
    EXPECT_TRUE(trace.start(std::to_string(dn), now + Seconds(60), now));
  EXPECT_FALSE(trace.start("32", now + Seconds(60), now));
  EXPECT_TRUE(trace.start("31", now + Seconds(90), now));                // goes on longer
  EXPECT_TRUE(trace.start("32", now + Seconds(90), now + Seconds(61)));  // the others are over
}

TEST(RedactedLines, HaveNoCredentialAndNoKey) {
  const auto lines = redactedLines(
      "INVITE sip:7001@server SIP/2.0\r\n"
      "Authorization: Digest username=\"7001\",\r\n response=\"abcdef\"\r\n"
      "proxy-authorization : Digest response=\"abcdef\"\r\n"
      "X-Access-Token: abcdef\r\n"
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"
      "Subject: hello\r\n there\r\n\r\n"
      "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abcdef|2^31\r\nm=audio 1 RTP/SAVP 0\r\n");
  for (const auto& line : lines) EXPECT_THAT(line, Not(HasSubstr("abcdef")));
  EXPECT_THAT(lines, Contains("Authorization: (removed)"));
  EXPECT_THAT(lines, Contains("proxy-authorization: (removed)"));
  EXPECT_THAT(lines, Contains("X-Access-Token: (removed)"));
  EXPECT_THAT(lines, Contains("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\""));
  EXPECT_THAT(lines, Contains(" there"));
  EXPECT_THAT(lines, Contains("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:(removed)"));
  EXPECT_THAT(lines, Contains("m=audio 1 RTP/SAVP 0"));
}

TEST(RedactedLines, MayBeOfAnything) {
  for (const char* text : {"", "\n", "\r\n\r\n", ":", " ", "a", "\t:\n\t", "x\n:y", "token"})
    EXPECT_NO_THROW((void)redactedLines(text));
}

}  // namespace
}  // namespace genesys::sip
