#include "settings/ice_servers.hpp"

#include <gmock/gmock.h>

namespace genesys::settings {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr system_clock::time_point kNow{seconds(1'700'000'000)};

IceConfig full() {
  IceConfig config;
  config.stunUrls = {"stun:h:3478"};
  config.turnUrls = {"turn:h:3478?transport=udp", "turns:h:5349"};
  config.turnSecret = "north-wind-and-the-sun";
  config.turnLifetime = seconds(600);
  return config;
}

TEST(IceServers, StunIsPlainAndTurnHasCredentialsThatExpire) {
  const auto servers = makeIceServers(full(), "alice@example.com", kNow);
  ASSERT_THAT(servers, SizeIs(2));
  EXPECT_THAT(servers[0].urls, ElementsAre("stun:h:3478"));
  EXPECT_EQ(servers[0].username, "");
  EXPECT_EQ(servers[0].credential, "");
  EXPECT_THAT(servers[1].urls, ElementsAre("turn:h:3478?transport=udp", "turns:h:5349"));
  EXPECT_EQ(servers[1].username, "1700000600:alice@example.com");
  // printf %s USERNAME | openssl dgst -sha1 -hmac SECRET -binary | base64
  EXPECT_EQ(servers[1].credential, "a9Zh6jiNXuQ+OqSrEysN51DOLZc=");
}

TEST(IceServers, SecretTimeAndSubjectEachChangeTheCredential) {
  const auto credential = [](const IceConfig& config, const char* subject, auto now) {
    return makeIceServers(config, subject, now)[1].credential;
  };
  IceConfig other = full();
  other.turnSecret += "!";
  const std::string base = credential(full(), "a", kNow);
  EXPECT_NE(credential(other, "a", kNow), base);
  EXPECT_NE(credential(full(), "b", kNow), base);
  EXPECT_NE(credential(full(), "a", kNow + seconds(1)), base);
  EXPECT_EQ(credential(full(), "a", kNow + std::chrono::milliseconds(999)), base);
}

TEST(IceServers, SubjectCannotForgeTheUsername) {
  const auto user = [](const std::string& subject) {
    return makeIceServers(full(), subject, kNow)[1].username;
  };
  EXPECT_EQ(user("dn:7001"), "1700000600:dn_7001");
  EXPECT_EQ(user("a b\r\n\xc3\xbc"), "1700000600:a_b____");
  EXPECT_EQ(user(std::string(200, 'x')), "1700000600:" + std::string(64, 'x'));
}

TEST(IceServers, NothingConfiguredIsNothingTold) {
  EXPECT_THAT(makeIceServers(IceConfig{}, "a", kNow), IsEmpty());
  IceConfig noSecret = full();
  noSecret.turnSecret.clear();
  EXPECT_THAT(makeIceServers(noSecret, "a", kNow), SizeIs(1)) << "never TURN without a credential";
}

}  // namespace
}  // namespace genesys::settings
