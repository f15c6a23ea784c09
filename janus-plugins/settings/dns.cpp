#include <algorithm>
#include <charconv>

#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace genesys::settings {
namespace {

constexpr size_t kMaxDns = 50'000;
constexpr size_t kMinAgentPassword = 8;
constexpr int kMostGainDb = 20;

using Mode = SignInConfig::Mode;

struct Entry {
  DnConfig dn;
  bool fromRange = false;
  unsigned line = 0;
};
using Entries = std::map<std::string, Entry>;

std::vector<const media::Codec*> readCodecs(Group& group,
                                            const std::vector<const media::Codec*>& fallback) {
  if (!group.find("codecs")) return fallback;
  std::vector<const media::Codec*> codecs;
  for (const auto& name : group.texts("codecs", rules::kCodec, {})) {
    const media::Codec* codec = media::findCodec(name);
    if (std::find(codecs.begin(), codecs.end(), codec) != codecs.end())
      group.refuse("codecs", "names " + name + " twice");
    codecs.push_back(codec);
  }
  if (codecs.empty()) group.refuse("codecs", "must name at least one codec");
  return codecs;
}

sdp::SrtpTerms readSrtp(Group& group, const sdp::SrtpTerms& fallback) {
  using Policy = sdp::SrtpPolicy;
  sdp::SrtpTerms terms;
  terms.policy = group.choice<Policy>(
      "srtp",
      {{"off", Policy::Off}, {"optional", Policy::Optional}, {"mandatory", Policy::Mandatory}},
      fallback.policy);
  for (const auto& name : group.texts("srtp_suites", rules::kSrtpSuite, {})) {
    const media::SrtpSuite* suite = media::findSrtpSuite(name);
    if (std::find(terms.suites.begin(), terms.suites.end(), suite) != terms.suites.end())
      group.refuse("srtp_suites", "names " + name + " twice");
    terms.suites.push_back(suite);
  }
  if (group.find("srtp_suites") && terms.suites.empty())
    group.refuse("srtp_suites", "must name at least one suite");
  if (terms.suites.empty()) terms.suites = fallback.suites;
  return terms;
}

/// true, false or "ask".
TalkPolicy readTalkPolicy(Group& group, TalkPolicy fallback) {
  const config_setting_t* value = group.find("talk_answers");
  if (!value) return fallback;
  if (config_setting_type(value) == CONFIG_TYPE_BOOL)
    return config_setting_get_bool(value) != 0 ? TalkPolicy::Answer : TalkPolicy::Ignore;
  const char* text = config_setting_get_string(value);  // null if it is no string
  if (text == nullptr || std::string_view(text) != "ask")
    group.refuse("talk_answers", "must be true, false or \"ask\"");
  return TalkPolicy::Ask;
}

/// What dn_defaults and each entry of dns have in common.
DnConfig readOptions(Group& group, const DnConfig& fallback, Mode mode) {
  DnConfig dn;
  dn.sipPassword = group.text("password", rules::kPassword, fallback.sipPassword);
  dn.authUser = group.text("auth_user", rules::kUser, fallback.authUser);
  dn.registerWhen = group.choice<RegisterWhen>("register",
                                               {{"always", RegisterWhen::Always},
                                                {"on_sign_in", RegisterWhen::OnSignIn},
                                                {"never", RegisterWhen::Never}},
                                               fallback.registerWhen);
  dn.codecs = readCodecs(group, fallback.codecs);
  dn.gainDb =
      static_cast<int>(group.integer("gain_db", -kMostGainDb, kMostGainDb, fallback.gainDb));
  dn.peerGainDb = static_cast<int>(
      group.integer("peer_gain_db", -kMostGainDb, kMostGainDb, fallback.peerGainDb));
  dn.displayName = group.text("display_name", rules::kName, fallback.displayName);
  dn.agentPassword = group.text("agent_password", rules::kPassword, fallback.agentPassword);
  dn.talkAnswers = readTalkPolicy(group, fallback.talkAnswers);
  dn.refer = group.choice<ReferPolicy>(
      "refer",
      {{"accept", ReferPolicy::Accept}, {"reject", ReferPolicy::Reject}, {"ask", ReferPolicy::Ask}},
      fallback.refer);
  dn.digits = group.choice<DigitMode>(
      "digits",
      {{"rfc4733", DigitMode::Rfc4733}, {"info", DigitMode::Info}, {"inband", DigitMode::InBand}},
      fallback.digits);
  dn.autoAnswer = group.flag("auto_answer", fallback.autoAnswer);
  dn.roles = group.texts("roles", rules::kName, fallback.roles);
  dn.srtp = readSrtp(group, fallback.srtp);
  dn.recording = group.flag("recording", fallback.recording);
  if (mode == Mode::Password && group.find("agent_password") &&
      dn.agentPassword.size() < kMinAgentPassword)
    group.refuse("agent_password", "must be at least 8 characters long", true);
  return dn;
}

void add(Entries& entries, Group& group, const char* option, const DnConfig& options,
         const std::string& number) {
  Entry entry{options, std::string_view(option) == "range",
              config_setting_source_line(group.setting())};
  entry.dn.number = number;
  if (entry.dn.authUser.empty()) entry.dn.authUser = number;
  const auto [at, fresh] = entries.try_emplace(number, entry);
  if (fresh) return;
  if (at->second.fromRange == entry.fromRange) {
    group.refuse(option, "DN " + number + " is in the entry at line " +
                             std::to_string(at->second.line) + ", too");
  } else if (!entry.fromRange) {
    at->second = std::move(entry);  // a single entry overrides the range around it
  }
}

/// Spreads "0700-0799" out, keeping leading zeros.
void addRange(Entries& entries, Group& group, const DnConfig& options, const std::string& range) {
  const auto dash = range.find('-');
  uint64_t first = 0;
  uint64_t last = 0;
  std::from_chars(range.data(), range.data() + dash, first);
  std::from_chars(range.data() + dash + 1, range.data() + range.size(), last);
  const size_t lastWidth = range.size() - dash - 1;
  const auto leadingZero = [](const char* digits, size_t width) {
    return width > 1 && *digits == '0';
  };
  if (dash != lastWidth &&
      (leadingZero(range.data(), dash) || leadingZero(range.data() + dash + 1, lastWidth)))
    return group.refuse("range", "numbers with leading zeros must be of the same length");
  if (first > last) return group.refuse("range", "must begin with the lower number");
  if (last - first >= kMaxDns) return group.refuse("range", "holds more than 50000 DNs");
  for (uint64_t number = first; number <= last && !group.reading().error(); ++number) {
    std::string text = std::to_string(number);
    if (text.size() < dash) text.insert(0, dash - text.size(), '0');
    add(entries, group, "range", options, text);
  }
}

void readEntry(Entries& entries, Group group, const DnConfig& defaults, Mode mode) {
  const DnConfig options = readOptions(group, defaults, mode);
  const std::string range = group.text("range", rules::kRange, "");
  const std::string number = group.text("number", rules::kNumber, "");
  group.finish();
  if (group.reading().error()) return;
  if (range.empty() == number.empty()) {
    group.reading().fail(group.setting(), "dns: each entry needs either number or range");
  } else if (range.empty()) {
    add(entries, group, "number", options, number);
  } else {
    addRange(entries, group, options, range);
  }
}

void readEntries(Entries& entries, Reading& reading, const config_setting_t* list,
                 const DnConfig& defaults, Mode mode) {
  for (int i = 0; i < config_setting_length(list) && !reading.error(); ++i) {
    const config_setting_t* element = config_setting_get_elem(list, static_cast<unsigned>(i));
    const std::string name = "dns[" + std::to_string(i) + "]";
    if (!config_setting_is_group(element))
      return reading.fail(element, name + ": must be a group: { number = \"7001\"; ... }");
    readEntry(entries, Group(reading, element, name), defaults, mode);
    if (entries.size() > kMaxDns) reading.fail(element, "dns: more than 50000 DNs");
  }
}

}  // namespace

