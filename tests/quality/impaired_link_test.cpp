#include "impaired_link.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace genesys::quality {
namespace {

using namespace std::chrono_literals;

constexpr int kPackets = 100000;
constexpr Millis kInterval{20};

MonoTime sentAt(int i) {
  return MonoTime(std::chrono::hours(1)) + i * kInterval;
}

std::vector<ImpairedLink::Arrivals> passed(const Impairment& impairment, uint64_t seed = 1,
                                           int packets = kPackets) {
  ImpairedLink link(impairment, seed);
  std::vector<ImpairedLink::Arrivals> arrivals;
  for (int i = 0; i < packets; ++i) arrivals.push_back(link.pass(sentAt(i)));
  return arrivals;
}

struct Runs {
  double loss = 0;
  double meanRun = 0;
};
Runs runsOf(const std::vector<ImpairedLink::Arrivals>& arrivals) {
  int lost = 0;
  int runs = 0;
  for (size_t i = 0; i < arrivals.size(); ++i) {
    if (arrivals[i].first) continue;
    lost++;
    if (i == 0 || arrivals[i - 1].first) runs++;
  }
  return {static_cast<double>(lost) / static_cast<double>(arrivals.size()),
          runs > 0 ? static_cast<double>(lost) / runs : 0};
}

TEST(ImpairedLinkTest, AGoodLinkDelaysAndDoesNothingElse) {
  const auto arrivals = passed({.delay = 35ms});
  for (int i = 0; i < kPackets; ++i) {
    ASSERT_EQ(arrivals[static_cast<size_t>(i)].first, sentAt(i) + 35ms);
    ASSERT_FALSE(arrivals[static_cast<size_t>(i)].second);
  }
}

TEST(ImpairedLinkTest, LosesEachPacketByItself) {
  const Runs runs = runsOf(passed({.loss = 0.05}));
  EXPECT_NEAR(runs.loss, 0.05, 0.003);
  EXPECT_NEAR(runs.meanRun, 1 / 0.95, 0.02);
}

TEST(ImpairedLinkTest, LosesInBurstsWithTheSameShareInTheLongRun) {
  for (const double burst : {1.0, 3.0, 6.0}) {
    const Runs runs = runsOf(passed({.loss = 0.05, .burst = burst}));
    EXPECT_NEAR(runs.loss, 0.05, 0.005) << burst;
    EXPECT_NEAR(runs.meanRun, burst, 0.15 * burst) << burst;
  }
}

TEST(ImpairedLinkTest, JitterIsEvenlySpreadWhenPacketsAreFarApart) {
  ImpairedLink link({.delay = 10ms, .jitter = 200ms}, 3);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kPackets; ++i) {
    const MonoTime sent = sentAt(i * 100);
    const double delay = std::chrono::duration<double>(*link.pass(sent).first - sent).count();
    ASSERT_GE(delay, 0.010);
    ASSERT_LE(delay, 0.210);
    sum += delay;
    squares += delay * delay;
  }
  const double mean = sum / kPackets;
  EXPECT_NEAR(mean, 0.110, 0.001);
  EXPECT_NEAR(std::sqrt(squares / kPackets - mean * mean), 0.2 / std::sqrt(12), 0.001);
}

TEST(ImpairedLinkTest, JitterKeepsTheOrder) {
  const auto arrivals = passed({.jitter = 200ms});
  for (size_t i = 1; i < arrivals.size(); ++i)
    ASSERT_LE(*arrivals[i - 1].first, *arrivals[i].first);
}

TEST(ImpairedLinkTest, HoldsPacketsBackSoThatOthersOvertake) {
  const auto arrivals = passed({.delay = 20ms, .reorder = 0.1, .reorderBy = 30ms});
  int overtaken = 0;
  for (size_t i = 0; i < arrivals.size(); ++i) {
    const MonoTime inPlace = sentAt(static_cast<int>(i)) + 20ms;
    if (*arrivals[i].first == inPlace) continue;
    ASSERT_EQ(*arrivals[i].first, inPlace + 30ms);
    overtaken++;
  }
  EXPECT_NEAR(overtaken, kPackets / 10, kPackets / 200);
}

TEST(ImpairedLinkTest, DuplicatesComeALittleLater) {
  int twice = 0;
  for (const auto& arrival : passed({.duplicate = 0.02})) {
    if (!arrival.second) continue;
    ASSERT_EQ(*arrival.second, *arrival.first + kDuplicateAfter);
    twice++;
  }
  EXPECT_NEAR(twice, kPackets / 50, kPackets / 500);
}

TEST(ImpairedLinkTest, TheSeedAloneDecidesAndOneImpairmentDoesNotMoveAnother) {
  const auto alone = passed({.loss = 0.1}, 7, 1000);
  const auto again = passed({.loss = 0.1}, 7, 1000);
  const auto other = passed({.loss = 0.1}, 8, 1000);
  const auto more =
      passed({.loss = 0.1, .jitter = 50ms, .reorder = 0.1, .duplicate = 0.1}, 7, 1000);
  size_t different = 0;
  for (size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(alone[i].first, again[i].first);
    EXPECT_EQ(alone[i].first.has_value(), more[i].first.has_value());
    if (alone[i].first.has_value() != other[i].first.has_value()) different++;
  }
  EXPECT_GT(different, 100U);
}

TEST(ImpairedLinkTest, ReadsItsText) {
  const auto read = Impairment::parse(
      "loss=0.05,burst=3,delay=15,jitter=120,reorder=0.04,reorder_by=25,duplicate=0.01");
  ASSERT_TRUE(read);
  EXPECT_DOUBLE_EQ(read->loss, 0.05);
  EXPECT_DOUBLE_EQ(read->burst, 3);
  EXPECT_EQ(read->delay, 15ms);
  EXPECT_EQ(read->jitter, 120ms);
  EXPECT_DOUBLE_EQ(read->reorder, 0.04);
  EXPECT_EQ(read->reorderBy, 25ms);
  EXPECT_DOUBLE_EQ(read->duplicate, 0.01);
  EXPECT_TRUE(Impairment::parse(""));
  for (const char* wrong : {"loss", "loss=", "loss=x", "loss=1", "loss=-0.1", "lost=0.1",
                            "burst=0.5", "loss=0.1;burst=2", "jitter=9000", "loss=0.1,,"})
    EXPECT_FALSE(Impairment::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace genesys::quality
