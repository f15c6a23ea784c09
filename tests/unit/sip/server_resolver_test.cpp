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

TEST(ServerResolver, LooksLocalhostUp) {
  EXPECT_EQ(ServerResolver::systemLookup("localhost"), std::vector<std::string>{"127.0.0.1"});
}

TEST(ServerResolver, TellsEachNewAddressAndKeepsTheLastGoodOne) {
  SofiaLoop loop;
  using Addresses = std::vector<std::string>;
  const std::vector<Addresses> answers{
      {}, {"192.0.2.1", "192.0.2.9"}, {"192.0.2.9", "192.0.2.1"}, {}, {"192.0.2.2"}};
  std::atomic<size_t> asked = 0;
  std::vector<Addresses> told;  // loop thread
  std::promise<void> second;
  {
    // An interval of 0: look-ups follow each other at once.
    ServerResolver resolver(
        loop, "sip.example.com", Seconds(0),
        [&](const Addresses& addresses) {
          told.push_back(addresses);
          if (told.size() == 2) second.set_value();
        },
        [&](const std::string&) { return answers[std::min(asked++, answers.size() - 1)]; });
    ASSERT_EQ(second.get_future().wait_for(Seconds(10)), std::future_status::ready);
  }
  loop.runAndWait([&] {
    EXPECT_EQ(told, (std::vector<Addresses>{{"192.0.2.1", "192.0.2.9"}, {"192.0.2.2"}}));
  });
}

}  // namespace
}  // namespace genesys::sip
