#include <gmock/gmock.h>

#include <chrono>

#include "sdp/session_description.hpp"
#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using test::crlf;
using test::parsed;
using testing::HasSubstr;

const std::string kHead =
    "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
const std::string kAudio = "m=audio 4000 RTP/AVP 0 101\r\n";

/// The refusal of kHead + kAudio + `lines`.
SdpError refusal(const std::string& lines) {
  const auto result = parse(kHead + kAudio + lines);
  EXPECT_FALSE(result.ok()) << lines;
  return result.ok() ? SdpError{} : result.error();
}

TEST(Parse, ReadsWhatAGenesysSoftphoneOffers) {
  const SessionDescription d = parsed(test::kSoftphoneOffer);
  EXPECT_EQ(d.sessionId, 3577523611u);
  EXPECT_EQ(d.originAddress, "192.0.2.10");
  ASSERT_EQ(d.media.size(), 1u);
  const Media& audio = d.media[0];
  EXPECT_EQ(audio.kind, "audio");
  EXPECT_EQ(audio.port, 4004);
  EXPECT_EQ(audio.rtcpPort, 4005);
  EXPECT_EQ(audio.formats.size(), 9u);
  EXPECT_EQ(audio.formats[0].encoding, "pcmu");
  EXPECT_EQ(audio.formats[0].clockRate, 8000u);
  EXPECT_EQ(audio.formats[6].parameters, "annexb=yes");
  EXPECT_EQ(audio.formats[7].channels, 2);
  EXPECT_EQ(d.directionOf(audio), Direction::SendRecv);
  EXPECT_EQ(d.addressOf(audio), "192.0.2.10");
}

TEST(Parse, ReadsTheBlackHole) {
  const SessionDescription d = parsed(test::kBareBlackHole);
  ASSERT_EQ(d.media.size(), 1u);
  EXPECT_EQ(d.media[0].formats.front().payloadType, 101);
  EXPECT_EQ(d.media[0].formats.front().encoding, "");
  EXPECT_EQ(d.addressOf(d.media[0]), "0.0.0.0");
  EXPECT_FALSE(d.media[0].direction.has_value());
}

TEST(Parse, ReadsLinesOfABrowserThatAreNotRtp) {
  const SessionDescription d = parsed(test::kChromiumOffer);
  ASSERT_EQ(d.media.size(), 3u);
  EXPECT_EQ(d.media[0].mid, "0");
  EXPECT_EQ(d.media[2].kind, "application");
  EXPECT_EQ(d.media[2].rawFormats, "webrtc-datachannel");
  EXPECT_TRUE(d.media[2].formats.empty());
}

TEST(Parse, MediaLevelOverridesSessionLevel) {
  const auto d = parsed(crlf(R"(v=0
o=- 1 2 IN IP4 192.0.2.1
s=-
c=IN IP4 192.0.2.1
t=0 0
a=sendonly
m=audio 4000 RTP/AVP 0
m=audio 4002 RTP/AVP 0
c=IN IP4 192.0.2.9
a=inactive
)"));
  EXPECT_EQ(d.directionOf(d.media[0]), Direction::SendOnly);
  EXPECT_EQ(d.addressOf(d.media[0]), "192.0.2.1");
  EXPECT_EQ(d.directionOf(d.media[1]), Direction::Inactive);
  EXPECT_EQ(d.addressOf(d.media[1]), "192.0.2.9");
}

TEST(Parse, AcceptsWhatIsMetInTheField) {
  // LF only; s= and t= missing; blanks at line ends; empty lines at the end; no last line end.
  EXPECT_TRUE(
      parse("v=0\no=- 1 2 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0").ok());
  EXPECT_TRUE(
      parse(kHead + "m=audio 4000 RTP/AVP 0 8 \r\na=ptime:20 \r\na=sendrecv \r\n\r\n\r\n").ok());
  EXPECT_TRUE(parse(kHead + kAudio + "a=rtpmap:0 PCMU/8000/1\r\na=ptime:20.5\r\n").ok());
  EXPECT_TRUE(parse(kHead + kAudio + "a=rtpmap:99 foo/8000\r\nz=what\r\na=unknown\r\n").ok());
  EXPECT_EQ(parsed(kHead + "m=audio 4000/1 RTP/AVP 0\r\n").media[0].port, 4000);
}

TEST(Parse, ReadsIPv6) {
  const auto d = parsed(
      "v=0\r\no=- 1 2 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::2\r\nt=0 0\r\n" + kAudio);
  EXPECT_EQ(d.addressOf(d.media[0]), "2001:db8::2");
}

TEST(Parse, SizeAndLinesAreBounded) {
  std::string lines = kHead + kAudio;
  const size_t used = 6;
  for (size_t i = used; i < kMaxSdpLines; ++i) lines += "a=x\r\n";
  EXPECT_TRUE(parse(lines).ok());
  const auto over = parse(lines + "a=x\r\n");
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().line, kMaxSdpLines + 1);

  std::string octets = kHead + kAudio + "a=x:";
  octets += std::string(kMaxSdpOctets - octets.size(), 'y');
  EXPECT_TRUE(parse(octets).ok());
  EXPECT_FALSE(parse(octets + "y").ok());
}

