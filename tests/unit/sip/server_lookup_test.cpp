#include "sip/server_lookup.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

namespace genesys::sip {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using Addresses = std::vector<std::string>;

/// What DNS answers, or that it does not.
struct FakeDns {
  std::optional<std::vector<SrvRecord>> services = std::vector<SrvRecord>();
  std::map<std::string, Addresses> addresses;
  std::vector<std::string> asked;

  Dns dns() {
    return {[this](const std::string& name) {
              asked.push_back(name);
              return services;
            },
            [this](const std::string& host) { return addresses[host]; }};
  }
};

LocatedServer server(unsigned priority, unsigned weight, const std::string& address,
                     uint16_t port = 5060) {
  return {priority, weight, {address, port}};
}

TEST(ServerLookup, AsksForServicesAndTheAddressesOfTheirTargets) {
  FakeDns dns;
  dns.services = {{20, 0, 5070, "b.test"}, {10, 5, 5080, "a.test"}};
  dns.addresses = {{"a.test", {"192.0.2.2", "192.0.2.1"}}, {"b.test", {"192.0.2.3"}}};
  ServerLookup lookup({"sip.test", 5060, "_sip._udp."}, dns.dns());
  EXPECT_THAT(lookup(),
              ElementsAre(server(10, 5, "192.0.2.1", 5080), server(10, 5, "192.0.2.2", 5080),
                          server(20, 0, "192.0.2.3", 5070)));
  EXPECT_THAT(dns.asked, ElementsAre("_sip._udp.sip.test"));
}

TEST(ServerLookup, WithoutServicesTheNameItselfHasTheAddresses) {
  FakeDns dns;
  dns.addresses = {{"sip.test", {"192.0.2.2", "192.0.2.1"}}};
  ServerLookup lookup({"sip.test", 5064, "_sip._udp."}, dns.dns());
  EXPECT_THAT(lookup(),
              ElementsAre(server(0, 0, "192.0.2.1", 5064), server(0, 0, "192.0.2.2", 5064)));
  ServerLookup unasked({"sip.test", 5064, ""}, dns.dns());
  unasked();
  EXPECT_EQ(dns.asked.size(), 1U);
}

TEST(ServerLookup, EachLastGoodAnswerStays) {
  FakeDns dns;
  dns.services = {{1, 0, 5060, "a.test"}, {2, 0, 5060, "b.test"}};
  dns.addresses = {{"a.test", {"192.0.2.1"}}, {"b.test", {"192.0.2.2"}}};
  ServerLookup lookup({"sip.test", 5060, "_sip._udp."}, dns.dns());
  const auto all = lookup();
  dns.addresses["b.test"] = {};  // one name fails, the other has moved
  dns.addresses["a.test"] = {"192.0.2.9"};
  EXPECT_THAT(lookup(), ElementsAre(server(1, 0, "192.0.2.9"), server(2, 0, "192.0.2.2")));
  dns.services.reset();  // nobody answers
  dns.addresses.clear();
  EXPECT_THAT(lookup(), ElementsAre(server(1, 0, "192.0.2.9"), server(2, 0, "192.0.2.2")));
}

TEST(ServerLookup, ATargetOfADotIsNoServer) {
  FakeDns dns;
  dns.services = {{0, 0, 0, "."}};
  dns.addresses = {{"sip.test", {"192.0.2.1"}}, {".", {"192.0.2.2"}}};
  EXPECT_THAT(ServerLookup({"sip.test", 5060, "_sip._udp."}, dns.dns())(), IsEmpty());
}

TEST(InOrder, PriorityFirstThenWeightThenTheRest) {
  Random random(1);
  const std::vector<LocatedServer> servers{server(2, 9, "192.0.2.4"), server(1, 0, "192.0.2.3"),
                                           server(1, 0, "192.0.2.2"), server(1, 7, "192.0.2.1")};
  const auto ordered = inOrder(servers, random);
  ASSERT_EQ(ordered.size(), 4U);
  EXPECT_THAT(
      (Addresses{ordered[0].address, ordered[1].address, ordered[2].address, ordered[3].address}),
      ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"));
}

TEST(InOrder, WeightsAreShares) {
  Random random(7);
  int first = 0;
  for (int i = 0; i < 4000; ++i)
    first +=
        inOrder({server(1, 3, "192.0.2.1"), server(1, 1, "192.0.2.2")}, random).front().address ==
        "192.0.2.1";
  EXPECT_NEAR(first, 3000, 120);
}

TEST(SystemDns, LooksLocalhostUp) {
  EXPECT_THAT(systemDns(AF_INET).addresses("localhost"), ElementsAre("127.0.0.1"));
}

}  // namespace
}  // namespace genesys::sip
