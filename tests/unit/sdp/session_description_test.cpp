#include "sdp/session_description.hpp"

#include <gmock/gmock.h>

#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using test::crlf;
using test::parsed;
using testing::HasSubstr;
using testing::Not;

TEST(ToString, WritesInTheOrderOfRfc8866) {
  SessionDescription d;
  d.sessionId = 17;
  d.version = 3;
  d.originAddress = "192.0.2.1";
  d.address = "192.0.2.1";
  Media audio;
  audio.kind = "audio";
  audio.port = 30000;
  audio.protocol = "RTP/AVP";
  audio.formats = {{0, "PCMU", 8000, 1, ""}, {101, "telephone-event", 8000, 1, "0-15"}};
  audio.ptimeMs = 20;
  audio.direction = Direction::SendOnly;
  d.media.push_back(audio);
  EXPECT_EQ(toString(d), crlf(R"(v=0
o=- 17 3 IN IP4 192.0.2.1
s=-
c=IN IP4 192.0.2.1
t=0 0
m=audio 30000 RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendonly
)"));
}

TEST(ToString, ComesBackAsItWas) {
  for (const std::string& text :
       {test::kBlackHole, test::kBareBlackHole, test::kSoftphoneOffer, test::kChromiumOffer}) {
    const std::string written = toString(parsed(text));
    EXPECT_EQ(toString(parsed(written)), written);
  }
}

TEST(ToString, WritesIPv6AndRefusedLines) {
  SessionDescription d;
  d.originAddress = "2001:db8::1";
  d.media.resize(2);
  d.media[0].kind = "application";
  d.media[0].protocol = "UDP/DTLS/SCTP";
  d.media[0].rawFormats = "webrtc-datachannel";
  d.media[1].kind = "video";
  d.media[1].protocol = "RTP/AVP";
  EXPECT_THAT(toString(d), HasSubstr("IN IP6 2001:db8::1\r\n"));
  EXPECT_THAT(toString(d), HasSubstr("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
  EXPECT_THAT(toString(d), HasSubstr("m=video 0 RTP/AVP 0\r\n"));
}

TEST(ToString, NoValueStartsALineOfItsOwn) {
  SessionDescription d;
  d.sessionName = "x\r\na=evil";
  d.originAddress = "192.0.2.1\nm=audio 1 RTP/AVP 0";
  EXPECT_THAT(toString(d), Not(HasSubstr("\na=evil")));
  EXPECT_THAT(toString(d), Not(HasSubstr("\nm=audio")));
}

}  // namespace
}  // namespace genesys::sdp
