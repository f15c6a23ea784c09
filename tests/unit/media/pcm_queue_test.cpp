#include "media/pcm_queue.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace genesys::media {
namespace {

std::vector<int16_t> ramp(int first, size_t count) {
  std::vector<int16_t> pcm(count);
  std::iota(pcm.begin(), pcm.end(), static_cast<int16_t>(first));
  return pcm;
}

TEST(PcmQueue, KeepsTheOrderThroughOddLengths) {
  PcmQueue queue;
  int written = 0;
  int read = 0;
  for (int round = 0; round < 2000; ++round) {
    const size_t count = 1 + static_cast<size_t>(round * 37 % 300);
    EXPECT_EQ(queue.push(ramp(written % 30000, count)), 0U);
    written = (written % 30000) + static_cast<int>(count);
    while (queue.size() >= 160) {
      for (const int16_t sample : queue.take(160)) {
        if (sample != static_cast<int16_t>(read)) read = sample;  // the ramp starts again
        ASSERT_EQ(sample, static_cast<int16_t>(read));
        read++;
      }
    }
  }
}

TEST(PcmQueue, TheOldestGoWhenItIsFull) {
  PcmQueue queue;
  EXPECT_EQ(queue.push(ramp(0, PcmQueue::kCapacity)), 0U);
  EXPECT_EQ(queue.push(ramp(5000, 10)), 10U);
  EXPECT_EQ(queue.size(), PcmQueue::kCapacity);
  EXPECT_EQ(queue.take(1)[0], 10);
}

TEST(PcmQueue, TakesNoMoreThanThereIs) {
  PcmQueue queue;
  EXPECT_EQ(queue.push(ramp(0, 5)), 0U);
  EXPECT_EQ(queue.take(9).size(), 5U);
  EXPECT_EQ(queue.size(), 0U);
  queue.drop(3);
  EXPECT_EQ(queue.size(), 0U);
}

}  // namespace
}  // namespace genesys::media
