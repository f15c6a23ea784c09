#include "plugin/call_record.hpp"

#include <gmock/gmock.h>

#include "api/json_writer.hpp"

namespace genesys::plugin {
namespace {

using testing::HasSubstr;
using testing::Not;

CallRecord with(int code, bool rang = false) {
  CallRecord record;
  if (rang) record.responded(180, Millis(50));
  record.responded(code, Millis(1000));
  return record;
}

TEST(CallRecord, OutcomeSaysWhatTheCodeMeans) {
  EXPECT_STREQ(outcomeOf(with(200)), "answered");
  EXPECT_STREQ(outcomeOf(with(486)), "busy");
  EXPECT_STREQ(outcomeOf(with(600)), "busy");
  EXPECT_STREQ(outcomeOf(with(480, true)), "no_answer");
  EXPECT_STREQ(outcomeOf(with(408, true)), "no_answer");
  EXPECT_STREQ(outcomeOf(with(480)), "unavailable");
  EXPECT_STREQ(outcomeOf(with(302)), "rejected");
  EXPECT_STREQ(outcomeOf(with(404)), "rejected");
  EXPECT_STREQ(outcomeOf(with(603)), "rejected");
  EXPECT_STREQ(outcomeOf(with(500)), "failed");
  EXPECT_STREQ(outcomeOf(with(503)), "failed");
  EXPECT_STREQ(outcomeOf(CallRecord{}), "failed");
}

TEST(CallRecord, WhoeverCallsMayGiveUp) {
  CallRecord record = with(487, true);
  record.cancelled = true;
  record.toldCode = 487;
  EXPECT_STREQ(outcomeOf(record), "cancelled");
  record.toldCode = 408;  // the gateway's own patience was over
  EXPECT_STREQ(outcomeOf(record), "no_answer");
}

TEST(CallRecord, OnlyTheFirstFinalResponseCounts) {
  CallRecord record;
  record.responded(100, Millis(1));
  EXPECT_FALSE(record.rang);
  record.responded(183, Millis(20));
  record.responded(180, Millis(30));
  record.responded(200, Millis(500));
  record.responded(488, Millis(900));  // of a re-INVITE
  EXPECT_EQ(record.rang, Millis(20));
  EXPECT_EQ(record.answered, Millis(500));
  EXPECT_EQ(record.code, 200);
  EXPECT_FALSE(record.ended);
  EXPECT_EQ(record.talked(), Millis(0));
  record.endedAt(Millis(2500));
  record.endedAt(Millis(9000));
  EXPECT_EQ(record.talked(), Millis(2000));
}

TEST(CallRecord, LossIsAShareOfWhatShouldHaveCome) {
  media::StreamCounters stream;
  EXPECT_FALSE(lossOf(stream, true));
  EXPECT_FALSE(lossOf(stream, false));
  stream.packets = 90;
  stream.lost = 10;
  EXPECT_DOUBLE_EQ(*lossOf(stream, true), 0.1);
  stream.quality.mean = 4;
  stream.reportedLossPercent = 2;
  EXPECT_DOUBLE_EQ(*lossOf(stream, false), 0.02);
}

TEST(CallRecord, TheLineHasWhatIsKnown) {
  CallRecord record;
  record.dn = "7001";
  record.caller = "5551234";
  record.called = "7001";
  record.callId = "c1";
  record.sipCallId = "A-1@server";
  record.started = CallRecord::WallTime(std::chrono::milliseconds(1'700'000'000'123));
  record.responded(180, Millis(5));
  record.responded(200, Millis(1877));
  record.endedAt(Millis(61'877));
  record.endedBy = CallRecord::Side::FarEnd;
  record.reason = "the far end hung up";
  record.sipCodec = "PCMU/8000";
  record.browserCodec = "opus/48000/2";
  record.audio.emplace();
  record.audio->received.packets = 2990;
  record.audio->received.lost = 10;
  record.audio->received.jitterMs = 4;
  record.audio->received.quality.mean = 4.123;
  record.audio->sent.packets = 3000;
  EXPECT_EQ(api::textOf(toJson(record)),
            R"({"started":"2023-11-14T22:13:20.123Z","answered":"2023-11-14T22:13:22.000Z",)"
            R"("ended":"2023-11-14T22:14:22.000Z","direction":"in","dn":"7001","from":"5551234",)"
            R"("to":"7001","call_id":"c1","sip_call_id":"A-1@server","outcome":"answered",)"
            R"("sip_code":200,"reason":"the far end hung up","ended_by":"far_end","setup_ms":5,)"
            R"("answer_ms":1877,"duration_ms":60000,"sip_codec":"PCMU/8000",)"
            R"("browser_codec":"opus/48000/2","received":{"packets":2990,"lost":10,)"
            R"("loss_percent":0.3333,"jitter_ms":4,"mos":4.123},)"
            R"("sent":{"packets":3000}})");
}

TEST(CallRecord, ACallersNameCannotForgeALine) {
  CallRecord record;
  record.caller = "a\"}\n{\"dn\":\"\xff\x01";
  const std::string line = api::textOf(toJson(record));
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_THAT(line, HasSubstr(R"("from":"a\"}\n{\"dn\":\")"));
}

}  // namespace
}  // namespace genesys::plugin
