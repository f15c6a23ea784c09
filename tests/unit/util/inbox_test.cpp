#include "util/inbox.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <thread>

namespace genesys {
namespace {

/// Watches an inbox as its owner does.
class Watch {
 public:
  explicit Watch(int fd) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event event{.events = EPOLLIN | EPOLLET, .data = {}};
    EXPECT_EQ(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event), 0);
  }
  bool signalled(int timeoutMs = 0) {
    epoll_event event;
    return epoll_wait(epoll_.get(), &event, 1, timeoutMs) == 1;
  }

 private:
  UniqueFd epoll_;
};

TEST(Inbox, SignalsTheFirstMessageOfAnEmptyBox) {
  Inbox<int> inbox;
  Watch watch(inbox.fd());
  EXPECT_FALSE(watch.signalled());
  inbox.post(1);
  EXPECT_TRUE(watch.signalled());
  inbox.post(2);
  EXPECT_FALSE(watch.signalled());
  std::vector<int> batch{9, 9};
  inbox.drain(batch);
  EXPECT_EQ(batch, (std::vector{1, 2}));
  EXPECT_FALSE(watch.signalled());
  inbox.post(3);
  EXPECT_TRUE(watch.signalled());
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
  Watch watch(inbox.fd());
  std::vector<int> next(kPosters, 0);
  std::vector<std::pair<int, int>> batch;
  int received = 0;
  while (received < kPosters * kEach) {
    ASSERT_TRUE(watch.signalled(10000)) << "a wake-up was lost";
    inbox.drain(batch);
    for (const auto& [poster, number] : batch) EXPECT_EQ(number, next[poster]++);
    received += static_cast<int>(batch.size());
  }
  for (auto& poster : posters) poster.join();
  EXPECT_EQ(received, kPosters * kEach);
}

}  // namespace
}  // namespace genesys
