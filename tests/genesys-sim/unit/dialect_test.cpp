// The bytes of requests and answers, compared with what SIP Server was seen to send, to the octet.
#include "wire/dialect.hpp"

#include <gtest/gtest.h>

#include "media/sdp.hpp"

namespace genesys::sim {
namespace {

const char* const kServer = "192.168.210.81:5060";

SessionDescription reference(uint64_t version, std::vector<PayloadFormat> formats) {
  SessionDescription sdp;
  sdp.sessionId = 1769469826;
  sdp.version = version;
  sdp.ip = "192.168.210.81";
  sdp.port = 8006;
  sdp.formats = std::move(formats);
  return sdp;
}

/// The dialog of 1003 calling 1002, before the phone's answer gave it a tag.
RequestParts inDialog(const std::string& method, uint32_t cseq, const std::string& branch) {
  RequestParts parts;
  parts.method = method;
  parts.uri = "sip:1002@10.81.64.3:5060";
  parts.from = "sip:1003@192.168.210.81:5060;tag=88170A6B-45A8-43AE-9D3C-97CE63DC2C9C-256";
  parts.to = "sip:1002@192.168.210.81:5060";
  parts.callId = "D6F9763C-E5D5-4C4B-97C3-C0725E0E2E17-56@192.168.210.81";
  parts.cseq = cseq;
  parts.viaSentBy = kServer;
  parts.branch = "z9hG4bKF9D1A146-A651-43A6-8A12-32F3EB33637E-" + branch;
  parts.callUuid = "UIVB8J6JE91C53UIM3VI59VHQ4000015";
  return parts;
}

RequestParts confirmed(const std::string& method, uint32_t cseq, const std::string& branch) {
  RequestParts parts = inDialog(method, cseq, branch);
  parts.to += ";tag=BA00A7C0-F966-4F65-BF2F-EDF2F918F656-3";
  return parts;
}

TEST(Dialect, InviteWithSdp) {
  RequestParts parts = inDialog("INVITE", 1, "149");
  parts.contact = "<sip:1003@192.168.210.81:5060>";
  parts.allow = kAllowInitial;
  parts.sessionTimer = true;
  parts.supported = "uui,100rel,timer";
  parts.contentType = "application/sdp";
  parts.body = writeSdp(reference(1, referenceFormats()));
  const std::string bytes = writeRequest(parts);
  EXPECT_EQ(bytes.size(), 1080u);
  EXPECT_EQ(bytes,
            "INVITE sip:1002@10.81.64.3:5060 SIP/2.0\r\n"
            "From: sip:1003@192.168.210.81:5060;tag=88170A6B-45A8-43AE-9D3C-97CE63DC2C9C-256\r\n"
            "To: sip:1002@192.168.210.81:5060\r\n"
            "Call-ID: D6F9763C-E5D5-4C4B-97C3-C0725E0E2E17-56@192.168.210.81\r\n"
            "CSeq: 1 INVITE\r\n"
            "Content-Length: 418\r\n"
            "Content-Type: application/sdp\r\n"
            "Via: SIP/2.0/UDP 192.168.210.81:5060;"
            "branch=z9hG4bKF9D1A146-A651-43A6-8A12-32F3EB33637E-149\r\n"
            "Contact: <sip:1003@192.168.210.81:5060>\r\n"
            "Allow: ACK, BYE, CANCEL, INFO, INVITE, MESSAGE, NOTIFY, OPTIONS, PRACK, REFER, "
            "UPDATE\r\n"
            "Max-Forwards: 70\r\n"
            "X-Genesys-CallUUID: UIVB8J6JE91C53UIM3VI59VHQ4000015\r\n"
            "Session-Expires: 1800;refresher=uac\r\n"
            "Min-SE: 90\r\n"
            "Supported: uui,100rel,timer\r\n"
            "\r\n"
            "v=0\r\n"
            "o=Genesys 1769469826 1 IN IP4 192.168.210.81\r\n"
            "s=GSept-9.0.022.05\r\n"
            "c=IN IP4 192.168.210.81\r\n"
            "t=0 0\r\n"
            "m=audio 8006 RTP/AVP 0 8 9 102 103 104 18 120 101\r\n"
            "a=rtpmap:0 pcmu/8000\r\n"
            "a=rtpmap:8 pcma/8000\r\n"
            "a=rtpmap:9 g722/8000\r\n"
            "a=rtpmap:102 iLBC/8000\r\n"
            "a=rtpmap:103 iSAC/16000\r\n"
            "a=rtpmap:104 iSAC/32000\r\n"
            "a=rtpmap:18 g729/8000\r\n"
            "a=fmtp:18 annexb=yes\r\n"
            "a=rtpmap:120 opus/48000/2\r\n"
            "a=rtpmap:101 telephone-event/8000\r\n"
            "a=fmtp:101 0-15\r\n");
}

TEST(Dialect, NotifyTalk) {
  RequestParts parts = confirmed("NOTIFY", 2, "150");
  parts.contact = "<sip:1003@192.168.210.81:5060>";
  parts.methodHeaders = {{"Event", "talk"}, {"Subscription-State", "active"}};
  const std::string bytes = writeRequest(parts);
  EXPECT_EQ(bytes.size(), 548u);
  EXPECT_NE(bytes.find("Contact: <sip:1003@192.168.210.81:5060>\r\nEvent: talk\r\n"
                       "Subscription-State: active\r\nMax-Forwards: 70\r\nX-Genesys-CallUUID: "),
            std::string::npos);
}

TEST(Dialect, AckWithoutSdp) {
  EXPECT_EQ(writeRequest(confirmed("ACK", 1, "152")).size(), 460u);
}

TEST(Dialect, AckWithAnswer) {
  RequestParts parts = confirmed("ACK", 3, "155");
  parts.contentType = "application/sdp";
  parts.body =
      writeSdp(reference(2, {{0, "pcmu/8000", ""}, {101, "telephone-event/8000", "0-15"}}));
  EXPECT_EQ(parts.body.size(), 205u);
  EXPECT_EQ(writeRequest(parts).size(), 698u);
}

TEST(Dialect, ReinviteWithoutSdp) {
  RequestParts parts = confirmed("INVITE", 3, "153");
  parts.contact = "<sip:1003@192.168.210.81:5060>";
  parts.allow = kAllowReinvite;
  parts.sessionTimer = true;
  parts.supported = "timer";
  const std::string bytes = writeRequest(parts);
  EXPECT_EQ(bytes.size(), 653u);
  EXPECT_EQ(bytes.find("Content-Type"), std::string::npos);
}

TEST(Dialect, ByeWithReason) {
  RequestParts parts;
  parts.method = "BYE";
  parts.uri = "sip:1003@192.168.210.81:5090";
  parts.from = "sip:1002@192.168.210.81;tag=A2BB77D7-EABF-4274-8BD4-6D98F1BD8715-61";
  parts.to = "sip:1003@192.168.210.81:5060;tag=184ADA5C-50F2-448C-8755-5D113FE509A2-5";
  parts.callId = "640476ED-F320-46F0-975D-6290F4CB29F6-13@192.168.210.81";
  parts.cseq = 3;
  parts.viaSentBy = kServer;
  parts.branch = "z9hG4bKD15025DA-835B-4C9E-9D96-D8C925E2E030-33";
  parts.methodHeaders = {{"Reason", "SIP;cause=403;text=\"Forbidden\""}};
  parts.callUuid = "TTL7J9EM750GP936CFL0EOACN8000006";
  EXPECT_EQ(writeRequest(parts).size(), 497u);
}

RequestParts cancelledInvite() {
  RequestParts parts;
  parts.method = "INVITE";
  parts.uri = "sip:1002@192.168.210.54:5061";
  parts.from = "sip:1003@192.168.210.81:5060;tag=A2BB77D7-EABF-4274-8BD4-6D98F1BD8715-24";
  parts.to = "sip:1002@192.168.210.81";
  parts.callId = "640476ED-F320-46F0-975D-6290F4CB29F6-6@192.168.210.81";
  parts.viaSentBy = kServer;
  parts.branch = "z9hG4bKD15025DA-835B-4C9E-9D96-D8C925E2E030-10";
  parts.callUuid = "TTL7J9EM750GP936CFL0EOACN8000002";
  parts.contact = "<sip:1003@192.168.210.81:5060>";
  return parts;
}

TEST(Dialect, Cancel) {
  const std::string bytes = writeCancel(cancelledInvite());
  EXPECT_EQ(bytes.size(), 365u);
  EXPECT_EQ(bytes.find("X-Genesys-CallUUID"), std::string::npos);
  EXPECT_EQ(bytes.find("Contact"), std::string::npos);
}

TEST(Dialect, AckOfFailure) {
  EXPECT_EQ(writeFailureAck(cancelledInvite(),
                            "<sip:1002@192.168.210.81>;tag=f90c6227-8e6d-4205-a84d-6eda8248601f"),
            "ACK sip:1002@192.168.210.54:5061 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.168.210.81:5060;"
            "branch=z9hG4bKD15025DA-835B-4C9E-9D96-D8C925E2E030-10\r\n"
            "From: sip:1003@192.168.210.81:5060;tag=A2BB77D7-EABF-4274-8BD4-6D98F1BD8715-24\r\n"
            "To: <sip:1002@192.168.210.81>;tag=f90c6227-8e6d-4205-a84d-6eda8248601f\r\n"
            "Call-ID: 640476ED-F320-46F0-975D-6290F4CB29F6-6@192.168.210.81\r\n"
            "CSeq: 1 ACK\r\n"
            "Max-Forwards: 70\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(Dialect, BlackHoleIsAsSeen) {
  EXPECT_EQ(writeSdp(blackHole(1770020797)),
            "v=0\r\n"
            "o=Genesys 1770020797 1 IN IP4 0.0.0.0\r\n"
            "s=3pcc Make Call\r\n"
            "c=IN IP4 0.0.0.0\r\n"
            "t=0 0\r\n"
            "m=audio 10000 RTP/AVP 101 8 0 4 18 3\r\n"
            "a=rtpmap:101 telephone-event/8000\r\n"
            "a=rtpmap:8 PCMA/8000\r\n"
            "a=rtpmap:0 PCMU/8000\r\n"
            "a=rtpmap:4 G723/8000\r\n"
            "a=rtpmap:18 G729/8000\r\n"
            "a=rtpmap:3 GSM/8000\r\n");
}

// The answer to a REGISTER echoes the request's headers in the request's order, brackets and all.
TEST(Dialect, AnswerEchoesInOrderOfTheRequest) {
  const auto request = parseSip(
      "REGISTER sip:192.168.210.81 SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.168.210.54:5061;rport;"
      "branch=z9hG4bKPjc02088d5-6352-4003-a5e9-4a94acc9b41f\r\n"
      "From: <sip:5003@192.168.210.81>;tag=aeb00dc9-815d-4e29-8fec-f64ec444d2a0\r\n"
      "To: <sip:5003@192.168.210.81>\r\n"
      "Call-ID: cb944417-46d6-4cd3-8bfe-678b09366562\r\n"
      "CSeq: 43784 REGISTER\r\n"
      "Contact: <sip:5003@192.168.210.54:5061>\r\n"
      "Expires: 3600\r\n"
      "Content-Length:  0\r\n\r\n");
  ASSERT_TRUE(request) << request.error();
  ResponseParts parts;
  parts.status = 404;
  parts.phrase = "Not Found";
  parts.toTag = "A2BB77D7-EABF-4274-8BD4-6D98F1BD8715-9";
  parts.headers = {{"Expires", "3600"}, {"Contact", "<sip:5003@192.168.210.54:5061>;expires=3600"}};
  const std::string bytes = writeResponse(request.value(), "192.168.210.54", parts);
  EXPECT_EQ(bytes.size(), 451u);
  EXPECT_EQ(bytes,
            "SIP/2.0 404 Not Found\r\n"
            "Via: SIP/2.0/UDP 192.168.210.54:5061;rport;"
            "branch=z9hG4bKPjc02088d5-6352-4003-a5e9-4a94acc9b41f;received=192.168.210.54\r\n"
            "From: <sip:5003@192.168.210.81>;tag=aeb00dc9-815d-4e29-8fec-f64ec444d2a0\r\n"
            "To: <sip:5003@192.168.210.81>;tag=A2BB77D7-EABF-4274-8BD4-6D98F1BD8715-9\r\n"
            "Call-ID: cb944417-46d6-4cd3-8bfe-678b09366562\r\n"
            "CSeq: 43784 REGISTER\r\n"
            "Expires: 3600\r\n"
            "Contact: <sip:5003@192.168.210.54:5061>;expires=3600\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(Dialect, ReceivedGoesBehindTheTopmostVia) {
  const auto request = parseSip(
      "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\n"
      "v: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.3;branch=z9hG4bK2\r\n"
      "Via: SIP/2.0/UDP 10.0.0.4;branch=z9hG4bK3\r\n"
      "f: sip:b@127.0.0.1;tag=x\r\nt: sip:a@127.0.0.1\r\ni: 1\r\nCSeq: 7 OPTIONS\r\nl: 0\r\n\r\n");
  ASSERT_TRUE(request) << request.error();
  EXPECT_EQ(writeResponse(request.value(), "127.0.0.9", {200, "OK", "T", {}, "", ""}),
            "SIP/2.0 200 OK\r\n"
            "Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1;received=127.0.0.9, "
            "SIP/2.0/UDP 10.0.0.3;branch=z9hG4bK2\r\n"
            "Via: SIP/2.0/UDP 10.0.0.4;branch=z9hG4bK3\r\n"
            "From: sip:b@127.0.0.1;tag=x\r\nTo: sip:a@127.0.0.1;tag=T\r\n"
            "Call-ID: 1\r\nCSeq: 7 OPTIONS\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace genesys::sim