TEST(Parse, NamesTheLine) {
  const SdpError error = refusal("a=ptime:20\r\na=rtpmap:0\r\n");
  EXPECT_EQ(error.line, 8u);
  EXPECT_THAT(error.reason, HasSubstr("rtpmap"));
}

class Refused : public testing::TestWithParam<const char*> {};

TEST_P(Refused, AsALineOfAudio) {
  refusal(std::string(GetParam()) + "\r\n");
}

INSTANTIATE_TEST_SUITE_P(
    Attributes, Refused,
    testing::Values("a=rtpmap:0 PCMU/8000 garbage", "a=rtpmap:128 PCMU/8000",
                    "a=rtpmap:-1 PCMU/8000", "a=rtpmap:0 PCMU", "a=rtpmap:0 PCMU/0",
                    "a=rtpmap:0 PCMU/4294967296", "a=rtpmap:0 PCMU/8000/0",
                    "a=rtpmap:0 PCMU/8000/256", "a=rtpmap:0 PCMU/8000/", "a=rtpmap:0 PC(MU/8000",
                    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:0 PCMA/8000", "a=rtpmap:", "a=fmtp:101",
                    "a=fmtp:x 0-15", "a=fmtp:300 0-15", "a=ptime:0", "a=ptime:20x", "a=ptime:70000",
                    "a=ptime:-20", "a=ptime:", "a=maxptime:1e3", "a=rtcp:", "a=rtcp:65536",
                    "a=rtcp:5000 IN IP9 x", "a=sendrecv:yes", "a=sendrecv\r\na=inactive",
                    "a=mid:", "a=mid:a b"));
INSTANTIATE_TEST_SUITE_P(
    Lines, Refused,
    testing::Values("c=IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1", "c=IN IP4 host.example.com",
                    "c=IN IP4 224.2.1.1", "c=IN IP4 224.2.1.1/127", "c=IN IP4 255.255.255.255",
                    "c=IN IP6 ff02::1", "c=IN IP4 192.0.2.1 192.0.2.2", "c=IN IP4 1.2.3",
                    "c=IN IP4", "c=IN IP4 2001:db8::1", "c=ATM NSAP 1", "o=- 1 2 IN IP4 192.0.2.1",
                    "v=0", "m=", "m=audio", "m=audio 65536 RTP/AVP 0", "m=audio -1 RTP/AVP 0",
                    "m=audio 4000 RTP/AVP", "m=audio 4000 RTP/AVP 128", "m=audio 4000 RTP/AVP 0x0",
                    "m=audio 4000 RTP/AVP 0 99999999999999999999", "m=audio 4000/2 RTP/AVP 0",
                    "m=au:dio 4000 RTP/AVP 0", "nonsense", "=", "a", "\r\na=x", "a=x\ry"));

TEST(Parse, RefusesBadHeads) {
  for (const char* text :
       {"", "\r\n", "v=1\r\n", "o=- 1 2 IN IP4 192.0.2.1\r\n", "v=0\r\n", "v=0\r\ns=-\r\n",
        "v=0\r\no=- x 2 IN IP4 192.0.2.1\r\n", "v=0\r\no=- 1 IN IP4 192.0.2.1\r\n",
        "v=0\r\no=- 18446744073709551616 2 IN IP4 192.0.2.1\r\n",
        "v=0\r\no=- 1 -2 IN IP4 192.0.2.1\r\n", "v=0\r\no=- 1 2 IN IP4\r\n"})
    EXPECT_FALSE(parse(text).ok()) << text;
}

TEST(Parse, RefusesNulAndOtherControls) {
  EXPECT_FALSE(parse(kHead + kAudio + std::string("a=x\0y\r\n", 7)).ok());
  EXPECT_FALSE(parse(kHead + kAudio + "a=x\x7f\r\n").ok());
  EXPECT_FALSE(parse(kHead + kAudio + "a=x\ty\r\n").ok());
}

TEST(Parse, DuplicatePayloadTypesCountOnce) {
  std::string line = "m=audio 4000 RTP/AVP";
  for (int i = 0; i < 300; ++i) line += " " + std::to_string(i % 128);
  EXPECT_EQ(parsed(kHead + line + "\r\n").media[0].formats.size(), 128u);
}

TEST(Parse, LongestInputIsQuick) {
  std::string text = kHead + "m=audio 4000 RTP/AVP";
  while (text.size() < kMaxSdpOctets - 8) text += " 127";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(parse(text + "\r\n").ok());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
}

}  // namespace
}  // namespace genesys::sdp
