#include "settings/config.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "config_fixture.hpp"
#include "settings/sections.hpp"

namespace genesys::settings {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string contentOf(const std::string& path) {
  std::ifstream file(std::string(PROJECT_FOLDER) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string withAll(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// With the options that are commented out: "  #option = ...", where prose is "  # ...".
std::string uncommented(const std::string& sample) {
  std::istringstream in(sample);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("  #") && line.compare(3, 1, " ") != 0) line.erase(2, 1);
    out += line + "\n";
  }
  return out;
}

TEST_F(ConfigTest, SampleIsRefusedForItsPlaceholdersAndGoodWithoutThem) {
  const std::string sample =
      withAll(contentOf("conf/janus.plugin.genesys.jcfg.sample"), "secrets/", "");
  for (const char* file : {"turn.secret", "hep.key", "sip-ca.crt", "sip.crt", "sip.key"})
    folder_.write(file, kKey);
  EXPECT_THAT(fault(sample), HasSubstr("dn_defaults.password: still has the placeholder"));
  const Config config = good(withAll(sample, "CHANGE-ME", "changed"));
  EXPECT_EQ(config.dns.size(), 100U);
  EXPECT_EQ(config.dns.at("7001").displayName, "Supervisor");
  EXPECT_THAT(config.ice.turnUrls, IsEmpty());
  const Config full = good(uncommented(withAll(sample, "CHANGE-ME", "changed")));
  EXPECT_THAT(full.ice.turnUrls, SizeIs(2));
  EXPECT_THAT(full.sip.trustedPeers, SizeIs(2));
  EXPECT_THAT(full.dialPlan.outgoing, SizeIs(6));
  EXPECT_THAT(full.dialPlan.incoming, SizeIs(3));
  EXPECT_EQ(full.recorder.folder, "/var/lib/janus-genesys/recordings");
}

TEST_F(ConfigTest, SampleShowsTheDefaults) {
  const std::string sample =
      withAll(contentOf("conf/janus.plugin.genesys.jcfg.sample"), "secrets/", "");
  const Config shown = good(withAll(sample, "CHANGE-ME", "changed"));
  const Config defaults = good(kSip + kSignIn + kDns);
  EXPECT_EQ(shown.sip.port, defaults.sip.port);
  EXPECT_EQ(shown.sip.transport, defaults.sip.transport);
  EXPECT_EQ(shown.sip.localPort, defaults.sip.localPort);
  EXPECT_EQ(shown.sip.registerExpires, defaults.sip.registerExpires);
  EXPECT_EQ(shown.sip.transactionTimeout, defaults.sip.transactionTimeout);
  EXPECT_EQ(shown.signIn.mode, defaults.signIn.mode);
  EXPECT_EQ(shown.signIn.dnClaim, defaults.signIn.dnClaim);
  EXPECT_EQ(shown.signIn.maxHandlesPerSubject, defaults.signIn.maxHandlesPerSubject);
  EXPECT_EQ(shown.ice.turnLifetime, defaults.ice.turnLifetime);
  EXPECT_EQ(shown.agent.resumeWindow, defaults.agent.resumeWindow);
  EXPECT_EQ(shown.agent.ringTimeout, defaults.agent.ringTimeout);
  EXPECT_EQ(shown.agent.readableHeaders, defaults.agent.readableHeaders);
  EXPECT_EQ(shown.agent.maxCalls, defaults.agent.maxCalls);
  EXPECT_EQ(shown.agent.callsPerMinute, defaults.agent.callsPerMinute);
  EXPECT_EQ(shown.signIn.rolesClaim, defaults.signIn.rolesClaim);
  EXPECT_EQ(shown.media.workers, defaults.media.workers);
  EXPECT_EQ(shown.media.ports.first, defaults.media.ports.first);
  EXPECT_EQ(shown.media.ports.last, defaults.media.ports.last);
  EXPECT_EQ(shown.media.portQuarantine, defaults.media.portQuarantine);
  EXPECT_EQ(shown.media.dscp, defaults.media.dscp);
  EXPECT_EQ(shown.media.symmetric, defaults.media.symmetric);
  EXPECT_EQ(shown.dialPlan.unmatchedAllowed, defaults.dialPlan.unmatchedAllowed);
  EXPECT_EQ(shown.recorder.folder, defaults.recorder.folder);
  EXPECT_EQ(shown.recorder.longest, defaults.recorder.longest);
  EXPECT_EQ(shown.recorder.leastFree, defaults.recorder.leastFree);
  EXPECT_EQ(shown.dns.at("7002").registerWhen, defaults.dns.at("7001").registerWhen);
  EXPECT_EQ(shown.dns.at("7002").codecs, defaults.dns.at("7001").codecs);
}

TEST(ConfigDocuments, NameEveryOption) {
  const std::string sample = contentOf("conf/janus.plugin.genesys.jcfg.sample");
  const std::string document = contentOf("docs/configuration.md");
  const auto options = knownOptions();
  EXPECT_GT(options.size(), 45U);
  for (const auto& option : options) {
    const auto dot = option.rfind('.');
    const std::string name = dot == std::string::npos ? option : option.substr(dot + 1);
    const bool group = dot == std::string::npos;
    EXPECT_NE(sample.find(name + (group ? ": " : " = ")), std::string::npos)
        << option << " is not in the sample";
    EXPECT_NE(document.find(group ? "`" + name + "`" : "| `" + name + "` |"), std::string::npos)
        << option << " is not in docs/configuration.md";
  }
}

}  // namespace
}  // namespace genesys::settings
