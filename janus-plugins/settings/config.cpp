#include "settings/config.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "settings/sections.hpp"
#include "util/log.hpp"

namespace genesys::settings {
namespace {

/// Owns a libconfig tree; settings and their file names live as long as it does.
class ConfigFile {
 public:
  ConfigFile() { config_init(&config_); }
  ~ConfigFile() { config_destroy(&config_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  const config_setting_t* root() const { return config_root_setting(&config_); }

  bool parse(Reading& reading, const std::string& path) {
    config_set_include_dir(&config_, reading.folder().c_str());
    errno = 0;
    if (config_read_file(&config_, path.c_str())) return true;
    if (config_error_type(&config_) == CONFIG_ERR_FILE_IO) {
      const char* why = errno != 0 ? std::strerror(errno) : "it is no file";
      reading.fail(path, 0, std::string("cannot be read: ") + why);
      return false;
    }
    const char* file = config_error_file(&config_);
    const bool included = file && path != file;
    reading.fail(included ? (reading.folder() / file).string() : path,
                 static_cast<unsigned>(config_error_line(&config_)), config_error_text(&config_));
    return false;
  }

 private:
  config_t config_;
};

void warnOfReadableSecrets(const Reading& reading) {
  for (const auto& file : reading.secretFiles) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH))
      logWarning("{} holds passwords and may be read by everybody: chmod o-r", file);
  }
}

}  // namespace

std::string ConfigError::toString() const {
  return line == 0 ? file + ": " + reason : file + ":" + std::to_string(line) + ": " + reason;
}

Config readConfig(Reading& reading, const config_setting_t* root) {
  Group file(reading, root, "");
  Config config;
  config.sip = readSipServer(file.group("sip_server"));
  config.secondSite = readSecondSite(file, config.sip);
  config.signIn = readSignIn(file.group("sign_in"));
  config.ice = readIce(file.group("ice"));
  config.agent = readAgent(file.group("agent"));
  config.media = readMedia(file.group("media"), config.sip.localAddress);
  config.recorder = readRecording(file.group("recording"));
  config.cdrFile = readCdrFile(file.group("cdr"));
  config.http = readHttp(file.group("http"), config);
  config.hep = readHep(file.group("hep"));
  config.dns = readDns(file, config.signIn.mode);
  config.dialPlan = readDialPlan(file.group("dial_plan"), config.dns);
  file.finish();
  return config;
}

std::set<std::string> knownOptions() {
  Reading reading("none");
  readConfig(reading, nullptr);
  return reading.known;
}

Result<Config, ConfigError> loadConfig(const std::string& path) {
  Reading reading(path);
  ConfigFile file;
  if (!file.parse(reading, path)) return Failure{*reading.error()};
  Config config = readConfig(reading, file.root());
  if (reading.error()) return Failure{*reading.error()};
  warnOfReadableSecrets(reading);
  config.options = std::move(reading.options);
  return config;
}

}  // namespace genesys::settings
