#include "settings/config.hpp"

#include <gmock/gmock.h>

#include "config_fixture.hpp"

namespace genesys::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(ConfigTest, RangesAreSpreadOutAndSingleEntriesOverrideThem) {
  const Config config = good(kSip + kSignIn + R"(
dn_defaults = { password = "all"; display_name = "All"; };
dns = ( { number = "0102"; password = "one"; },
        { range = "0098-0103"; register = "always"; display_name = "Range"; },
        { range = "998-1001"; }, { number = "Lobby.1"; } );
)");
  std::vector<std::string> numbers;
  for (const auto& [number, dn] : config.dns) {
    EXPECT_EQ(number, dn.number);
    EXPECT_EQ(dn.authUser, number);
    numbers.push_back(number);
  }
  EXPECT_THAT(numbers, ElementsAre("0098", "0099", "0100", "0101", "0102", "0103", "1000", "1001",
                                   "998", "999", "Lobby.1"));
  EXPECT_EQ(config.dns.at("0101").registerWhen, RegisterWhen::Always);
  EXPECT_EQ(config.dns.at("0101").sipPassword, "all");
  EXPECT_EQ(config.dns.at("0102").registerWhen, RegisterWhen::OnSignIn);
  EXPECT_EQ(config.dns.at("0102").sipPassword, "one");
  EXPECT_EQ(config.dns.at("0102").displayName, "All");
}

TEST_F(ConfigTest, SrtpOfGroupsAndItsSuitesInOrder) {
  using sdp::SrtpPolicy;
  const Config config = good(kSip + kSignIn + R"(
dn_defaults = { srtp = "optional"; srtp_suites = ["AEAD_AES_256_GCM", "aes_cm_128_hmac_sha1_80"]; };
dns = ( { number = "1"; }, { number = "2"; srtp = "mandatory"; },
        { number = "3"; srtp = "off"; srtp_suites = ["AEAD_AES_128_GCM"]; } );
)");
  EXPECT_EQ(config.dns.at("1").srtp.policy, SrtpPolicy::Optional);
  EXPECT_THAT(config.dns.at("1").srtp.suites,
              ElementsAre(&media::aes256Gcm(), &media::aesCm128Sha1Tag80()));
  EXPECT_EQ(config.dns.at("2").srtp.policy, SrtpPolicy::Mandatory);
  EXPECT_EQ(config.dns.at("2").srtp.suites.size(), 2U);
  EXPECT_EQ(config.dns.at("3").srtp.policy, SrtpPolicy::Off);
  EXPECT_THAT(config.dns.at("3").srtp.suites, ElementsAre(&media::aes128Gcm()));
  const DnConfig plain = good(kSip + kSignIn + kDns).dns.at("7001");
  EXPECT_EQ(plain.srtp.policy, SrtpPolicy::Off);
  EXPECT_EQ(plain.srtp.suites.size(), media::srtpSuites().size());
}

TEST_F(ConfigTest, CodecsInOrderAndGain) {
  const Config config = good(kSip + kSignIn + R"(
dn_defaults = { codecs = ["opus", "G722", "l16/16000", "pcmu"]; gain_db = -3; };
dns = ( { number = "1"; }, { number = "2"; codecs = ["l16/8000"]; gain_db = 20; peer_gain_db = -20; } );
)");
  EXPECT_THAT(config.dns.at("1").codecs,
              ElementsAre(&media::opus(), &media::g722(), &media::l16At16000(), &media::pcmu()));
  EXPECT_EQ(config.dns.at("1").gainDb, -3);
  EXPECT_EQ(config.dns.at("1").peerGainDb, 0);
  EXPECT_THAT(config.dns.at("2").codecs, ElementsAre(&media::l16At8000()));
  EXPECT_EQ(config.dns.at("2").gainDb, 20);
  EXPECT_EQ(config.dns.at("2").peerGainDb, -20);
  EXPECT_THAT(good(kSip + kSignIn + kDns).dns.at("7001").codecs,
              ElementsAre(&media::pcmu(), &media::pcma()));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; codecs = [\"l16\"]; }"),
              HasSubstr("must be one of the codecs pcmu, pcma, g722, l16/8000, l16/16000, opus"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; gain_db = 21; }"), HasSubstr("dns[0].gain_db"));
}

