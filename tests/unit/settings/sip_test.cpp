#include <gmock/gmock.h>

#include "config_fixture.hpp"

namespace genesys::settings {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

class ConfigSipTest : public ConfigTest {
 protected:
  static std::string sip(const std::string& options, const std::string& others = "") {
    return "sip_server = { local_address = \"192.0.2.10\"; " + options + " };\n" + others +
           kSignIn + kDns;
  }
};

TEST_F(ConfigSipTest, ConnectionsAndLongRequests) {
  const Config usual = good(sip("host = \"192.0.2.1\";"));
  EXPECT_EQ(usual.sip.keepalive, seconds(10));
  EXPECT_FALSE(usual.sip.largeByTcp);
  EXPECT_EQ(usual.sip.udpMtu, 1300U);
  const Config own =
      good(sip("host = \"192.0.2.1\"; keepalive_s = 3; large_by_tcp = true; udp_mtu = 1400;"));
  EXPECT_EQ(own.sip.keepalive, seconds(3));
  EXPECT_TRUE(own.sip.largeByTcp);
  EXPECT_EQ(own.sip.udpMtu, 1400U);
  EXPECT_THAT(fault(sip("host = \"192.0.2.1\"; udp_mtu = 575;")), HasSubstr("from 576 to 65535"));
}

TEST_F(ConfigSipTest, AdvertisedAddressesAreThoseOfTheSocketsUnlessNamed) {
  const Config usual = good(sip("host = \"192.0.2.1\";"));
  EXPECT_EQ(usual.sip.advertisedAddress, "192.0.2.10");
  EXPECT_EQ(usual.media.advertisedAddress, "192.0.2.10");
  const Config own = good(sip("host = \"192.0.2.1\"; advertised_address = \"198.51.100.1\";",
                              "media = { advertised_address = \"198.51.100.2\"; };\n"));
  EXPECT_EQ(own.sip.advertisedAddress, "198.51.100.1");
  EXPECT_EQ(own.media.advertisedAddress, "198.51.100.2");
  EXPECT_EQ(own.media.bindAddress, "192.0.2.10");
  EXPECT_THAT(fault(sip("host = \"192.0.2.1\"; advertised_address = \"2001:db8::1\";")),
              HasSubstr("must be of the same IP version as sip_server.local_address"));
  EXPECT_THAT(
      fault(sip("host = \"192.0.2.1\";", "media = { advertised_address = \"2001:db8::1\"; };\n")),
      HasSubstr("must be of the same IP version as media.bind_address"));
}

TEST_F(ConfigSipTest, ANameWithoutAPortIsLookedUpByItsServices) {
  EXPECT_TRUE(good(sip("host = \"sip.example.com\";")).sip.srv);
  EXPECT_FALSE(good(sip("host = \"sip.example.com\"; port = 5060;")).sip.srv);
  EXPECT_FALSE(good(sip("host = \"192.0.2.1\";")).sip.srv);
}

TEST_F(ConfigSipTest, ASecondSiteHasServersOfItsOwn) {
  EXPECT_FALSE(good(sip("host = \"192.0.2.1\";")).secondSite);
  const Config config = good(
      sip("host = \"192.0.2.1\";",
          "second_site = { host = \"sip2.example.com\"; backups = [\"192.0.2.92:5070\"]; };\n"));
  ASSERT_TRUE(config.secondSite);
  EXPECT_EQ(config.secondSite->host, "sip2.example.com");
  EXPECT_TRUE(config.secondSite->srv);
  EXPECT_EQ(config.secondSite->domain, "sip2.example.com");
  EXPECT_THAT(config.secondSite->backups, ElementsAre(sip::ServerTarget{"192.0.2.92", 5070}));
  EXPECT_THAT(fault(sip("host = \"192.0.2.1\";", "second_site = { };\n")),
              HasSubstr("second_site.host: is missing"));
  EXPECT_THAT(fault(sip("host = \"192.0.2.1\";", "second_site = { host = \"2001:db8::1\"; };\n")),
              HasSubstr("must be of the same IP version as sip_server.local_address"));
  EXPECT_THAT(fault(sip("host = \"192.0.2.1\";",
                        "second_site = { host = \"192.0.2.91\"; local_port = 5070; };\n")),
              HasSubstr("second_site.local_port: unknown option"));
}

}  // namespace
}  // namespace genesys::settings
