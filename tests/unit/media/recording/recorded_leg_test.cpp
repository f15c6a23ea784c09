// Both halves of a SIP leg write into one recording.
#include <gtest/gtest.h>

#include "captured.hpp"
#include "media/g711.hpp"
#include "media/level.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"
#include "tone.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

constexpr double kAgent = 440;  // Hz
constexpr double kFar = 660;

class Tape : public RecordingSink {
 public:
  bool write(std::unique_ptr<RecordedChunk> chunk) override {
    agent.insert(agent.end(), chunk->agent.begin(), chunk->agent.begin() + chunk->samples);
    farEnd.insert(farEnd.end(), chunk->farEnd.begin(), chunk->farEnd.begin() + chunk->samples);
    return true;
  }
  void finish() override {}
  std::vector<int16_t> agent, farEnd;
};

class RecordedLeg : public testing::Test {
 protected:
  void SetUp() override {
    configure(&pcmu());
    receiver.configure({{0, &pcmu()}}, 101);
    sender.setRecording(&recording);
    receiver.setRecording(&recording);
  }
  void configure(const Codec* codec) {
    SipSender::Params params;
    params.codec = codec;
    params.digitPayloadType = 101;
    sender.configure(params, out.now);
  }
  /// 20 ms at a time, as both ends send them.
  void talk(Millis time, bool farEnd = true) {
    for (const MonoTime end = out.now + time; out.now < end;) {
      out.now += 20ms;
      sender.run(out.now);
      sender.voice({test::tone(kAgent, 8000, 160, 8000, spoken), 8000}, out.now);
      if (farEnd) farSpeaks();
      recording.run(out.now);
      spoken += 160;
    }
  }
  void farSpeaks() {
    std::vector<uint8_t> payload(160);
    encodeG711(muLaw(), test::tone(kFar, 8000, 160, 8000, spoken), payload);
    receiver.received(
        {{false, 0, ++sequence, static_cast<uint32_t>(spoken) + offset, ssrc}, payload}, out.now);
  }
  void key(uint16_t duration, bool end) {
    if (!end) keyDown = static_cast<uint32_t>(spoken) + offset;
    std::vector<uint8_t> payload(4);
    writeTelephoneEvent({.event = 5, .end = end, .duration = duration}, payload);
    receiver.received({{false, 101, ++sequence, keyDown, ssrc}, payload}, out.now);
  }
  static std::span<const int16_t> part(const std::vector<int16_t>& side, int from, int ms) {
    return std::span(side).subspan(static_cast<size_t>(from) * 8, static_cast<size_t>(ms) * 8);
  }

  test::Captured out;
  StreamGauge sent, received;
  Random random{5};
  SipSender sender{out, sent, random};
  SipReceiver receiver{received};
  std::shared_ptr<Tape> tape = std::make_shared<Tape>();
  CallRecording recording{tape, out.now};
  size_t spoken = 0;
  uint16_t sequence = 0;
  uint32_t ssrc = 1;
  uint32_t offset = 0;
  uint32_t keyDown = 0;  ///< timestamp
};

TEST_F(RecordedLeg, HoldAndAMoveKeepBothSidesTogether) {
  talk(1000ms);
  configure(nullptr);  // inactive
  talk(600ms, false);
  configure(&pcmu());
  ssrc = 2;  // the far end is another
  offset = 123456;
  talk(1000ms);
  recording.finish(out.now);
  ASSERT_EQ(tape->agent.size(), tape->farEnd.size());
  EXPECT_NEAR(static_cast<double>(tape->agent.size()), 20800, 1);
  EXPECT_GT(test::shareAt(kAgent, 8000, part(tape->agent, 100, 800)), 0.99);
  EXPECT_GT(test::shareAt(kFar, 8000, part(tape->farEnd, 100, 800)), 0.99);
  EXPECT_EQ(levelDbov(part(tape->agent, 1100, 400)), kSilenceDbov);
  EXPECT_EQ(levelDbov(part(tape->farEnd, 1100, 400)), kSilenceDbov);
  EXPECT_GT(test::shareAt(kAgent, 8000, part(tape->agent, 1700, 800)), 0.99);
  EXPECT_GT(test::shareAt(kFar, 8000, part(tape->farEnd, 1700, 800)), 0.99);
}