std::map<std::string, DnConfig> readDns(Group& file, SignInConfig::Mode mode) {
  DnConfig defaults;
  defaults.codecs.assign(media::usualSipCodecs().begin(), media::usualSipCodecs().end());
  defaults.srtp.suites.assign(media::srtpSuites().begin(), media::srtpSuites().end());
  Group defaultsGroup = file.group("dn_defaults");
  defaults = readOptions(defaultsGroup, defaults, mode);
  defaultsGroup.finish();

  Entries entries;
  const config_setting_t* list = file.find("dns");
  if (!list) {
    file.refuse("dns", "is missing; it must list the DNs: ( { range = \"7000-7099\"; } )");
    readEntry(entries, Group(file.reading(), nullptr, "dns"), defaults, mode);
  } else if (!config_setting_is_list(list)) {
    file.refuse("dns", "must be a list of groups: ( { range = \"7000-7099\"; } )");
  } else {
    readEntries(entries, file.reading(), list, defaults, mode);
    if (entries.empty()) file.refuse("dns", "must name at least one DN");
  }

  std::map<std::string, DnConfig> dns;
  bool anyPassword = false;
  for (auto& [number, entry] : entries) {
    anyPassword = anyPassword || !entry.dn.agentPassword.empty();
    dns.emplace_hint(dns.end(), number, std::move(entry.dn));
  }
  if (mode == Mode::Password && !anyPassword)
    file.refuse("dns", "sign_in.mode is \"password\", but no DN has an agent_password");
  return dns;
}

}  // namespace genesys::settings