TEST_F(ConfigTest, FaultsOfSrtp) {
  EXPECT_THAT(faultOfDns("{ number = \"1\"; srtp = \"yes\"; }"), HasSubstr("dns[0].srtp"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; srtp_suites = [\"F8_128_HMAC_SHA1_80\"]; }"),
              HasSubstr("must be one of the suites AES_CM_128_HMAC_SHA1_80, AEAD_AES_256_GCM"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; srtp_suites = [\"AEAD_AES_256_GCM\", "
                         "\"AEAD_AES_256_GCM\"]; }"),
              HasSubstr("twice"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; srtp_suites = []; }"), HasSubstr("at least one suite"));
}

TEST_F(ConfigTest, FaultsOfRanges) {
  EXPECT_EQ(faultOfDns("{ range = \"7010-7000\"; }"),
            "genesys.jcfg:4: dns[0].range = \"7010-7000\": must begin with the lower number");
  EXPECT_THAT(faultOfDns("{ range = \"0-50000\"; }"), HasSubstr("holds more than 50000 DNs"));
  EXPECT_THAT(faultOfDns("{ range = \"000000000000000000-999999999999999999\"; }"),
              HasSubstr("holds more than 50000 DNs"));
  EXPECT_THAT(faultOfDns("{ range = \"10000-59999\"; }, { number = \"1\"; }"),
              HasSubstr("dns: more than 50000 DNs"));
  EXPECT_THAT(faultOfDns("{ range = \"098-1001\"; }"), HasSubstr("of the same length"));
  for (const char* bad : {"7000", "-7000", "7000-", "a-b", "7000-7001-7002", "7000 - 7001", "+1-2"})
    EXPECT_THAT(faultOfDns(std::string("{ range = \"") + bad + "\"; }"),
                HasSubstr("dns[0].range = \"" + std::string(bad) + "\": must be two numbers"));
}

TEST_F(ConfigTest, FaultsOfDnEntries) {
  EXPECT_EQ(faultOfDns("{ number = \"7001\"; },\n{ number = \"7001\"; }"),
            "genesys.jcfg:5: dns[1].number = \"7001\": DN 7001 is in the entry at line 4, too");
  EXPECT_EQ(faultOfDns("{ range = \"10-19\"; },\n{ range = \"15-29\"; }"),
            "genesys.jcfg:5: dns[1].range = \"15-29\": DN 15 is in the entry at line 4, too");
  EXPECT_THAT(faultOfDns("{ password = \"x\"; }"), HasSubstr(":4: dns: each entry needs either"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; range = \"1-2\"; }"), HasSubstr("needs either"));
  EXPECT_THAT(faultOfDns("\"7001\""), HasSubstr(":4: dns[0]: must be a group"));
  EXPECT_THAT(faultOfDns(""), HasSubstr("dns = (...): must name at least one DN"));
  EXPECT_THAT(faultOfDns("{ number = 7001; }"),
              HasSubstr("dns[0].number = 7001: must be a DN of 1 to 32 characters"));
  EXPECT_THAT(faultOfDns("{ number = \"70:01\"; }"), HasSubstr("must be a DN"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; codecs = []; }"), HasSubstr("at least one codec"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; codecs = [\"g729\"]; }"),
              HasSubstr("must be one of the codecs pcmu, pcma"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; codecs = [\"pcmu\", \"PCMU\"]; }"), HasSubstr("twice"));
  EXPECT_THAT(faultOfDns("{ number = \"1\"; register = \"maybe\"; }"),
              HasSubstr("register = \"maybe\": must be \"always\" or \"on_sign_in\" or \"never\""));
  EXPECT_EQ(faultOfDns("{ number = \"1\"; register = \"never\"; }"), "accepted");
  EXPECT_THAT(faultOfDns("{ number = \"1\"; digits = \"tones\"; }"),
              HasSubstr("must be \"rfc4733\" or \"info\" or \"inband\""));
  EXPECT_THAT(fault(kSip + kSignIn), HasSubstr("genesys.jcfg: dns: is missing"));
  EXPECT_THAT(fault(kSip + kSignIn + "dns = [\"7001\"];"),
              HasSubstr("dns = [...]: must be a list"));
}

TEST_F(ConfigTest, PasswordModeNeedsAgentPasswordsOfSomeLength) {
  const std::string mode = "sign_in = { mode = \"password\"; };\n";
  EXPECT_THAT(fault(kSip + mode + kDns), HasSubstr("no DN has an agent_password"));
  EXPECT_THAT(fault(kSip + mode + "dns = ( { number = \"1\"; agent_password = \"1234567\"; } );"),
              AllOf(HasSubstr("agent_password: must be at least 8"), Not(HasSubstr("1234567"))));
  EXPECT_THAT(fault(kSip + mode + "dn_defaults = { agent_password = \"1234567\"; };\n" + kDns),
              HasSubstr("must be at least 8"));
  const Config config =
      good(kSip + mode +
           "dns = ( { number = \"1\"; agent_password = \"12345678\"; }, { number = \"2\"; } );");
  EXPECT_EQ(config.dns.at("1").agentPassword, "12345678");
  EXPECT_EQ(config.dns.at("2").agentPassword, "");
}

}  // namespace
}  // namespace genesys::settings
