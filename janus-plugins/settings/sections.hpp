// The groups of the configuration file, each read into its part of Config. Faults are noted in the
// Reading; a group that is missing has its defaults, or the fault that something is required.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "settings/reader.hpp"

namespace genesys::settings {

/// A duration whose unit is in the option's name; the defaults stand in config.hpp.
template <class Duration>
Duration duration(Group& group, const char* name, int64_t low, int64_t high, Duration fallback) {
  return Duration(group.integer(name, low, high, fallback.count()));
}

SipServerConfig readSipServer(Group group);
/// The group second_site of the file; nullopt if there is none.
std::optional<SiteServers> readSecondSite(Group& file, const SipServerConfig& server);
/// The options tls_* of sip_server; `used`: some of them are required then.
sip::TlsSettings readTls(Group& group, bool used);
SignInConfig readSignIn(Group group);
IceConfig readIce(Group group);
AgentConfig readAgent(Group group);
/// `sipAddress` is where RTP goes, too, unless the group says otherwise.
MediaConfig readMedia(Group group, const std::string& sipAddress);
media::RecorderConfig readRecording(Group group);
/// The group cdr.
std::string readCdrFile(Group group);
/// `config`: the addresses in it that others than the inside reach.
HttpConfig readHttp(Group group, const Config& config);
HepConfig readHep(Group group);
/// The groups dn_defaults and dns of the file. Passwords of agents count in password mode only.
std::map<std::string, DnConfig> readDns(Group& file, SignInConfig::Mode mode);
/// `dns`: the DNs that a rule may ring.
dialplan::Plan readDialPlan(Group group, const std::map<std::string, DnConfig>& dns);

/// The content of the file that option `name` gives, relative to the configuration's folder; "" if
/// the option is missing. A file that everybody may write is refused; one that everybody may read
/// is worth a warning in the log if it is secret.
std::string readFileOption(Group& group, const char* name, bool secret);

/// Everything, from the root of the file; nullptr reads an empty file.
Config readConfig(Reading& reading, const config_setting_t* root);

/// Every option there is, as "group.option".
std::set<std::string> knownOptions();

}  // namespace genesys::settings
