#include "media/port_pool.hpp"

#include <gtest/gtest.h>

#include <set>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;

class PortPoolTest : public testing::Test {
 protected:
  Random random{3};
  MonoTime now = test::startOfTime();
};

TEST_F(PortPoolTest, HandsOutEvenPortsWhoseNeighbourIsInTheRange) {
  PortPool pool(30001, 30008, 5s, random);
  EXPECT_EQ(pool.capacity(), 3U);
  std::set<uint16_t> ports;
  while (const auto port = pool.take(now)) ports.insert(*port);
  EXPECT_EQ(ports, (std::set<uint16_t>{30002, 30004, 30006}));
}

TEST_F(PortPoolTest, MayHoldNothing) {
  EXPECT_EQ(PortPool(30001, 30002, 5s, random).capacity(), 0U);
  EXPECT_EQ(PortPool(30000, 30000, 5s, random).capacity(), 0U);
  EXPECT_EQ(PortPool(30002, 30000, 5s, random).capacity(), 0U);
  EXPECT_EQ(PortPool(65534, 65535, 5s, random).capacity(), 1U);
  EXPECT_EQ(PortPool(65535, 65535, 5s, random).capacity(), 0U);
}

TEST_F(PortPoolTest, APortRestsBeforeItIsUsedAgain) {
  PortPool pool(30000, 30001, 5s, random);
  ASSERT_EQ(pool.take(now), 30000);
  EXPECT_FALSE(pool.take(now));
  pool.giveBack(30000, now);
  EXPECT_FALSE(pool.take(now + 4999ms));
  EXPECT_EQ(pool.take(now + 5s), 30000);
}

TEST_F(PortPoolTest, TheOneThatRestedLongestComesFirst) {
  PortPool pool(30000, 30005, 0ms, random);
  const uint16_t a = *pool.take(now);
  const uint16_t b = *pool.take(now);
  const uint16_t c = *pool.take(now);
  pool.giveBack(b, now);
  pool.giveBack(a, now + 1ms);
  pool.giveBack(c, now + 2ms);
  EXPECT_EQ(pool.take(now + 1s), b);
  EXPECT_EQ(pool.take(now + 1s), a);
  EXPECT_EQ(pool.take(now + 1s), c);
}

TEST_F(PortPoolTest, StartsAtRandom) {
  std::set<uint16_t> firsts;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random other(seed);
    firsts.insert(*PortPool(30000, 39999, 0ms, other).take(now));
  }
  EXPECT_GT(firsts.size(), 15U);
}

TEST_F(PortPoolTest, ALeaseGivesItsPortBackOnce) {
  auto pool = std::make_shared<PortPool>(30000, 30001, 0ms, random);
  {
    PortLease lease(pool, *pool->take(now));
    const PortLease moved(std::move(lease));
    EXPECT_EQ(moved.port(), 30000);
    EXPECT_FALSE(pool->take(now));
  }
  EXPECT_TRUE(pool->take(MonoClock::now()));
  EXPECT_FALSE(pool->take(MonoClock::now()));
}

}  // namespace
}  // namespace genesys::media
