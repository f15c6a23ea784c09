#include "media/arrival_watch.hpp"

#include <gtest/gtest.h>

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using Missing = ArrivalWatch::Missing;

class ArrivalWatchTest : public testing::Test {
 protected:
  MonoTime now{1h};
  ArrivalWatch watch;
};

TEST_F(ArrivalWatchTest, NothingIsMissedBeforeItIsExpected) {
  EXPECT_EQ(watch.due(), MonoTime::max());
  watch.configure(false, true, now);
  EXPECT_EQ(watch.run(now + 1h), std::nullopt);
}

TEST_F(ArrivalWatchTest, NothingAfterAMoveIsToldOnceAfter3Seconds) {
  watch.configure(true, true, now);
  EXPECT_EQ(watch.due(), now + 3s);
  EXPECT_EQ(watch.run(now + 2999ms), std::nullopt);
  EXPECT_EQ(watch.run(now + 3s), Missing::SinceMoved);
  EXPECT_EQ(watch.due(), MonoTime::max());
  EXPECT_EQ(watch.run(now + 1h), std::nullopt);
  EXPECT_TRUE(watch.arrived(now + 4s));
  EXPECT_FALSE(watch.arrived(now + 5s));
}

TEST_F(ArrivalWatchTest, AFarEndThatStopsGetsMoreTime) {
  watch.configure(true, true, now);
  EXPECT_FALSE(watch.arrived(now + 1s));
  EXPECT_EQ(watch.run(now + 10s), std::nullopt);
  EXPECT_EQ(watch.run(now + 11s), Missing::Stopped);
}

TEST_F(ArrivalWatchTest, HoldIsNotMissedAndRetrieveBeginsAnew) {
  watch.configure(true, true, now);
  watch.arrived(now);
  watch.configure(false, false, now + 1s);
  EXPECT_EQ(watch.run(now + 1h), std::nullopt);
  watch.configure(true, false, now + 1h);
  EXPECT_EQ(watch.due(), now + 1h + 3s);
  watch.configure(true, false, now + 1h + 1s);  // nothing new: no new time
  EXPECT_EQ(watch.run(now + 1h + 3s), Missing::SinceMoved);
}

}  // namespace
}  // namespace genesys::media
