#include "settings/sections.hpp"

#include <charconv>

#include "settings/rules.hpp"
#include "settings/sign_in.hpp"

namespace genesys::settings {
namespace {

constexpr size_t kMinTurnSecret = 16;  ///< octets

/// "30000-39999" has room for at least one pair of an even port and the next one.
media::PortRange portRange(Group& group, media::PortRange fallback) {
  const std::string text = group.text("rtp_port_range", rules::kPortRange, "");
  if (text.empty() || group.reading().error()) return fallback;
  unsigned first = 0;
  unsigned last = 0;
  const char* const end = text.data() + text.size();
  std::from_chars(std::from_chars(text.data(), end, first).ptr + 1, end, last);
  if (first < 1024 || last > 65535 || first + first % 2 + 1 > last) {
    group.refuse("rtp_port_range", "must lie in 1024-65535 and hold an even port and the next one");
    return fallback;
  }
  return {static_cast<uint16_t>(first), static_cast<uint16_t>(last)};
}

}  // namespace

SignInConfig readSignIn(Group group) {
  using Mode = SignInConfig::Mode;
  SignInConfig signIn;
  signIn.mode = group.choice<Mode>("mode", {{"token", Mode::Token}, {"password", Mode::Password}},
                                   signIn.mode);
  signIn.algorithm = group.text("algorithm", rules::kAlgorithm, "");
  signIn.audience = group.text("audience", rules::kClaim, "");
  signIn.issuer = group.text("issuer", rules::kClaim, "");
  signIn.dnClaim = group.text("dn_claim", rules::kClaim, signIn.dnClaim);
  signIn.rolesClaim = group.text("roles_claim", rules::kClaim, signIn.rolesClaim);
  signIn.maxHandlesPerSubject = static_cast<unsigned>(
      group.integer("max_handles_per_subject", 1, 100, signIn.maxHandlesPerSubject));
  for (const char* required : {"algorithm", "key_file", "audience"})
    if (!group.find(required) && signIn.mode == Mode::Token)
      group.refuse(required, "is missing; sign-in by token needs it");
  if (signIn.mode == Mode::Token) {
    signIn.key = readFileOption(group, "key_file", signIn.algorithm == "HS256");
    const auto key = checkKey(signIn.algorithm, signIn.key);
    if (!key) group.refuse("key_file", key.error());
  }
  group.finish();
  return signIn;
}

IceConfig readIce(Group group) {
  IceConfig ice;
  ice.stunUrls = group.texts("stun_urls", rules::kStunUrl, {});
  ice.turnUrls = group.texts("turn_urls", rules::kTurnUrl, {});
  ice.turnSecret = readFileOption(group, "turn_secret_file", true);
  ice.turnLifetime = duration(group, "turn_lifetime_s", 60, 600, ice.turnLifetime);
  if (!ice.turnUrls.empty() && ice.turnSecret.empty())
    group.refuse("turn_secret_file", "is missing; turn_urls need the secret shared with coturn");
  if (!ice.turnSecret.empty() && ice.turnSecret.size() < kMinTurnSecret)
    group.refuse("turn_secret_file", "holds a secret of less than 16 octets");
  group.finish();
  return ice;
}

AgentConfig readAgent(Group group) {
  AgentConfig agent;
  agent.resumeWindow = duration(group, "resume_window_s", 0, 3600, agent.resumeWindow);
  agent.ringTimeout = duration(group, "ring_timeout_s", 5, 600, agent.ringTimeout);
  agent.readableHeaders = group.texts("readable_headers", rules::kReadableHeader, {"X-Genesys-*"});
  agent.writableHeaders = group.texts("writable_headers", rules::kWritableHeader, {});
  agent.maxCalls = static_cast<unsigned>(group.integer("max_calls", 1, 16, agent.maxCalls));
  agent.callsPerMinute =
      static_cast<unsigned>(group.integer("calls_per_minute", 0, 1000, agent.callsPerMinute));
  agent.autoAnswerAlertInfo = group.texts("auto_answer_alert_info", rules::kName,
                                          {"info=alert-autoanswer", "auto answer", "ring answer"});
  agent.subscribeEvents = group.texts("subscribe_events", rules::kEventPackage,
                                      {"message-summary", "presence", "dialog"});
  group.finish();
  return agent;
}

media::RecorderConfig readRecording(Group group) {
  constexpr uint64_t kMega = 1'000'000;
  media::RecorderConfig recorder;
  recorder.folder = group.text("folder", rules::kFile, "");
  recorder.longest = std::chrono::minutes(group.integer("max_minutes", 1, 1440, 240));
  recorder.leastFree =
      kMega * static_cast<uint64_t>(group.integer("min_free_mb", 0, 100'000'000, 1000));
  if (!recorder.folder.empty() && recorder.folder.front() != '/')
    group.refuse("folder", "must be an absolute path");
  group.finish();
  return recorder;
}

std::string readCdrFile(Group group) {
  std::string file = group.text("file", rules::kFile, "");
  if (!file.empty() && file.front() != '/') group.refuse("file", "must be an absolute path");
  group.finish();
  return file;
}

// Everything that answers there is for operators, their scrapers and the proxy on the same host.
HttpConfig readHttp(Group group, const Config& config) {
  HttpConfig http;
  http.address = group.text("address", rules::kInsideAddress, http.address);
  http.port = static_cast<uint16_t>(group.integer("port", 1, 65535, http.port));
  if (!group.find("port") && group.find("address"))
    group.refuse("port", "is missing; an address alone opens nothing");
  const bool sips = http.address == config.sip.localAddress;
  for (const std::string* seen :
       {&config.media.bindAddress, &config.media.advertisedAddress, &config.sip.advertisedAddress})
    if (http.address == *seen && !sips && !rules::isLoopback(*seen))
      group.refuse("address",
                   "is where the gateway's audio or SIP is reached from outside; "
                   "take a loopback or an inside address");
  group.finish();
  return http;
}

HepConfig readHep(Group group) {
  HepConfig hep;
  hep.server = group.text("server", rules::kAddress, "");
  hep.port = static_cast<uint16_t>(group.integer("port", 1, 65535, hep.port));
  hep.captureId = static_cast<uint32_t>(group.integer("capture_id", 1, 2147483647, hep.captureId));
  hep.key = readFileOption(group, "key_file", true);
  for (const char* option : {"port", "capture_id", "key_file"})
    if (hep.server.empty() && group.find(option))
      group.refuse("server", "is missing; without it nothing is captured");
  group.finish();
  return hep;
}

MediaConfig readMedia(Group group, const std::string& sipAddress) {
  MediaConfig media;
  media.workers = static_cast<unsigned>(group.integer("workers", 0, 64, media.workers));
  media.bindAddress = group.text("bind_address", rules::kAddress, sipAddress);
  media.advertisedAddress = group.text("advertised_address", rules::kAddress, media.bindAddress);
  if (rules::addressFamily(media.advertisedAddress) != rules::addressFamily(media.bindAddress))
    group.refuse("advertised_address", "must be of the same IP version as media.bind_address");
  media.ports = portRange(group, media.ports);
  media.portQuarantine = duration(group, "port_quarantine_ms", 0, 60000, media.portQuarantine);
  media.dscp = static_cast<uint8_t>(group.integer("dscp", 0, 63, media.dscp));
  media.symmetric = group.flag("symmetric", media.symmetric);
  group.finish();
  return media;
}

}  // namespace genesys::settings
