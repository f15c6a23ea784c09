#include "sdp/offer_answer.hpp"

#include <gmock/gmock.h>

#include "sdp/texts.hpp"

namespace genesys::sdp {
namespace {

using test::crlf;
using test::parsed;
using testing::HasSubstr;

LocalAudio local() {
  LocalAudio audio;
  audio.address = "192.0.2.7";
  audio.port = 30000;
  audio.codecs = {&media::pcma(), &media::pcmu()};
  audio.sessionId = 5;
  audio.version = 1;
  return audio;
}

std::string offerWith(const std::string& address, const std::string& lines) {
  return "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\n" +
         crlf(lines);
}

Answered answered(const std::string& offer, const LocalAudio& audio = local()) {
  auto result = makeAnswer(parsed(offer), audio);
  EXPECT_TRUE(result.ok()) << result.error().reason;
  return result.ok() ? std::move(result).value() : Answered{};
}

Agreed accepted(const std::string& answer, const LocalAudio& audio = local()) {
  auto result = acceptAnswer(makeOffer(audio), parsed(answer));
  EXPECT_TRUE(result.ok()) << result.error().reason;
  return result.ok() ? std::move(result).value() : Agreed{};
}

std::string refusal(const std::string& offer) {
  const auto result = makeAnswer(parsed(offer), local());
  EXPECT_FALSE(result.ok());
  return result.ok() ? "" : result.error().reason;
}

TEST(MakeOffer, NamesEveryCodecThenDigits) {
  EXPECT_EQ(toString(makeOffer(local())), crlf(R"(v=0
o=- 5 1 IN IP4 192.0.2.7
s=-
c=IN IP4 192.0.2.7
t=0 0
m=audio 30000 RTP/AVP 8 0 101
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv
)"));
}

TEST(MakeOffer, WideBandCodecsHaveTheirClocksAndParameters) {
  LocalAudio audio = local();
  audio.codecs = {&media::opus(), &media::g722(), &media::l16At16000(), &media::pcma()};
  EXPECT_THAT(
      toString(makeOffer(audio)),
      HasSubstr(crlf(
          "m=audio 30000 RTP/AVP 111 9 112 8 101 102 103\n"
          "a=rtpmap:111 opus/48000/2\n"
          "a=fmtp:111 maxplaybackrate=16000;sprop-maxcapturerate=16000;maxaveragebitrate=32000;"
          "stereo=0;useinbandfec=1;usedtx=0\n"
          "a=rtpmap:9 G722/8000\n"
          "a=rtpmap:112 L16/16000\n"
          "a=rtpmap:8 PCMA/8000\n"
          "a=rtpmap:101 telephone-event/48000\na=fmtp:101 0-15\n"
          "a=rtpmap:102 telephone-event/8000\na=fmtp:102 0-15\n"
          "a=rtpmap:103 telephone-event/16000\na=fmtp:103 0-15\n")));
}

TEST(MakeAnswer, WideBandWhereTheDnMay) {
  const std::string offer = offerWith("192.0.2.10", R"(m=audio 4000 RTP/AVP 96 97 9 0 98 99
a=rtpmap:96 opus/48000/2
a=fmtp:96 useinbandfec=1
a=rtpmap:97 L16/16000
a=rtpmap:98 telephone-event/8000
a=rtpmap:99 telephone-event/48000
a=ptime:60
)");
  LocalAudio audio = local();
  audio.codecs = {&media::pcmu(), &media::opus()};
  const Answered opus = answered(offer, audio);
  EXPECT_EQ(opus.agreed.send.codec, &media::opus());
  EXPECT_EQ(opus.agreed.send.payloadType, 96);
  EXPECT_EQ(opus.agreed.sendDigitsAs, 99);
  EXPECT_EQ(opus.agreed.sendDigitsClock, 48000U);
  EXPECT_EQ(opus.agreed.ptimeMs, 60);
  EXPECT_THAT(toString(opus.answer),
              HasSubstr(crlf("m=audio 30000 RTP/AVP 96 99\na=rtpmap:96 opus/48000/2\n"
                             "a=fmtp:96 maxplaybackrate=16000;")));
  audio.codecs = {&media::l16At16000(), &media::g722()};
  const Answered l16 = answered(offer, audio);
  EXPECT_EQ(l16.agreed.send.codec, &media::l16At16000());
  EXPECT_EQ(l16.agreed.ptimeMs, 40) << "60 ms do not fit into a packet";
  EXPECT_EQ(l16.agreed.sendDigitsAs, 98) << "better than none";
  EXPECT_EQ(l16.agreed.sendDigitsClock, 8000U);
  audio.codecs = {&media::g722()};
  EXPECT_THAT(toString(answered(offer, audio).answer),
              HasSubstr(crlf("m=audio 30000 RTP/AVP 9 98\na=rtpmap:9 G722/8000\n")));
}

TEST(AcceptAnswer, DigitsOnTheClockThatTheAnswerNames) {
  LocalAudio audio = local();
  audio.codecs = {&media::opus(), &media::pcmu()};
  const auto answer = [](const std::string& digits) {
    return offerWith("192.0.2.10",
                     "m=audio 4000 RTP/AVP 111 101\na=rtpmap:111 opus/48000/2\n" + digits);
  };
  const Agreed fast = accepted(answer("a=rtpmap:101 telephone-event/48000\n"), audio);
  EXPECT_EQ(fast.receiveDigitsAs, 101);
  EXPECT_EQ(fast.receiveDigitsClock, 48000U);
  // Ours for 8000 Hz is 102.
  const Agreed slow = accepted(answer("a=rtpmap:101 telephone-event/8000\n"), audio);
  EXPECT_EQ(slow.sendDigitsAs, 101);
  EXPECT_EQ(slow.sendDigitsClock, 8000U);
  EXPECT_EQ(slow.receiveDigitsAs, 102);
  EXPECT_EQ(slow.receiveDigitsClock, 8000U);
}

// RFC 3264 section 6.1: what we send and what comes may differ.
TEST(AcceptAnswer, SeveralCodecsMayComeAndTheFirstIsSent) {
  LocalAudio audio = local();
  audio.codecs = {&media::pcma(), &media::g722()};
  const Agreed agreed = accepted(offerWith("192.0.2.10", "m=audio 4000 RTP/AVP 9 8 101\n"), audio);
  EXPECT_EQ(agreed.send.codec, &media::g722());
  ASSERT_EQ(agreed.receive.size(), 2U);
  EXPECT_EQ(agreed.receive[0].codec, &media::g722());
  EXPECT_EQ(agreed.receive[1].codec, &media::pcma());
}

TEST(MakeAnswer, TakesTheFirstCommonCodecInTheirOrder) {
  const Answered result = answered(test::kSoftphoneOffer);
  EXPECT_EQ(result.agreed.send.codec, &media::pcmu());
  ASSERT_EQ(result.agreed.receive.size(), 1u);
  EXPECT_EQ(result.agreed.receive[0].payloadType, 0);
  EXPECT_EQ(result.agreed.sendDigitsAs, 101);
  EXPECT_EQ(result.agreed.receiveDigitsAs, 101);
  EXPECT_EQ(result.agreed.remoteAddress, "192.0.2.10");
  EXPECT_EQ(result.agreed.remotePort, 4004);
  EXPECT_EQ(result.agreed.remoteRtcpPort, 4005);
  EXPECT_EQ(result.agreed.direction, Direction::SendRecv);
  EXPECT_THAT(toString(result.answer), HasSubstr(crlf("m=audio 30000 RTP/AVP 0 101\n"
                                                      "a=rtpmap:0 PCMU/8000\n"
                                                      "a=rtpmap:101 telephone-event/8000\n"
                                                      "a=fmtp:101 0-15\n")));
}

TEST(MakeAnswer, UsesTheirDynamicNumbersAndAnyLetterCase) {
  const Answered result = answered(offerWith("192.0.2.10", R"(m=audio 4000 RTP/AVP 97 98
a=rtpmap:97 pcma/8000
a=rtpmap:98 Telephone-Event/8000
)"));
  EXPECT_EQ(result.agreed.send.codec, &media::pcma());
  EXPECT_EQ(result.agreed.send.payloadType, 97);
  EXPECT_EQ(result.agreed.sendDigitsAs, 98);
}

TEST(MakeAnswer, TheBlackHoleIsHoldWithoutAnAddress) {
  for (const std::string& offer : {test::kBlackHole, test::kBareBlackHole}) {
    const Answered result = answered(offer);
    EXPECT_EQ(result.agreed.send.codec, &media::pcma());
    EXPECT_EQ(result.agreed.remoteAddress, "");
    EXPECT_EQ(result.agreed.remotePort, 10000);
    EXPECT_EQ(result.agreed.direction, Direction::SendRecv);
    EXPECT_EQ(result.agreed.sendDigitsAs, 101);
    EXPECT_THAT(toString(result.answer), HasSubstr("telephone-event/8000\r\na=fmtp:101 0-15\r\n"));
  }
}

TEST(MakeAnswer, DigitsAreLeftOutIfNotOffered) {
  const Answered result = answered(offerWith("192.0.2.10", "m=audio 4000 RTP/AVP 8\n"));
  EXPECT_FALSE(result.agreed.sendDigitsAs.has_value());
  EXPECT_THAT(toString(result.answer), HasSubstr("m=audio 30000 RTP/AVP 8\r\n"));
}

TEST(OfferAnswer, TelephoneEventIsNotNamedWhereDigitsAreTones) {
  LocalAudio tones = local();
  tones.digitsPayloadType.reset();
  const std::string offer = toString(makeOffer(tones));
  EXPECT_THAT(offer, testing::Not(HasSubstr("telephone-event")));
  EXPECT_THAT(offer, testing::Not(HasSubstr(" 101")));
  const Answered result = answered(offerWith("192.0.2.10", R"(m=audio 4000 RTP/AVP 8 101
a=rtpmap:101 telephone-event/8000
)"),
                                   tones);
  EXPECT_FALSE(result.agreed.sendDigitsAs || result.agreed.receiveDigitsAs);
  EXPECT_THAT(toString(result.answer), HasSubstr("m=audio 30000 RTP/AVP 8\r\n"));
}

TEST(MakeAnswer, DigitsRunOnTheClockOfTheAudio) {
  const Answered result = answered(offerWith("192.0.2.10", R"(m=audio 4000 RTP/AVP 96 8 97
a=rtpmap:96 telephone-event/48000
a=rtpmap:97 telephone-event/8000
)"));
  EXPECT_EQ(result.agreed.sendDigitsAs, 97);
}

struct Mirror {
  const char* offered;
  Direction ours;
  Direction expected;
};
class MakeAnswerMirrors : public testing::TestWithParam<Mirror> {};

TEST_P(MakeAnswerMirrors, Direction) {
  LocalAudio audio = local();
  audio.direction = GetParam().ours;
  const Answered result =
      answered(offerWith("192.0.2.10",
                         std::string("m=audio 4000 RTP/AVP 8\na=") + GetParam().offered + "\n"),
               audio);
  EXPECT_EQ(result.agreed.direction, GetParam().expected);
  EXPECT_EQ(result.answer.media[0].direction, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc3264, MakeAnswerMirrors,
    testing::Values(Mirror{"sendrecv", Direction::SendRecv, Direction::SendRecv},
                    Mirror{"sendonly", Direction::SendRecv, Direction::RecvOnly},
                    Mirror{"recvonly", Direction::SendRecv, Direction::SendOnly},
                    Mirror{"inactive", Direction::SendRecv, Direction::Inactive},
                    Mirror{"sendrecv", Direction::SendOnly, Direction::SendOnly},
                    Mirror{"sendonly", Direction::SendOnly, Direction::Inactive},
                    Mirror{"recvonly", Direction::RecvOnly, Direction::Inactive},
                    Mirror{"sendrecv", Direction::Inactive, Direction::Inactive}));

TEST(MakeAnswer, RefusesEveryOtherLineInPlace) {
  const Answered result = answered(offerWith("192.0.2.10", R"(m=video 5000 RTP/AVP 96
a=rtpmap:96 H264/90000
a=mid:v
m=audio 0 RTP/AVP 8
m=audio 4000 RTP/SAVP 8
m=audio 4002 RTP/AVP 8
m=audio 4004 RTP/AVP 8
m=image 6000 udptl t38
)"));
  std::vector<uint16_t> ports;
  for (const Media& line : result.answer.media) ports.push_back(line.port);
  EXPECT_THAT(ports, testing::ElementsAre(0, 0, 0, 30000, 0, 0));
  EXPECT_EQ(result.agreed.remotePort, 4002);
  EXPECT_EQ(result.answer.media[0].mid, "v");
  EXPECT_THAT(toString(result.answer), HasSubstr("m=video 0 RTP/AVP 96\r\n"));
  EXPECT_THAT(toString(result.answer), HasSubstr("m=image 0 udptl t38\r\n"));
}

TEST(MakeAnswer, SaysWhyItCannot) {
  EXPECT_THAT(refusal(offerWith("192.0.2.10", "m=audio 4000 RTP/AVP 18 4\n")), HasSubstr("codec"));
  EXPECT_THAT(refusal(offerWith("192.0.2.10", "m=video 4000 RTP/AVP 34\n")), HasSubstr("audio"));
  EXPECT_THAT(refusal(offerWith("192.0.2.10", "")), HasSubstr("audio"));
  EXPECT_THAT(refusal("v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\nm=audio 4000 RTP/AVP 8\r\n"),
              HasSubstr("address"));
}

TEST(MakeAnswer, PacketTimeIsTheirsIfItCanBeMade) {
  const auto ptime = [](const std::string& lines) {
    return answered(offerWith("192.0.2.10", "m=audio 4000 RTP/AVP 8\n" + lines)).agreed.ptimeMs;
  };
  EXPECT_EQ(ptime("a=ptime:30\n"), 30);
  EXPECT_EQ(ptime("a=ptime:25\n"), 20);
  EXPECT_EQ(ptime("a=ptime:60\na=maxptime:40\n"), 40);
  EXPECT_EQ(ptime("a=maxptime:10\n"), 10);
  EXPECT_EQ(ptime("a=maxptime:5\n"), 10);
}

TEST(AcceptAnswer, OneCodecAndDigits) {
  const Agreed agreed = accepted(offerWith("192.0.2.20", R"(m=audio 5000 RTP/AVP 0 101
a=rtpmap:101 telephone-event/8000
)"));
  EXPECT_EQ(agreed.send.codec, &media::pcmu());
  ASSERT_EQ(agreed.receive.size(), 1u);
  EXPECT_EQ(agreed.receive[0].codec, &media::pcmu());
  EXPECT_EQ(agreed.remoteAddress, "192.0.2.20");
  EXPECT_EQ(agreed.remotePort, 5000);
  EXPECT_EQ(agreed.remoteRtcpPort, 5001);
  EXPECT_EQ(agreed.sendDigitsAs, 101);
  EXPECT_EQ(agreed.receiveDigitsAs, 101);
}

TEST(AcceptAnswer, TheBlackHole) {
  for (const std::string& answer : {test::kBlackHole, test::kBareBlackHole}) {
    const Agreed agreed = accepted(answer);
    EXPECT_EQ(agreed.send.codec, &media::pcma());
    EXPECT_EQ(agreed.receive.size(), 2u);
    EXPECT_EQ(agreed.remoteAddress, "");
    EXPECT_EQ(agreed.sendDigitsAs, 101);
    EXPECT_EQ(agreed.direction, Direction::SendRecv);
  }
}

TEST(AcceptAnswer, AnEchoOfOurOfferTalksToNobody) {
  const Agreed agreed = accepted(toString(makeOffer(local())));
  EXPECT_EQ(agreed.remoteAddress, "");
  EXPECT_EQ(agreed.send.codec, &media::pcma());
  EXPECT_EQ(agreed.receive.size(), 2u);
}

TEST(AcceptAnswer, OtherNumbersThanOffered) {
  const Agreed agreed = accepted(offerWith("192.0.2.20", R"(m=audio 5000 RTP/AVP 100 99
a=rtpmap:99 pcmu/8000
a=rtpmap:100 telephone-event/8000
)"));
  EXPECT_EQ(agreed.send.payloadType, 99);
  ASSERT_EQ(agreed.receive.size(), 2u);
  EXPECT_EQ(agreed.receive[0].payloadType, 0);
  EXPECT_EQ(agreed.receive[1].payloadType, 99);
  EXPECT_EQ(agreed.sendDigitsAs, 100);
  EXPECT_EQ(agreed.receiveDigitsAs, 101);
}

TEST(AcceptAnswer, CodecsThatWeDidNotOfferDoNotCount) {
  const auto result = acceptAnswer(makeOffer(local()),
                                   parsed(offerWith("192.0.2.20", "m=audio 5000 RTP/AVP 18\n")));
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.error().reason, HasSubstr("codec"));
}

TEST(AcceptAnswer, APayloadTypeMappedToSomethingElseDoesNotCount) {
  const auto result = acceptAnswer(
      makeOffer(local()),
      parsed(offerWith("192.0.2.20", "m=audio 5000 RTP/AVP 8\na=rtpmap:8 G729/8000\n")));
  EXPECT_FALSE(result.ok());
}

TEST(AcceptAnswer, RefusedStreamIsInactive) {
  const Agreed agreed = accepted(offerWith("192.0.2.20", "m=audio 0 RTP/AVP 8\n"));
  EXPECT_EQ(agreed.remotePort, 0);
  EXPECT_EQ(agreed.direction, Direction::Inactive);
  EXPECT_EQ(agreed.send.codec, nullptr);
}

TEST(AcceptAnswer, DirectionIsMirroredAndNeverMoreThanOffered) {
  LocalAudio audio = local();
  const std::string sendonly = offerWith("192.0.2.20", "m=audio 5000 RTP/AVP 8\na=sendonly\n");
  const std::string sendrecv = offerWith("192.0.2.20", "m=audio 5000 RTP/AVP 8\n");
  EXPECT_EQ(accepted(sendonly, audio).direction, Direction::RecvOnly);
  audio.direction = Direction::SendOnly;
  EXPECT_EQ(accepted(sendrecv, audio).direction, Direction::SendOnly);
  EXPECT_EQ(accepted(sendonly, audio).direction, Direction::Inactive);
}

TEST(AcceptAnswer, NoAudioOrNoPlainRtpIsAnError) {
  EXPECT_FALSE(acceptAnswer(makeOffer(local()), parsed(offerWith("192.0.2.20", ""))).ok());
  EXPECT_FALSE(
      acceptAnswer(makeOffer(local()), parsed(offerWith("192.0.2.20", "m=audio 5000 RTP/SAVP 8\n")))
          .ok());
}

}  // namespace
}  // namespace genesys::sdp
