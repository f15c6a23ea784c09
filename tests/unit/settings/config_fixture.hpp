// Loads configuration files that a test writes, in a folder of its own with a key file "jwt.key".
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "settings/config.hpp"
#include "temp_folder.hpp"
#include "util/log.hpp"

namespace genesys::settings {

// One option a line, so that the tests can name lines.
inline const std::string kSip =
    "sip_server = { host = \"192.0.2.1\"; local_address = \"192.0.2.10\"; };\n";
inline const std::string kSignIn =
    "sign_in = { algorithm = \"HS256\"; key_file = \"jwt.key\"; audience = \"a\"; };\n";
inline const std::string kDns = "dns = ( { number = \"7001\"; } );\n";
inline const std::string kKey = "0123456789abcdef0123456789abcdef";

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    folder_.write("jwt.key", kKey + "\n");
    setLogSink([this](LogLevel, const std::string& line) { log_ += line + "\n"; });
  }
  ~ConfigTest() override { setLogSink({}); }

  Result<Config, ConfigError> load(const std::string& text) {
    return loadConfig(folder_.write("genesys.jcfg", text));
  }
  Config good(const std::string& text) {
    auto config = load(text);
    EXPECT_TRUE(config) << (config ? "" : config.error().toString());
    return config ? std::move(config).value() : Config{};
  }
  /// What loadConfig says, without the folder.
  std::string fault(const std::string& text) {
    const auto config = load(text);
    if (config) return "accepted";
    std::string said = config.error().toString();
    for (size_t at = 0; (at = said.find(folder_ / "")) != std::string::npos;)
      said.erase(at, (folder_ / "").size());
    return said;
  }
  std::string faultOfSip(const std::string& option) {
    return fault("sip_server = { host = \"192.0.2.1\"; local_address = \"192.0.2.10\";\n" + option +
                 "\n};\n" + kSignIn + kDns);
  }
  std::string faultOfDns(const std::string& entries) {
    return fault(kSip + kSignIn + "dns = (\n" + entries + ");\n");
  }

  TempFolder folder_;
  std::string log_;
};

}  // namespace genesys::settings
