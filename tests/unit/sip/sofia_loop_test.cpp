#include "sip/sofia_loop.hpp"

#include <gtest/gtest.h>
#include <sofia-sip/su_time.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "sip/stack_clock.hpp"

namespace genesys::sip {
namespace {

TEST(SofiaLoop, RunsWhatAnyThreadPostsInOrder) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  SofiaLoop loop;
  std::vector<int> next(kThreads, 0);
  bool ordered = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) loop.post([&, t, i] { ordered = ordered && next[t]++ == i; });
    });
  for (auto& thread : threads) thread.join();
  loop.runAndWait([] {});
  EXPECT_TRUE(ordered);
  EXPECT_EQ(next, std::vector<int>(kThreads, kEach));
}

TEST(SofiaLoop, CallsTimersOnTheLoopAndNotBefore) {
  SofiaLoop loop;
  std::promise<MonoTime> fired;
  Timer timer;
  const MonoTime start = MonoClock::now();
  loop.runAndWait([&] { timer = loop.after(Millis(30), [&] { fired.set_value(loop.now()); }); });
  EXPECT_GE(fired.get_future().get() - start, Millis(25));
  loop.runAndWait([&] { timer.reset(); });
}

TEST(SofiaLoop, ACancelledTimerStaysSilent) {
  SofiaLoop loop;
  std::atomic<bool> fired = false;
  std::promise<void> later;
  Timer cancelled;
  Timer witness;
  loop.runAndWait([&] {
    cancelled = loop.after(Millis(5), [&] { fired = true; });
    witness = loop.after(Millis(20), [&] { later.set_value(); });
    cancelled.reset();
  });
  later.get_future().wait();
  EXPECT_FALSE(fired);
  loop.runAndWait([&] { witness.reset(); });
}

TEST(SofiaLoop, ATimerMayBeDestroyedByItsOwnCall) {
  SofiaLoop loop;
  std::promise<void> done;
  Timer timer;
  loop.runAndWait([&] {
    timer = loop.after(Millis(0), [&] {
      timer.reset();
      done.set_value();
    });
  });
  done.get_future().wait();
}

TEST(SofiaLoop, DropsWhatStillWaitsWhenItEnds) {
  auto witness = std::make_shared<int>(0);
  {
    SofiaLoop loop;
    loop.runAndWait([&] { loop.post([&] { loop.post([witness] {}); }); });
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(SteadyStackClock, IsTheWallClockWhileNobodySetsThat) {
  const auto seconds = [] { return static_cast<double>(su_now64()) / 1e9 - SU_TIME_EPOCH; };
  const auto wall = [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  };
  {
    const SteadyStackClock clock;
    const SteadyStackClock another;
    EXPECT_NEAR(seconds(), wall(), 1);
    const su_time_t now = su_now();
    EXPECT_NEAR(static_cast<double>(now.tv_sec - SU_TIME_EPOCH), wall(), 1.5);
    EXPECT_LT(now.tv_usec, 1000000U);
    su_time(nullptr);
  }
  EXPECT_NEAR(seconds(), wall(), 1) << "the stack's own again";
}

}  // namespace
}  // namespace genesys::sip
