#include "sdp/browser_description.hpp"

#include <gmock/gmock.h>

#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using test::crlf;
using test::parsed;
using testing::HasSubstr;
using testing::Not;

BrowserAnswered answered(const std::string& offer) {
  auto result = answerBrowser(parsed(offer), OpusHints{});
  EXPECT_TRUE(result.ok()) << result.error().reason;
  return result.ok() ? std::move(result).value() : BrowserAnswered{};
}

TEST(AnswerBrowser, TakesOpusAndRefusesVideoAndData) {
  const BrowserAnswered result = answered(test::kChromiumOffer);
  EXPECT_EQ(result.opusPayloadType, 111);
  const std::string text = toString(result.answer);
  EXPECT_THAT(text, HasSubstr(crlf("m=audio 9 UDP/TLS/RTP/SAVPF 111\n"
                                   "a=rtpmap:111 opus/48000/2\n"
                                   "a=fmtp:111 maxplaybackrate=8000;sprop-maxcapturerate=8000;")));
  EXPECT_THAT(text, HasSubstr("maxaveragebitrate=24000;stereo=0;useinbandfec=1;usedtx=0\r\n"));
  EXPECT_THAT(text, HasSubstr("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));
  EXPECT_THAT(text, HasSubstr("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
}

TEST(AnswerBrowser, AsksForTheBandThatTheFarEndsHave) {
  const auto text = [](std::vector<const media::Codec*> codecs) {
    const auto result = answerBrowser(parsed(test::kChromiumOffer), hintsFor(codecs));
    return result ? toString(result->answer) : "";
  };
  const char* const narrow =
      "maxplaybackrate=8000;sprop-maxcapturerate=8000;maxaveragebitrate=24000;stereo=0;";
  const char* const wide =
      "maxplaybackrate=16000;sprop-maxcapturerate=16000;maxaveragebitrate=32000;stereo=0;";
  EXPECT_THAT(text({&media::pcmu(), &media::l16At8000()}), HasSubstr(narrow));
  EXPECT_THAT(text({&media::pcmu(), &media::g722()}), HasSubstr(wide));
  EXPECT_THAT(text({&media::opus()}), HasSubstr(wide));
  EXPECT_THAT(text({&media::l16At16000(), &media::pcma()}), HasSubstr(wide));
}

TEST(AnswerBrowser, SendsPacketsOfTheLengthThatItAsksFor) {
  const auto ptime = [](const std::string& lines) {
    const auto result = answerBrowser(
        parsed("v=0\r\no=- 1 2 IN IP4 1.1.1.1\r\n" +
               crlf("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n" + lines)),
        OpusHints{});
    return result ? result->ptimeMs : 0;
  };
  EXPECT_EQ(ptime(""), 20);
  EXPECT_EQ(ptime("a=ptime:10\n"), 10);
  EXPECT_EQ(ptime("a=ptime:60\n"), 60);
  EXPECT_EQ(ptime("a=ptime:120\n"), 20);
  EXPECT_EQ(ptime("a=maxptime:10\n"), 10);
}

TEST(AnswerBrowser, LeavesToJanusWhatJanusWrites) {
  const std::string text = toString(answered(test::kChromiumOffer).answer);
  for (const char* line : {"a=mid", "a=rtcp-mux", "a=group", "a=ice", "a=fingerprint", "a=setup"})
    EXPECT_THAT(text, Not(HasSubstr(line)));
  // Janus writes an o= of its own when these are 0.
  EXPECT_THAT(text, HasSubstr("o=- 0 0 IN IP4 127.0.0.1\r\n"));
}

TEST(AnswerBrowser, AFirstLineThatIsRefusedCouldStandAsInactive) {
  // Janus turns the port of the first line into 9 in any case.
  const BrowserAnswered result = answered(crlf(R"(v=0
o=- 1 2 IN IP4 1.1.1.1
s=-
t=0 0
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 1.1.1.1
a=sendrecv
a=mid:0
a=rtpmap:96 VP8/90000
a=rtpmap:97 H264/90000
a=fmtp:97 packetization-mode=1
m=audio 9 UDP/TLS/RTP/SAVPF 109 0
c=IN IP4 1.1.1.1
a=recvonly
a=mid:1
a=rtpmap:109 opus/48000/2
)"));
  EXPECT_EQ(result.opusPayloadType, 109);
  const std::string text = toString(result.answer);
  EXPECT_THAT(text, HasSubstr(crlf("m=video 0 UDP/TLS/RTP/SAVPF 96\n"
                                   "a=rtpmap:96 VP8/90000\na=inactive\nm=audio 9 ")));
  EXPECT_EQ(result.answer.media[1].direction, Direction::SendOnly);
}

TEST(AnswerBrowser, RefusesFurtherAudioLines) {
  const BrowserAnswered result = answered(crlf(R"(v=0
o=- 1 2 IN IP4 1.1.1.1
s=-
t=0 0
m=audio 0 UDP/TLS/RTP/SAVPF 0
m=audio 9 UDP/TLS/RTP/SAVPF 0
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=rtpmap:111 opus/48000/2
m=audio 9 UDP/TLS/RTP/SAVPF 112
a=rtpmap:112 opus/48000/2
)"));
  EXPECT_EQ(result.opusPayloadType, 111);
  ASSERT_EQ(result.answer.media.size(), 4u);
  EXPECT_EQ(result.answer.media[2].port, 9);
  for (const size_t other : {0, 1, 3}) EXPECT_EQ(result.answer.media[other].port, 0) << other;
}

TEST(AnswerBrowser, WithoutOpusIsADisagreement) {
  const std::string head = "v=0\r\no=- 1 2 IN IP4 1.1.1.1\r\n";
  const auto refused = [&](const std::string& lines) {
    return !answerBrowser(parsed(head + crlf(lines)), OpusHints{}).ok();
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("m=audio 9 UDP/TLS/RTP/SAVPF 0 8\n"));
  EXPECT_TRUE(refused("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000\n"));
  EXPECT_TRUE(refused("m=audio 9 UDP/TLS/RTP/SAVPF 72\na=rtpmap:72 opus/48000/2\n"));
  EXPECT_TRUE(refused("m=video 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n"));
}

TEST(AnswerBrowser, NoLineIsLongerThanJanusKeeps) {
  OpusHints hints;
  hints.maxAverageBitrate = UINT32_MAX;
  hints.maxPlaybackRate = UINT32_MAX;
  const auto result = answerBrowser(parsed(test::kChromiumOffer), hints);
  ASSERT_TRUE(result.ok());
  const std::string text = toString(result->answer);
  for (size_t start = 0; start < text.size(); start = text.find('\n', start) + 1)
    EXPECT_LT(text.find('\n', start) - start, 500u);
}

TEST(OfferToBrowser, IsAudioWithOpus111AndItsOwnOrigin) {
  const SessionDescription offer = offerToBrowser(OpusHints{.inbandFec = false, .dtx = true}, 7, 2);
  const std::string text = toString(offer);
  EXPECT_THAT(text, HasSubstr("o=- 7 2 IN IP4 127.0.0.1\r\n"));
  EXPECT_THAT(text, HasSubstr("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
  EXPECT_THAT(text, HasSubstr("useinbandfec=0;usedtx=1\r\n"));
  EXPECT_THAT(text, HasSubstr("a=sendrecv\r\n"));
  EXPECT_EQ(toString(parsed(text)), text);
}

TEST(AcceptBrowserAnswer, FindsTheOpusPayloadType) {
  const std::string head = "v=0\r\no=- 1 2 IN IP4 1.1.1.1\r\n";
  const auto good = acceptBrowserAnswer(
      parsed(head + crlf("m=audio 9 UDP/TLS/RTP/SAVPF 109\na=rtpmap:109 opus/48000/2\n")));
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->payloadType, 109);
  EXPECT_EQ(good->ptimeMs, 20);
  const auto longer = acceptBrowserAnswer(
      parsed(head + crlf("m=audio 9 UDP/TLS/RTP/SAVPF 109\na=rtpmap:109 opus/48000/2\n"
                         "a=ptime:60\na=maxptime:40\n")));
  EXPECT_EQ(longer->ptimeMs, 40);
  EXPECT_FALSE(acceptBrowserAnswer(parsed(head + "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n")).ok());
}

}  // namespace
}  // namespace genesys::sdp
