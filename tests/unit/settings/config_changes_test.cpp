#include "settings/config_changes.hpp"

#include <gmock/gmock.h>

#include "config_fixture.hpp"
#include "settings/sections.hpp"

namespace genesys::settings {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kAgent = "agent = { max_calls = 3; };\n";

class ConfigChangesTest : public ConfigTest {
 protected:
  ConfigChanges changes(const std::string& before, const std::string& after) {
    const Config old = good(before);
    return changesBetween(old, good(after));
  }
  static std::string withMore(std::string text, const std::string& group,
                              const std::string& lines) {
    const size_t at = text.find(group + " = {") + group.size() + 4;
    return text.insert(at, lines);
  }
};

TEST_F(ConfigChangesTest, TheSameFileChangesNothing) {
  const std::string text = kSip + kSignIn + kDns + kAgent;
  EXPECT_TRUE(changes(text, text).none());
  EXPECT_TRUE(changes(text, "# a comment\n" + text).none());
}

TEST_F(ConfigChangesTest, AnOptionWithItsValues) {
  const auto all = changes(kSip + kSignIn + kDns, kSip + kSignIn + kDns + kAgent);
  ASSERT_THAT(all.options, SizeIs(1));
  EXPECT_EQ(all.options[0].option, "agent.max_calls");
  EXPECT_EQ(all.options[0].before, "4");  // by default
  EXPECT_EQ(all.options[0].after, "3");
  EXPECT_FALSE(all.options[0].restart);
  EXPECT_FALSE(all.needRestart());
}

TEST_F(ConfigChangesTest, ADefaultThatIsWrittenDownIsNoChange) {
  const std::string text = kSip + kSignIn + kDns;
  EXPECT_TRUE(changes(text, text + "agent = { max_calls = 4; };\n").none());
  EXPECT_TRUE(changes(text, text + "media = { symmetric = false; dscp = 46; };\n").none());
  EXPECT_TRUE(changes(text, text + "dn_defaults = { register = \"on_sign_in\"; };\n").none());
}

TEST_F(ConfigChangesTest, WhatIsBuiltIntoTheGatewayNeedsARestart) {
  const std::string text = kSip + kSignIn + kDns;
  for (const char* line : {" local_port = 5070; ", " transport = \"tcp\"; ",
                           " backups = "
                           "[\"192.0.2.2\"]; ",
                           " user_agent = \"x\"; "})
    EXPECT_TRUE(changes(text, withMore(text, "sip_server", line)).needRestart()) << line;
  for (const char* line :
       {" realm = \"r\"; ", " trusted_peers = [\"192.0.2.3\"]; ", " register_expires_s = 600; "})
    EXPECT_FALSE(changes(text, withMore(text, "sip_server", line)).needRestart()) << line;
  EXPECT_TRUE(changes(text, text + "media = { dscp = 0; };\n").needRestart());
  EXPECT_TRUE(changes(text, text + "second_site = { host = \"192.0.2.9\"; };\n").needRestart());
}

TEST_F(ConfigChangesTest, EveryOptionIsOfOneKind) {
  size_t reloadable = 0;
  for (const std::string& option : knownOptions()) reloadable += !needsRestart(option);
  EXPECT_GT(reloadable, 20U);
  EXPECT_TRUE(needsRestart("a group that comes later.option"));
}

TEST_F(ConfigChangesTest, SecretsAreComparedAndNotShown) {
  const std::string password = "dn_defaults = { password = \"first secret\"; };\n";
  const std::string another = "dn_defaults = { password = \"second secret\"; };\n";
  const auto all = changes(kSip + kSignIn + kDns + password, kSip + kSignIn + kDns + another);
  ASSERT_THAT(all.options, SizeIs(1));
  EXPECT_THAT(all.options[0].before + all.options[0].after, Not(HasSubstr("first")));
  EXPECT_THAT(all.options[0].before + all.options[0].after, Not(HasSubstr("second")));
  EXPECT_THAT(all.dnsChanged, ElementsAre("7001"));
}

TEST_F(ConfigChangesTest, AFileWithAnotherContentIsAChange) {
  const Config before = good(kSip + kSignIn + kDns);
  folder_.write("jwt.key", "fedcba9876543210fedcba9876543210");
  const auto all = changesBetween(before, good(kSip + kSignIn + kDns));
  ASSERT_THAT(all.options, SizeIs(1));
  EXPECT_EQ(all.options[0].option, "sign_in.key_file");
  EXPECT_EQ(all.options[0].after, "jwt.key (with another content)");
}

TEST_F(ConfigChangesTest, DnsByNumber) {
  const auto all = changes(kSip + kSignIn + "dns = ( { range = \"7001-7003\"; } );\n",
                           kSip + kSignIn +
                               "dns = ( { range = \"7002-7004\"; }, "
                               "{ number = \"7003\"; register = \"always\"; } );\n");
  EXPECT_THAT(all.dnsAdded, ElementsAre("7004"));
  EXPECT_THAT(all.dnsRemoved, ElementsAre("7001"));
  EXPECT_THAT(all.dnsChanged, ElementsAre("7003"));
  EXPECT_THAT(all.options, IsEmpty());
}

TEST_F(ConfigChangesTest, AListOfGroupsIsOneChange) {
  const auto plan = [](const char* prefix, const char* more) {
    return std::string(
               "dial_plan = { outgoing = ( { name = \"out\"; patterns = [\"0.\"]; action = "
               "\"allow\"; prefix = \"") +
           prefix + "\"; }" + more + " ); };\n";
  };
  const auto all =
      changes(kSip + kSignIn + kDns + plan("9", ""),
              kSip + kSignIn + kDns +
                  plan("8", ", { name = \"no\"; patterns = [\"1.\"]; action = \"deny\"; }"));
  EXPECT_THAT(all.options, ElementsAre(Field(&OptionChange::option, "dial_plan.outgoing")));
  EXPECT_FALSE(all.needRestart());
}

}  // namespace
}  // namespace genesys::settings
