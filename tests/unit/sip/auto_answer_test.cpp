#include "sip/auto_answer.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

std::optional<Millis> delayOf(const char* name, const char* value) {
  SipMessage invite;
  invite.headers = {{"Subject", "answer-after=0"}, {name, value}};
  return autoAnswerDelay(invite, {"info=alert-autoanswer", "Auto Answer"});
}

TEST(AutoAnswer, ByCallInfo) {
  EXPECT_EQ(delayOf("Call-Info", "<sip:192.0.2.81>;answer-after=0"), Millis(0));
  EXPECT_EQ(delayOf("call-info", "<sip:192.0.2.81>; Answer-After = 2"), Millis(2000));
  EXPECT_EQ(delayOf("Call-Info", "<sip:x>;answer-after=0.5;purpose=info"), Millis(500));
}

TEST(AutoAnswer, ByAlertInfo) {
  EXPECT_EQ(delayOf("Alert-Info", "<http://x>;info=alert-autoanswer"), Millis(0));
  EXPECT_EQ(delayOf("Alert-Info", "auto answer;delay=3"), Millis(3000));
  EXPECT_FALSE(delayOf("Alert-Info", "<http://192.0.2.81/ring>"));
}

TEST(AutoAnswer, NothingElseMeansIt) {
  EXPECT_FALSE(delayOf("Call-Info", "<sip:x>;purpose=icon"));
  EXPECT_FALSE(delayOf("Call-Info", "<sip:x>;answer-after=-1"));
  EXPECT_FALSE(delayOf("Call-Info", "<sip:x>;answer-after=61"));
  EXPECT_FALSE(delayOf("Call-Info", "<sip:x>;answer-after=nan"));
  EXPECT_FALSE(delayOf("Call-Info", "<sip:x>;answer-after="));
  EXPECT_FALSE(delayOf("X-Other", "<sip:x>;answer-after=0"));
  EXPECT_FALSE(autoAnswerDelay({}, {}));
}

}  // namespace
}  // namespace genesys::sip
