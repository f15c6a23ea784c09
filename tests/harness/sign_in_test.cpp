// Who owns a DN when many want it at once, from several threads.
#include <algorithm>
#include <thread>

#include "harness/genesys_fixture.hpp"

namespace genesys::harness {
namespace {

using testing::HasSubstr;

class SignInTest : public GenesysTest {
 protected:
  SignInTest() { startWithPeer(); }
  /// What `query` is answered with: "registered", "registering" or "error".
  static std::string stateOf(FakeHandle& handle) {
    handle.message(R"({"request":"query"})", "state");
    const auto answer = handle.events().answerTo("state");
    return answer ? answer->name : "none";
  }
};

TEST_F(SignInTest, TheLaterPageTakesOver) {
  auto first = signedIn("7001", false);
  auto second = signedIn("7001", false);
  const auto told = first->events().take("taken_over");
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->text("username"), "7001");
  EXPECT_EQ(stateOf(*first), "error");
  EXPECT_EQ(stateOf(*second), "registered");
}

TEST_F(SignInTest, TheOldPagesPeerConnectionIsClosed) {
  auto first = signedIn("7001");
  auto second = signedIn("7001");
  ASSERT_TRUE(first->events().take("taken_over").has_value());
  // close_pc comes from the pusher's thread, hangup_media from the handle's loop.
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (first->hangUps() == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_EQ(first->hangUps(), 1u);
  EXPECT_EQ(second->hangUps(), 0u);
}

TEST_F(SignInTest, FourThreadsRaceForOneDn) {
  constexpr int kRounds = 15;
  std::vector<std::unique_ptr<FakeHandle>> pages;
  for (int i = 0; i < 4; ++i) pages.push_back(attached());
  std::vector<std::thread> race;
  for (auto& page : pages)
    race.emplace_back([handle = page.get()] {
      for (int i = 0; i < kRounds; ++i) {
        const std::string id = "in" + std::to_string(i);
        handle->message(signInRequest("7001"), id);
        const auto answer = handle->events().answerTo(id);
        EXPECT_TRUE(answer && answer->name != "error") << (answer ? answer->body : "none");
      }
    });
  for (std::thread& thread : race) thread.join();
  std::vector<std::string> states;
  for (auto& page : pages) states.push_back(stateOf(*page));
  EXPECT_EQ(std::count(states.begin(), states.end(), "error"), 3);
  for (size_t i = 0; i < pages.size(); ++i) {
    if (states[i] != "error") continue;
    EXPECT_THAT(pages[i]->events().text(), HasSubstr("taken_over"));
  }
}

TEST_F(SignInTest, PagesComeAndGoWhileTheyRace) {
  std::vector<std::thread> race;
  for (int t = 0; t < 4; ++t)
    race.emplace_back([this, t] {
      for (int i = 0; i < 10; ++i) {
        auto page = attached();
        page->message(signInRequest((i + t) % 2 ? "7001" : "7002"), "in", "offer", browserOffer());
        page->setUpMedia();
        if (i % 3 == 0) page->message(R"({"request":"unregister"})");
        if (i % 3 == 1) page->hangUpMedia();
      }
    });
  for (std::thread& thread : race) thread.join();
  EXPECT_TRUE(FakeCore::instance().waitForSessions(0));
  auto last = signedIn("7001", false);
  EXPECT_EQ(stateOf(*last), "registered");
}

TEST_F(SignInTest, OneMessageOfAnotherDnIsRefused) {
  auto page = signedIn("7001", false);
  page->message(signInRequest("7002"), "other");
  const auto answer = page->events().answerTo("other");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->errorCode, 445);
}

TEST_F(SignInTest, SignOutAndInAgain) {
  auto page = signedIn("7001");
  for (int i = 0; i < 5; ++i) {
    page->message(R"({"request":"unregister"})", "out");
    const auto out = page->events().answerTo("out");
    ASSERT_TRUE(out && out->name == "unregistering") << (out ? out->body : "none");
    page->message(signInRequest("7001"), "in");
    const auto in = page->events().answerTo("in");
    ASSERT_TRUE(in && in->name != "error") << (in ? in->body : "none");
  }
}

TEST_F(SignInTest, AJsepThatJanusHoldsBackStopsNobodyElse) {
  auto slow = attached();
  auto other = attached();
  FakeCore::instance().holdJsep(true);
  slow->message(signInRequest("7001"), "slow", "offer", browserOffer());
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (FakeCore::instance().blockedInJsep() == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  ASSERT_EQ(FakeCore::instance().blockedInJsep(), 1u);
  other->message(signInRequest("7002"), "other");
  EXPECT_TRUE(other->events().answerTo("other").has_value());
  // What belongs to the slow page waits its turn behind the answer with JSEP.
  slow->message("{}", "behind");
  FakeCore::instance().holdJsep(false);
  const auto first = slow->events().take([](const Event&) { return true; });
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->transaction, "slow");
  EXPECT_TRUE(slow->events().answerTo("behind").has_value());
}

TEST_F(SignInTest, DetachWhileJanusHoldsItsJsepBack) {
  auto slow = attached();
  FakeCore::instance().holdJsep(true);
  slow->message(signInRequest("7001"), "slow", "offer", browserOffer());
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (FakeCore::instance().blockedInJsep() == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  slow->detach();
  EXPECT_TRUE(slow->settle());
  FakeCore::instance().holdJsep(false);
  slow.reset();
  EXPECT_TRUE(FakeCore::instance().waitForSessions(0));
}

}  // namespace
}  // namespace genesys::harness
