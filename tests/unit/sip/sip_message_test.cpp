#include "sip/sip_message.hpp"

#include <gtest/gtest.h>
#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

#include <memory>

namespace genesys::sip {
namespace {

struct MsgDestroy {
  void operator()(msg_t* msg) const { msg_destroy(msg); }
};
using Message = std::unique_ptr<msg_t, MsgDestroy>;

Message parse(const std::string& text) {
  return Message(msg_make(sip_default_mclass(), 0, text.data(), static_cast<ssize_t>(text.size())));
}

// As SIP Server writes it: no brackets in From and To, its own header order, a valueless rport
// (dialect, section 2).
const std::string kInvite =
    "INVITE sip:7001@192.0.2.1:5060 SIP/2.0\r\n"
    "From: sip:1003@192.0.2.81:5060;tag=1AD6-101\r\n"
    "To: sip:7001@192.0.2.81:5060\r\n"
    "Call-ID: F3B8-1@192.0.2.81\r\n"
    "CSeq: 1 INVITE\r\n"
    "Content-Length: 5\r\n"
    "Via: SIP/2.0/UDP 192.0.2.81:5060;branch=z9hG4bK1AD6-1;rport;received=192.0.2.81\r\n"
    "Contact: <sip:1003@192.0.2.81:5060>\r\n"
    "Content-Type: application/sdp\r\n"
    "Reason: SIP;cause=403;text=\"Forbidden\"\r\n"
    "X-Genesys-CallUUID: 0HSVQ4LI4SBG1DDOV5N4AVSFMC000001\r\n"
    "Max-Forwards: 70\r\n\r\nv=0\r\n";

TEST(SipMessage, ReadsTheDialect) {
  const Message msg = parse(kInvite);
  const SipMessage message = readMessage(sip_object(msg.get()));
  EXPECT_EQ(message.status, 0);
  EXPECT_EQ(message.requestUser, "7001");
  EXPECT_EQ(message.fromUri, "sip:1003@192.0.2.81:5060");
  EXPECT_EQ(message.toUri, "sip:7001@192.0.2.81:5060");
  EXPECT_EQ(message.callId, "F3B8-1@192.0.2.81");
  EXPECT_EQ(message.contentType, "application/sdp");
  EXPECT_EQ(message.body, "v=0\r\n");
  EXPECT_EQ(message.reason, "SIP;cause=403;text=\"Forbidden\"");
  EXPECT_EQ(message.header("x-genesys-calluuid"), "0HSVQ4LI4SBG1DDOV5N4AVSFMC000001");
  EXPECT_EQ(message.header("X-None"), "");
}

TEST(SipMessage, ReadsDisplayNames) {
  const Message msg = parse(
      "OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
      "From: \"Ann \\\"A\\\"\" <sip:1@h>;tag=1\r\nTo: <sip:h>\r\nCall-ID: 1\r\nCSeq: 1 "
      "OPTIONS\r\n\r\n");
  const SipMessage message = readMessage(sip_object(msg.get()));
  EXPECT_EQ(message.fromName, "Ann \"A\"");
  EXPECT_EQ(message.fromUri, "sip:1@h");
}

const std::string kRegistered =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:7001@h>;tag=1\r\n"
    "To: <sip:7001@h>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
    "Contact: <sip:7001@192.0.2.7:5060>;expires=100, <sip:7001@192.0.2.1:5060>;expires=1800\r\n"
    "Expires: 60\r\n\r\n";

TEST(SipMessage, FindsTheExpiryOfOurOwnContact) {
  const Message msg = parse(kRegistered);
  const sip_t* sip = sip_object(msg.get());
  EXPECT_EQ(grantedExpiry(sip, "sip:7001@192.0.2.1:5060"), Seconds(1800));
  EXPECT_EQ(grantedExpiry(sip, "sip:7001@192.0.2.1"), Seconds(1800));
  EXPECT_EQ(grantedExpiry(sip, "sip:7001@192.0.2.99:5060"), Seconds(0));
}

TEST(SipMessage, OfNothingIsEmpty) {
  EXPECT_EQ(readMessage(nullptr).callId, "");
  EXPECT_EQ(grantedExpiry(nullptr, "sip:1@h"), Seconds(0));
}

}  // namespace
}  // namespace genesys::sip
