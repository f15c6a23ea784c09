#include "sip/server_resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "sip/sofia_loop.hpp"

namespace genesys::sip {
namespace {

TEST(ServerResolver, TellsLiteralsFromNames) {
  EXPECT_TRUE(isIpLiteral("192.0.2.1"));
  EXPECT_TRUE(isIpLiteral("2001:db8::1"));
  EXPECT_FALSE(isIpLiteral("sip.example.com"));
  EXPECT_FALSE(isIpLiteral(""));
}

TEST(ServerResolver, TellsEachNewSetAndKeepsTheLastGoodOne) {
  SofiaLoop loop;
  using Located = std::vector<LocatedServer>;
  using Servers = std::vector<ServerTarget>;
  const Located pool{{0, 0, {"192.0.2.1", 5060}}, {0, 0, {"192.0.2.9", 5060}}};
  const Located services{{1, 4, {"192.0.2.2", 5060}}, {2, 0, {"192.0.2.3", 5070}}};
  const std::vector<Located> answers{{}, pool, pool, {}, services};
  std::atomic<size_t> asked = 0;
  std::vector<Servers> told;  // loop thread
  std::promise<void> second;
  {
    // An interval of 0: look-ups follow each other at once.
    ServerResolver resolver(
        loop, "sip.example.com", Seconds(0),
        [&](const Servers& servers) {
          told.push_back(servers);
          if (told.size() == 2) second.set_value();
        },
        [&] { return answers[std::min(asked++, answers.size() - 1)]; }, Random(1));
    ASSERT_EQ(second.get_future().wait_for(Seconds(10)), std::future_status::ready);
  }
  loop.runAndWait([&] {
    EXPECT_EQ(told, (std::vector<Servers>{{{"192.0.2.1", 5060}, {"192.0.2.9", 5060}},
                                          {{"192.0.2.2", 5060}, {"192.0.2.3", 5070}}}));
  });
}

}  // namespace
}  // namespace genesys::sip
