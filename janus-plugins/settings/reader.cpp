#include "settings/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/text.hpp"

namespace genesys::settings {
namespace {

constexpr size_t kMaxText = 1024;

/// The value as it stands in the file, for an error message.
std::string shown(const config_setting_t* setting) {
  switch (config_setting_type(setting)) {
    case CONFIG_TYPE_STRING:
      return fmt::format("\"{}\"", config_setting_get_string(setting));
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
      return std::to_string(config_setting_get_int64(setting));
    case CONFIG_TYPE_FLOAT:
      return fmt::format("{}", config_setting_get_float(setting));
    case CONFIG_TYPE_BOOL:
      return config_setting_get_bool(setting) ? "true" : "false";
    case CONFIG_TYPE_GROUP:
      return "{...}";
    case CONFIG_TYPE_ARRAY:
      return "[...]";
    default:
      return "(...)";
  }
}

/// "dns[3].range" and "dns[4].range" are one option.
std::string withoutIndex(std::string path) {
  const auto open = path.find('[');
  if (open != std::string::npos) path.erase(open, path.find(']') - open + 1);
  return path;
}

}  // namespace

bool isPlaceholder(std::string_view text) {
  return startsWithIgnoreCase(text, "CHANGE-ME");
}

Reading::Reading(std::string path)
    : path_(std::move(path)), folder_(std::filesystem::path(path_).parent_path()) {
  if (folder_.empty()) folder_ = ".";
}

void Reading::fail(std::string file, unsigned line, std::string reason) {
  if (!error_) error_ = ConfigError{std::move(file), line, std::move(reason)};
}

void Reading::fail(const config_setting_t* at, std::string reason) {
  fail(fileOf(at), at ? config_setting_source_line(at) : 0, std::move(reason));
}

std::string Reading::fileOf(const config_setting_t* setting) const {
  const char* file = setting ? config_setting_source_file(setting) : nullptr;
  if (!file || path_ == file) return path_;
  return (folder_ / file).string();  // libconfig names included files as @include does
}

Group::Group(Reading& reading, const config_setting_t* group, std::string name)
    : reading_(reading), group_(group), name_(std::move(name)) {}

Group Group::group(const char* name) {
  const config_setting_t* member = find(name);
  if (member && !config_setting_is_group(member)) {
    refuse(name, "must be a group: { ... }");
    member = nullptr;
  }
  return {reading_, member, pathOf(name)};
}

std::string Group::pathOf(std::string_view name) const {
  return name_.empty() ? std::string(name) : fmt::format("{}.{}", name_, name);
}

void Group::note(const char* name, std::string text, bool secret) {
  // Of single DNs DnConfig says it, and there may be tens of thousands.
  if (!name_.starts_with("dns")) reading_.options[pathOf(name)] = {std::move(text), "", secret};
}

void Group::noteContent(const char* name, const std::string& content) {
  reading_.options[pathOf(name)].content = content;
}

const config_setting_t* Group::find(const char* name) {
  asked_.insert(name);
  reading_.known.insert(withoutIndex(pathOf(name)));
  return group_ ? config_setting_get_member(group_, name) : nullptr;
}

void Group::refuse(const char* name, std::string_view reason, bool secret) {
  const config_setting_t* setting = find(name);
  std::string what = pathOf(name);
  if (setting && !secret) what += " = " + shown(setting);
  reading_.fail(setting ? setting : group_, fmt::format("{}: {}", what, reason));
}

void Group::finish() {
  if (!group_) return;
  for (int i = 0; i < config_setting_length(group_); ++i) {
    const config_setting_t* member = config_setting_get_elem(group_, static_cast<unsigned>(i));
    const char* name = config_setting_name(member);
    if (asked_.contains(name)) continue;
    std::string options;
    for (const auto& option : asked_) options += (options.empty() ? "" : ", ") + option;
    reading_.fail(member, fmt::format("{}: unknown option; known are {}", pathOf(name), options));
  }
}

std::string Group::checked(const char* name, const TextRule& rule, const config_setting_t* value) {
  if (config_setting_type(value) != CONFIG_TYPE_STRING) {
    refuse(name, fmt::format("must be {}, in quotes", rule.allowed), rule.secret);
    return {};
  }
  std::string text = config_setting_get_string(value);
  if (rule.secret) reading_.secretFiles.insert(reading_.fileOf(value));
  if (isPlaceholder(text))
    refuse(name, "still has the placeholder of the sample; set a value of your own", rule.secret);
  else if (text.size() > kMaxText || hasControls(text) || !rule.accepts(text))
    refuse(name, fmt::format("must be {}", rule.allowed), rule.secret);
  return text;
}

std::string Group::text(const char* name, const TextRule& rule) {
  if (!find(name)) refuse(name, fmt::format("is missing; it must be {}", rule.allowed));
  return text(name, rule, "");
}

std::string Group::text(const char* name, const TextRule& rule, std::string fallback) {
  const config_setting_t* value = find(name);
  std::string text = value ? checked(name, rule, value) : std::move(fallback);
  note(name, text, rule.secret);
  return text;
}

std::vector<std::string> Group::texts(const char* name, const TextRule& rule,
                                      std::vector<std::string> fallback) {
  const config_setting_t* value = find(name);
  std::vector<std::string> found = value ? readTexts(name, rule, value) : std::move(fallback);
  note(name, fmt::format("{}", fmt::join(found, ", ")), rule.secret);
  return found;
}

std::vector<std::string> Group::readTexts(const char* name, const TextRule& rule,
                                          const config_setting_t* value) {
  std::vector<std::string> found;
  if (!config_setting_is_array(value) && !config_setting_is_list(value)) {
    refuse(name, "must be a list of texts: [\"...\", \"...\"]");
    return found;
  }
  for (int i = 0; i < config_setting_length(value); ++i) {
    const config_setting_t* element = config_setting_get_elem(value, static_cast<unsigned>(i));
    found.push_back(checked(name, rule, element));
    if (!reading_.error()) continue;
    break;
  }
  return found;
}

int64_t Group::integer(const char* name, int64_t low, int64_t high, int64_t fallback) {
  const config_setting_t* value = find(name);
  note(name, std::to_string(fallback));
  if (!value) return fallback;
  const int type = config_setting_type(value);
  const int64_t number = config_setting_get_int64(value);
  if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || number < low || number > high) {
    refuse(name, fmt::format("must be a whole number from {} to {}", low, high));
    return fallback;
  }
  note(name, std::to_string(number));
  return number;
}

bool Group::flag(const char* name, bool fallback) {
  const config_setting_t* value = find(name);
  if (value && config_setting_type(value) != CONFIG_TYPE_BOOL)
    refuse(name, "must be true or false");
  const bool on = value ? config_setting_get_bool(value) != 0 : fallback;
  note(name, on ? "true" : "false");
  return on;
}

int Group::choose(const char* name, const std::vector<std::string>& words) {
  const config_setting_t* value = find(name);
  if (!value) return -1;
  const char* text = config_setting_get_string(value);  // null if it is no string
  const auto word = std::find(words.begin(), words.end(), text ? text : "");
  if (text && word != words.end()) return static_cast<int>(word - words.begin());
  std::string allowed;
  for (const auto& w : words) allowed += fmt::format("{}\"{}\"", allowed.empty() ? "" : " or ", w);
  refuse(name, "must be " + allowed);
  return -1;
}

}  // namespace genesys::settings
