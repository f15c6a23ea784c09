#include "util/inbox.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace genesys {
namespace {

bool readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return poll(&entry, 1, 0) == 1;
}

TEST(Inbox, IsReadableOnlyWhileMessagesWait) {
  Inbox<int> inbox;
  EXPECT_FALSE(readable(inbox.fd()));
  inbox.post(1);
  inbox.post(2);
  EXPECT_TRUE(readable(inbox.fd()));
  std::vector<int> batch{9, 9};
  inbox.drain(batch);
  EXPECT_EQ(batch, (std::vector{1, 2}));
  EXPECT_FALSE(readable(inbox.fd()));
}

TEST(Inbox, KeepsTheOrderOfEachPosterAndLosesNothing) {
  constexpr int kPosters = 4;
  constexpr int kEach = 5000;
  Inbox<std::pair<int, int>> inbox;
  std::vector<std::thread> posters;
  for (int p = 0; p < kPosters; ++p)
    posters.emplace_back([&inbox, p] {
      for (int i = 0; i < kEach; ++i) inbox.post({p, i});
    });
  std::vector<int> next(kPosters, 0);
  std::vector<std::pair<int, int>> batch;
  int received = 0;
  while (received < kPosters * kEach) {
    pollfd entry{inbox.fd(), POLLIN, 0};
    ASSERT_EQ(poll(&entry, 1, 10000), 1) << "a wake-up was lost";
    inbox.drain(batch);
    for (const auto& [poster, number] : batch) EXPECT_EQ(number, next[poster]++);
    received += static_cast<int>(batch.size());
  }
  for (auto& poster : posters) poster.join();
  EXPECT_EQ(received, kPosters * kEach);
}

}  // namespace
}  // namespace genesys
