#include "sdp/body.hpp"

#include <gmock/gmock.h>

#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using test::crlf;
using Kind = BodyError::Kind;

std::string found(const std::string& type, const std::string& body) {
  const auto result = sessionDescriptionIn(type, body);
  EXPECT_TRUE(result.ok()) << result.error().reason;
  return result.ok() ? std::string(result.value()) : "";
}

Kind refusal(const std::string& type, const std::string& body) {
  const auto result = sessionDescriptionIn(type, body);
  EXPECT_FALSE(result.ok());
  return result.ok() ? Kind{} : result.error().kind;
}

const std::string kTwoParts = crlf(R"(preamble
--b1
Content-Type: application/isup;version=x
Content-Transfer-Encoding: base64

AAAA
--b1
content-type: Application/SDP
Content-Disposition: session;handling=required

v=0
s=-

--b1--
epilogue
)");

TEST(Body, PlainSdpIsTaken) {
  EXPECT_EQ(found("application/sdp", "v=0"), "v=0");
  EXPECT_EQ(found(" Application/SDP ; charset=utf-8", "v=0"), "v=0");
}

TEST(Body, OtherTypesAreNotSdp) {
  EXPECT_EQ(refusal("text/plain", "v=0"), Kind::NotSdp);
  EXPECT_EQ(refusal("", "v=0"), Kind::NotSdp);
  EXPECT_EQ(refusal("application/sdpx", "v=0"), Kind::NotSdp);
}

TEST(Body, TheSdpPartIsFound) {
  const std::string sdp = "v=0\r\ns=-\r\n";
  EXPECT_EQ(found("multipart/mixed;boundary=b1", kTwoParts), sdp);
  EXPECT_EQ(found("Multipart/Alternative; x=\"a;boundary=z\"; BOUNDARY=\"b1\"", kTwoParts), sdp);
  EXPECT_EQ(found("multipart/mixed;boundary=a b1;boundary=b1",
                  "--a b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--a b1--"),
            "v=0");
}

TEST(Body, LinesMayEndWithLf) {
  EXPECT_EQ(found("multipart/mixed;boundary=x",
                  "--x\nContent-Type: application/sdp\n\nv=0\ns=-\n\n--x--"),
            "v=0\ns=-\n");
}

TEST(Body, ALongerBoundaryIsNotADelimiter) {
  EXPECT_EQ(found("multipart/mixed;boundary=x",
                  "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--xy\r\n--x--"),
            "v=0\r\n--xy");
}

TEST(Body, OnlyTheFirstSdpPartCounts) {
  EXPECT_EQ(found("multipart/mixed;boundary=x",
                  "--x\r\nContent-Type: application/sdp\r\n\r\n1\r\n"
                  "--x\r\nContent-Type: application/sdp\r\n\r\n2\r\n--x--"),
            "1");
}

TEST(Body, MalformedMultipartIsRefused) {
  const std::string part = "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n";
  EXPECT_EQ(refusal("multipart/mixed", part + "--x--"), Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=", part + "--x--"), Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=\"x \"", part + "--x--"), Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=" + std::string(71, 'x'), part), Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=x", part), Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=x", ""), Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=x", "--x\r\nno colon\r\n\r\nv=0\r\n--x--"),
            Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=x",
                    "--x\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n"
                    "\r\ndj0w\r\n--x--"),
            Kind::Malformed);
  EXPECT_EQ(refusal("multipart/mixed;boundary=x", "--x\r\n\r\ntext\r\n--x--"), Kind::NotSdp);
}

TEST(Body, PartsHeadersAndOctetsAreBounded) {
  const auto parts = [](size_t count) {
    std::string body;
    for (size_t i = 1; i < count; ++i) body += "--x\r\n\r\ntext\r\n";
    return body + "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--";
  };
  EXPECT_EQ(found("multipart/mixed;boundary=x", parts(kMaxBodyParts)), "v=0");
  EXPECT_EQ(refusal("multipart/mixed;boundary=x", parts(kMaxBodyParts + 1)), Kind::Malformed);

  std::string headers = "--x\r\n";
  for (int i = 0; i < 20; ++i) headers += "X: y\r\n";
  EXPECT_EQ(refusal("multipart/mixed;boundary=x", headers + "\r\nv=0\r\n--x--"), Kind::Malformed);
  EXPECT_EQ(refusal("application/sdp", std::string(kMaxBodyOctets + 1, 'x')), Kind::Malformed);
}

}  // namespace
}  // namespace genesys::sdp
