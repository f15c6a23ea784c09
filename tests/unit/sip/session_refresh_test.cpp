#include "sip/session_refresh.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

using Refresher = SessionTimerHeaders::Refresher;

SipMessage message(Seconds expires, Refresher refresher, bool supported = true) {
  SipMessage made;
  made.allows = true;
  made.sessionTimer = {supported, expires, Seconds(0), refresher};
  return made;
}

class SessionRefreshTest : public testing::Test {
 protected:
  SessionRefresh session{Seconds(1800)};
};

TEST_F(SessionRefreshTest, NobodyRefreshesWithoutAnExchange) {
  EXPECT_FALSE(session.due());
}

TEST_F(SessionRefreshTest, WhoIsNamedRefreshes) {
  session.answered(message(Seconds(1000), Refresher::Uac));  // their request: they
  EXPECT_FALSE(session.due());
  session.answered(message(Seconds(1000), Refresher::Uas));
  EXPECT_EQ(session.due(), Millis(400'000));
  session.accepted(message(Seconds(1000), Refresher::Uas));  // our request: they
  EXPECT_FALSE(session.due());
  session.accepted(message(Seconds(1000), Refresher::Uac));
  EXPECT_EQ(session.due(), Millis(400'000));
}

TEST_F(SessionRefreshTest, NobodyNamedTheUacRefreshes) {
  session.answered(message(Seconds(1000), Refresher::Unsaid));
  EXPECT_FALSE(session.due());
  session.accepted(message(Seconds(1000), Refresher::Unsaid));
  EXPECT_TRUE(session.due());
}

TEST_F(SessionRefreshTest, AFarEndWithoutTimersLeavesItToUs) {
  session.answered(message(Seconds(0), Refresher::Unsaid, false));
  EXPECT_EQ(session.due(), Millis(720'000));
}

TEST_F(SessionRefreshTest, TheStackUsesUpdateWhereItIsAllowed) {
  SipMessage request = message(Seconds(1000), Refresher::Uas);
  request.allowsUpdate = true;
  session.answered(request);
  EXPECT_FALSE(session.due());
  request.allows = request.allowsUpdate = false;  // no Allow: what was said before holds
  session.answered(request);
  EXPECT_FALSE(session.due());
}

TEST_F(SessionRefreshTest, TheShorterIntervalCountsButNotBelowMinSe) {
  session.answered(message(Seconds(5000), Refresher::Uas));
  EXPECT_EQ(session.due(), Millis(720'000));
  SipMessage request = message(Seconds(2500), Refresher::Uas);
  request.sessionTimer.min = Seconds(2000);
  session.answered(request);
  EXPECT_EQ(session.due(), Millis(800'000));
}

TEST_F(SessionRefreshTest, NoTimerOfOursAndNoneOfTheirs) {
  SessionRefresh off{Seconds(0)};
  off.answered(message(Seconds(0), Refresher::Unsaid, false));
  EXPECT_FALSE(off.due());
  off.answered(message(Seconds(90), Refresher::Uas));
  EXPECT_EQ(off.due(), Millis(36'000));
}

}  // namespace
}  // namespace genesys::sip
