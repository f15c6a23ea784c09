#include "sip/dialog.hpp"

#include <gtest/gtest.h>

namespace genesys::sim {
namespace {

const Peer kLocal = makePeer("192.0.2.81", 5060, TransportKind::Udp).value();
const std::string kAnswer =
    "SIP/2.0 200 OK\r\n"
    "From: sip:5551234@192.0.2.81;tag=A\r\n"
    "To: sip:7001@192.0.2.81;tag=B\r\n"
    "Call-ID: X\r\n"
    "CSeq: 1 INVITE\r\n"
    "Via: SIP/2.0/UDP 192.0.2.81:5060;branch=z9hG4bKQ-9\r\n"
    "Contact: <sip:7001@192.0.2.11:5060>\r\n";
const std::string kProxies =
    "Record-Route: <sip:192.0.2.3:5070;transport=tcp;lr>, <sip:192.0.2.2;lr=on>\r\n"
    "Record-Route: <sip:192.0.2.4;lr>\r\n";

SipMessage answer(const std::string& headers = {}) {
  const auto parsed = parseSip(kAnswer + headers + "\r\n");
  EXPECT_TRUE(parsed) << parsed.error();
  return parsed.value();
}

TEST(Dialog, RequestsGoToTheContact) {
  Dialog dialog;
  dialog.learnRoutes(answer().recordRoute);
  dialog.learnRemote(answer(), "sip:7001@192.0.2.81;tag=B", "B");
  EXPECT_EQ(dialog.peer.text(), "udp:192.0.2.11:5060");
  const std::string bye = writeRequest(dialog.request("BYE", kLocal, "z9hG4bK1"));
  EXPECT_EQ(bye.find("\r\nRoute:"), std::string::npos);
}

TEST(Dialog, ProxiesThatRecordTheirRouteStayInIt) {
  Dialog dialog;
  const SipMessage message = answer(kProxies);
  ASSERT_EQ(message.recordRoute.size(), 3u);
  dialog.learnRoutes(message.recordRoute);
  dialog.learnRemote(message, "sip:7001@192.0.2.81;tag=B", "B");
  EXPECT_EQ(dialog.peer.text(), "tcp:192.0.2.3:5070");
  const RequestParts parts = dialog.request("INVITE", kLocal, "z9hG4bK1");
  const std::string routes =
      "\r\nRoute: <sip:192.0.2.3:5070;transport=tcp;lr>\r\nRoute: <sip:192.0.2.2;lr=on>"
      "\r\nRoute: <sip:192.0.2.4;lr>\r\n";
  EXPECT_EQ(parts.uri, "sip:7001@192.0.2.11:5060");
  EXPECT_EQ(parts.viaTransport, "TCP");
  EXPECT_NE(writeRequest(parts).find(routes), std::string::npos);
  EXPECT_NE(writeFailureAck(parts, "sip:7001@192.0.2.81;tag=B").find(routes), std::string::npos);
  EXPECT_NE(writeCancel(parts).find(routes), std::string::npos);
}

// Another Contact in a re-INVITE moves the target, never the route set (RFC 3261 section 12.2.1.2).
TEST(Dialog, AnotherContactLeavesTheRoutes) {
  Dialog dialog;
  dialog.learnRoutes(answer(kProxies).recordRoute);
  SipMessage later = answer();
  later.contact->text = "sip:7001@192.0.2.12:5060";
  later.contact->host = "192.0.2.12";
  dialog.learnRemote(later, "sip:7001@192.0.2.81;tag=B", "B");
  EXPECT_EQ(dialog.target, "sip:7001@192.0.2.12:5060");
  EXPECT_EQ(dialog.peer.text(), "tcp:192.0.2.3:5070");
  EXPECT_EQ(dialog.routes.size(), 3u);
}

}  // namespace
}  // namespace genesys::sim