TEST_F(RecordedLeg, DigitsAsEventsAreSilenceOnEitherSide) {
  talk(500ms);
  ASSERT_TRUE(sender.queueDigit('5', 200ms));
  key(160, false);
  talk(200ms);  // its tone beside the events is cut out for the agent, and here
  key(1760, true);
  talk(500ms);
  recording.finish(out.now);
  EXPECT_LT(levelDbov(part(tape->agent, 560, 120)), -60);
  EXPECT_LT(levelDbov(part(tape->farEnd, 540, 120)), -60);
  EXPECT_GT(test::shareAt(kAgent, 8000, part(tape->agent, 900, 250)), 0.99);
  EXPECT_GT(test::shareAt(kFar, 8000, part(tape->farEnd, 900, 250)), 0.99);
  EXPECT_NEAR(static_cast<double>(tape->agent.size()), 9600, 1);
}

TEST_F(RecordedLeg, LossIsSilenceInItsPlace) {
  talk(500ms);
  talk(40ms, false);
  sequence = static_cast<uint16_t>(sequence + 2);
  talk(460ms);
  recording.finish(out.now);
  EXPECT_EQ(levelDbov(part(tape->farEnd, 502, 36)), kSilenceDbov);
  EXPECT_GT(test::shareAt(kFar, 8000, part(tape->farEnd, 545, 400)), 0.99);
}

// 16 kHz on the wire, on either side; packets that would pass are decoded.
class RecordedWideBand : public testing::TestWithParam<const Codec*> {};

TEST_P(RecordedWideBand, BothSidesAreRecordedInTheirBand) {
  const Codec& codec = *GetParam();
  test::Captured out;
  StreamGauge sent, received;
  Random random{5};
  SipSender sender(out, sent, random);
  SipReceiver receiver(received);
  const auto tape = std::make_shared<Tape>();
  CallRecording recording(tape, out.now);
  sender.configure({.codec = &codec, .payloadType = 96}, out.now);
  receiver.configure({{96, &codec}}, std::nullopt);
  sender.setRecording(&recording);
  receiver.setRecording(&recording);
  const auto encoder = makeVoiceEncoder(codec);
  for (uint16_t i = 0; i < 50; ++i) {
    // A tone for the telephone, and one that must not be folded into its band.
    auto pcm = test::tone(kAgent, 16000, 320, 8000, i * 320U);
    const auto high = test::tone(6000, 16000, 320, 8000, i * 320U);
    for (size_t n = 0; n < pcm.size(); ++n) pcm[n] = static_cast<int16_t>(pcm[n] + high[n]);
    out.now += 20ms;
    sender.run(out.now);
    sender.voice({pcm, 16000}, out.now);
    std::vector<uint8_t> payload(1400);
    payload.resize(encoder->encode(test::tone(kFar, 16000, 320, 8000, i * 320U), payload));
    const auto timestamp = i * codec.rtpClock / 50;
    receiver.received({{false, 96, i, timestamp, 1}, payload}, out.now);
    recording.run(out.now);
  }
  recording.finish(out.now);
  EXPECT_NEAR(static_cast<double>(tape->agent.size()), 8000, 1);
  const auto part = [](const std::vector<int16_t>& side) {
    return std::span(side).subspan(1600, 5600);
  };
  EXPECT_GT(test::shareAt(kAgent, 8000, part(tape->agent)), 0.99);
  EXPECT_NEAR(levelDbov(part(tape->agent)), -15, 1);
  EXPECT_GT(test::shareAt(kFar, 8000, part(tape->farEnd)), 0.97);
  EXPECT_NEAR(levelDbov(part(tape->farEnd)), -15, 1);
}

INSTANTIATE_TEST_SUITE_P(All, RecordedWideBand, testing::Values(&g722(), &l16At16000(), &opus()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace genesys::media
