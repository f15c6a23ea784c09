#include "media/reception.hpp"

#include <gtest/gtest.h>

#include "captured.hpp"

namespace genesys::media {
namespace {

using namespace std::chrono_literals;
using Order = Reception::Order;

class ReceptionTest : public testing::Test {
 protected:
  Reception::Arrival arrive(uint16_t sequence, uint32_t ssrc = 1, Millis late = 0ms) {
    const auto at = start + 20ms * sequence + late;
    return reception.arrived({false, 0, sequence, sequence * 160U, ssrc}, 8000, at);
  }
  MonoTime start = test::startOfTime();
  Reception reception;
};

TEST_F(ReceptionTest, TellsOrderLossAndLateness) {
  EXPECT_EQ(arrive(10).order, Order::Start);
  EXPECT_EQ(arrive(11).order, Order::Next);
  const auto gap = arrive(14);
  EXPECT_EQ(gap.order, Order::Gap);
  EXPECT_EQ(gap.missing, 2);
  EXPECT_EQ(reception.lost(), 2U);
  EXPECT_EQ(arrive(12).order, Order::Late);
  EXPECT_EQ(reception.lost(), 1U);
  EXPECT_EQ(arrive(15).order, Order::Next);
}

TEST_F(ReceptionTest, SequenceWrapsAround) {
  arrive(65535);
  EXPECT_EQ(arrive(0).order, Order::Next);
  EXPECT_EQ(arrive(65535).order, Order::Late);
  EXPECT_EQ(reception.report().highestSequence, 0x10000U);
}

TEST_F(ReceptionTest, NewSsrcAndWildJumpsStartAnewAndAreNoLoss) {
  arrive(10);
  arrive(12);
  EXPECT_EQ(arrive(5000, 2).order, Order::Start);
  EXPECT_EQ(arrive(40000, 2).order, Order::Start);
  EXPECT_EQ(arrive(300, 2).order, Order::Start);
  EXPECT_EQ(reception.lost(), 1U);
}

TEST_F(ReceptionTest, JitterIsZeroOnASteadyPathAndConvergesOnAnUnsteadyOne) {
  for (uint16_t i = 0; i < 100; ++i) arrive(i);
  EXPECT_EQ(reception.jitterMs(), 0U);
  // Every other packet 10 ms late: the mean difference is 10 ms.
  for (uint16_t i = 100; i < 400; ++i) arrive(i, 1, i % 2 ? 10ms : 0ms);
  EXPECT_NEAR(reception.jitterMs(), 10, 1);
}

TEST_F(ReceptionTest, TimestampJumpsAreNoJitter) {
  for (uint16_t i = 0; i < 10; ++i) arrive(i);
  reception.arrived({false, 0, 10, 0x80000000U, 1}, 8000, start + 200ms);
  reception.arrived({false, 101, 11, 5, 1}, 0, start + 220ms);  // no clock: an event
  EXPECT_EQ(reception.jitterMs(), 0U);
}

// RFC 3550 appendix A.3, per interval and in all.
TEST_F(ReceptionTest, ReportsLossPerInterval) {
  for (uint16_t i = 0; i < 100; ++i)
    if (i % 4 != 1) arrive(i);
  auto report = reception.report();
  EXPECT_EQ(report.ssrc, 1U);
  EXPECT_EQ(report.cumulativeLost, 25);
  EXPECT_EQ(report.fractionLost, 64);
  EXPECT_EQ(report.highestSequence, 99U);
  for (uint16_t i = 100; i < 150; ++i) arrive(i);
  report = reception.report();
  EXPECT_EQ(report.fractionLost, 0);
  EXPECT_EQ(report.cumulativeLost, 25);
}

TEST_F(ReceptionTest, DuplicatesMakeTheCumulativeNumberNegative) {
  arrive(1);
  arrive(1);
  arrive(1);
  EXPECT_EQ(reception.report().cumulativeLost, -2);
  EXPECT_EQ(reception.lost(), 0U);
}

}  // namespace
}  // namespace genesys::media
