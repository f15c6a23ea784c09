#include "sip/server_list.hpp"

#include <gtest/gtest.h>

namespace genesys::sip {
namespace {

const ServerTarget kPrimary{"192.0.2.81", 5060};
const ServerTarget kBackup{"192.0.2.82", 5060};
const ServerTarget kThird{"192.0.2.83", 5070};

class ServerListTest : public testing::Test {
 protected:
  void on(const ServerList::Event& event) { actions = list.on(event); }
  template <class Action>
  std::vector<Action> all() const {
    std::vector<Action> found;
    for (const auto& action : actions)
      if (const auto* one = std::get_if<Action>(&action)) found.push_back(*one);
    return found;
  }
  void start(std::vector<ServerTarget> targets) {
    on(ServerList::Targets{std::move(targets)});
    ASSERT_EQ(all<ServerList::Use>().size(), 1U);
    ASSERT_EQ(all<ServerList::StartTimer>().size(), 1U);
  }
  void probe(const ServerTarget& target, bool alive) {
    on(ServerList::ProbeAnswered{target, alive});
  }

  ServerList list{ServerList::Options{}};
  ServerList::Actions actions;
};

TEST_F(ServerListTest, OneServerIsNeverProbedAndNeverLeft) {
  start({kPrimary});
  on(ServerList::TimerFired{});
  EXPECT_TRUE(all<ServerList::Probe>().empty());
  for (int i = 0; i < 5; ++i) on(ServerList::RequestWent{false});
  EXPECT_TRUE(actions.empty());
  EXPECT_EQ(*list.current(), kPrimary);
}

TEST_F(ServerListTest, TheOnlyServerOfASiteIsAskedAndItsChangesAreTold) {
  list = ServerList(ServerList::Options{Millis(3000), 2, 2, true});
  start({kPrimary});
  on(ServerList::TimerFired{});
  ASSERT_EQ(all<ServerList::Probe>().size(), 1U);
  probe(kPrimary, false);
  EXPECT_EQ(all<ServerList::Probe>().size(), 1U);
  probe(kPrimary, false);
  EXPECT_EQ(all<ServerList::Use>().size(), 1U) << "the DNs find out";
  on(ServerList::RequestWent{false});
  on(ServerList::RequestWent{false});
  probe(kPrimary, false);
  EXPECT_TRUE(all<ServerList::Use>().empty()) << "once";
  probe(kPrimary, true);
  EXPECT_EQ(all<ServerList::Use>().size(), 1U) << "and are back at once";
  probe(kPrimary, true);
  EXPECT_TRUE(actions.empty());
}

TEST_F(ServerListTest, SilenceIsAskedAboutAgainAtOnceAndThenLeft) {
  start({kPrimary, kBackup});
  on(ServerList::TimerFired{});
  ASSERT_EQ(all<ServerList::Probe>().size(), 1U);  // the backup is left alone
  probe(kPrimary, false);
  ASSERT_EQ(all<ServerList::Probe>().size(), 1U);
  probe(kPrimary, false);
  ASSERT_EQ(all<ServerList::Use>().size(), 1U);
  EXPECT_EQ(all<ServerList::Use>()[0].target, kBackup);
}

TEST_F(ServerListTest, OneLostProbeMovesNobody) {
  start({kPrimary, kBackup});
  probe(kPrimary, false);
  probe(kPrimary, true);
  probe(kPrimary, false);
  EXPECT_TRUE(all<ServerList::Use>().empty());
}

TEST_F(ServerListTest, RequestsThatFailInARowMove) {
  start({kPrimary, kBackup});
  on(ServerList::RequestWent{false});
  on(ServerList::RequestWent{true});
  on(ServerList::RequestWent{false});
  EXPECT_TRUE(actions.empty());
  on(ServerList::RequestWent{false});
  ASSERT_EQ(all<ServerList::Use>().size(), 1U);
}

TEST_F(ServerListTest, ReturnsToThePrimaryWhenItAnswersTwice) {
  start({kPrimary, kBackup});
  probe(kPrimary, false);
  probe(kPrimary, false);
  on(ServerList::TimerFired{});
  EXPECT_EQ(all<ServerList::Probe>().size(), 2U);  // the better one and the one in use
  probe(kPrimary, true);
  EXPECT_TRUE(actions.empty());
  probe(kPrimary, true);
  ASSERT_EQ(all<ServerList::Use>().size(), 1U);
  EXPECT_EQ(all<ServerList::Use>()[0].target, kPrimary);
}

TEST_F(ServerListTest, SkipsThoseThatAreKnownToBeDead) {
  start({kPrimary, kBackup, kThird});
  for (const auto& target : {kPrimary, kPrimary, kBackup, kBackup}) probe(target, false);
  EXPECT_EQ(*list.current(), kThird);
  probe(kThird, false);
  probe(kThird, false);
  EXPECT_EQ(*list.current(), kPrimary) << "all dead: round and round";
}

TEST_F(ServerListTest, NewsOfDnsKeepTheServerInUse) {
  start({kPrimary, kBackup});
  probe(kPrimary, false);
  probe(kPrimary, false);
  on(ServerList::Targets{{kThird, kBackup}});
  EXPECT_TRUE(all<ServerList::Use>().empty());
  EXPECT_EQ(*list.current(), kBackup);
  on(ServerList::Targets{{kThird}});
  ASSERT_EQ(all<ServerList::Use>().size(), 1U);
  on(ServerList::Targets{{}});
  EXPECT_EQ(*list.current(), kThird) << "the last good answer stays";
}

}  // namespace
}  // namespace genesys::sip
