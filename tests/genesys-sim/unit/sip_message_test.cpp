#include "wire/sip_message.hpp"

#include <gtest/gtest.h>

#include "transport/tcp_connection.hpp"
#include "wire/identifiers.hpp"

namespace genesys::sim {
namespace {

const std::string kInvite =
    "INVITE sip:1002@10.81.64.3:5060;transport=tcp SIP/2.0\r\n"
    "From: sip:1003@192.168.210.81:5060;tag=A-1\r\n"
    "To: \"Agent\" <sip:1002@192.168.210.81>;tag=B-2\r\n"
    "Call-ID: X-1@192.168.210.81\r\n"
    "CSeq: 3 INVITE\r\n"
    "Content-Length: 4\r\n"
    "Via: SIP/2.0/UDP 192.168.210.81:5070;branch=z9hG4bKQ-9\r\n"
    "Contact: <sip:1003@192.168.210.81:5062;transport=tcp>;expires=60\r\n"
    "Authorization: Digest username=\"1003\", realm=\"r, s\",nonce=\"n\",uri=\"sip:x\",\r\n"
    " response=\"00\"\r\n"
    "Expires: 30\r\n\r\nbody";

TEST(SipMessage, ReadsTheFields) {
  const auto parsed = parseSip(kInvite);
  ASSERT_TRUE(parsed) << parsed.error();
  const SipMessage& message = parsed.value();
  EXPECT_TRUE(message.isRequest);
  EXPECT_EQ(message.method, "INVITE");
  EXPECT_EQ(message.requestUri.user, "1002");
  EXPECT_EQ(message.requestUri.transport, "tcp");
  EXPECT_EQ(message.from.user, "1003");
  EXPECT_EQ(message.fromTag, "A-1");
  EXPECT_EQ(message.to.text, "sip:1002@192.168.210.81");
  EXPECT_EQ(message.toTag, "B-2");
  EXPECT_EQ(message.cseq, 3u);
  EXPECT_EQ(message.via.port, 5070);
  EXPECT_EQ(message.via.branch, "z9hG4bKQ-9");
  ASSERT_TRUE(message.contact);
  EXPECT_EQ(message.contact->port, 5062);
  EXPECT_EQ(message.contact->text, "sip:1003@192.168.210.81:5062;transport=tcp");
  EXPECT_EQ(message.contactExpires, 60u);
  EXPECT_EQ(message.expires, 30u);
  EXPECT_EQ(message.credentials.at("realm"), "r, s");
  EXPECT_EQ(message.credentials.at("response"), "00");
  EXPECT_EQ(message.body, "body");
  ASSERT_TRUE(message.header("to"));
  EXPECT_EQ(*message.header("to"), "\"Agent\" <sip:1002@192.168.210.81>;tag=B-2");
}

TEST(SipMessage, RefusesWhatIsNoSip) {
  EXPECT_FALSE(parseSip(""));
  EXPECT_FALSE(parseSip("hello\r\n\r\n"));
  EXPECT_FALSE(parseSip("SIP/2.0 200 OK\r\n\r\n"));
  EXPECT_FALSE(parseSip(kInvite.substr(0, kInvite.size() - 2)));  // body too short
  EXPECT_FALSE(parseSip(std::string(70000, 'x') + "\r\n\r\n"));
  std::string wrong = kInvite;
  wrong.replace(wrong.find("3 INVITE"), 8, "3 NOTIFY");
  EXPECT_FALSE(parseSip(wrong));
}

TEST(StreamFramer, CutsAStreamIntoMessages) {
  StreamFramer framer;
  const std::string two = "\r\n\r\n" + kInvite + kInvite;
  for (const char octet : two) ASSERT_TRUE(framer.append({&octet, 1}));
  EXPECT_EQ(framer.next(), kInvite);
  EXPECT_EQ(framer.next(), kInvite);
  EXPECT_EQ(framer.next(), "");
}

TEST(StreamFramer, GivesUpOnAnEndlessMessage) {
  StreamFramer framer;
  EXPECT_TRUE(framer.append("INVITE sip:a SIP/2.0\r\nl: 4000000000\r\n\r\n"));
  EXPECT_EQ(framer.next(), "");
  EXPECT_FALSE(framer.append(std::string(200000, 'x')));
}

TEST(Identifiers, HaveTheShapesOfSipServer) {
  Identifiers ids(Random(7));
  Identifiers same(Random(7));
  const std::string uuid = "[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}";
  const std::string tag = ids.tag();
  EXPECT_EQ(tag, same.tag());
  EXPECT_EQ(tag.substr(36), "-1");
  EXPECT_EQ(ids.tag(), tag.substr(0, 36) + "-2");
  EXPECT_EQ(tag[14], '4');
  EXPECT_EQ(tag.find_first_not_of("0123456789ABCDEF-"), std::string::npos);
  const std::string callId = ids.callId("10.0.0.1");
  EXPECT_EQ(callId.substr(36), "-1@10.0.0.1");
  EXPECT_EQ(ids.branch().substr(0, 7), "z9hG4bK");
  const std::string call = ids.callUuid();
  EXPECT_EQ(call.size(), 32u);
  EXPECT_EQ(call.substr(26), "000001");
  for (int i = 2; i < 32; ++i) (void)ids.callUuid();
  EXPECT_EQ(ids.callUuid().substr(26), "000010");  // the counter is base 32 too
}

}  // namespace
}  // namespace genesys::sim
