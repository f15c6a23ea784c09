// Reads the settings of one group of a libconfig file, one option at a time under a rule. The first
// fault is kept with file and line; what was not asked for is refused as unknown in the end. Used
// while the plugin starts or reloads, on the thread that does it.
#pragma once

#include <libconfig.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/config.hpp"

namespace genesys::settings {

/// What a text option may be; `allowed` completes the sentence "must be ...".
struct TextRule {
  std::string_view allowed;
  bool (*accepts)(std::string_view);
  bool secret = false;  ///< its value never stands in an error message
};

/// One reading of one file with what it includes: its first fault and the options asked for.
class Reading {
 public:
  explicit Reading(std::string path);

  /// Notes a fault at a setting (or, without one, in the file), unless one is noted already.
  void fail(const config_setting_t* at, std::string reason);
  void fail(std::string file, unsigned line, std::string reason);
  const std::optional<ConfigError>& error() const { return error_; }

  /// The file that `setting` stands in, which may be an included one.
  std::string fileOf(const config_setting_t* setting) const;
  /// Where relative paths begin.
  const std::filesystem::path& folder() const { return folder_; }

  EffectiveOptions options;           ///< as they count
  std::set<std::string> known;        ///< such as "sip_server.port"
  std::set<std::string> secretFiles;  ///< configuration files that hold passwords

 private:
  std::string path_;
  std::filesystem::path folder_;
  std::optional<ConfigError> error_;
};

class Group {
 public:
  /// `group` may be null: then every option is missing. `name` is "" for the file itself.
  Group(Reading& reading, const config_setting_t* group, std::string name);
  /// The group `name` inside this one; empty if it is missing.
  Group group(const char* name);

  std::string text(const char* name, const TextRule& rule);  ///< must be there
  std::string text(const char* name, const TextRule& rule, std::string fallback);
  std::vector<std::string> texts(const char* name, const TextRule& rule,
                                 std::vector<std::string> fallback);
  /// In [low, high]; `fallback` if missing.
  int64_t integer(const char* name, int64_t low, int64_t high, int64_t fallback);
  bool flag(const char* name, bool fallback);
  template <class Value>
  Value choice(const char* name, std::initializer_list<std::pair<const char*, Value>> choices,
               Value fallback) {
    std::vector<std::string> words;
    for (const auto& [word, value] : choices) words.emplace_back(word);
    const int chosen = choose(name, words);
    const Value value = chosen < 0 ? fallback : (choices.begin() + chosen)->second;
    for (const auto& [word, meaning] : choices)
      if (meaning == value) note(name, word);
    return value;
  }

  /// The setting itself, or null; counts as asked for.
  const config_setting_t* find(const char* name);
  /// What the file that the option names holds is part of its value.
  void noteContent(const char* name, const std::string& content);
  /// Notes "GROUP.NAME = VALUE: reason" at the option, or at the group if the option is missing.
  void refuse(const char* name, std::string_view reason, bool secret = false);
  /// Refuses the options of the file that nobody asked for. Call it last.
  void finish();

  Reading& reading() { return reading_; }
  const config_setting_t* setting() const { return group_; }

 private:
  int choose(const char* name, const std::vector<std::string>& words);
  std::vector<std::string> readTexts(const char* name, const TextRule& rule,
                                     const config_setting_t* value);
  std::string checked(const char* name, const TextRule& rule, const config_setting_t* value);
  std::string pathOf(std::string_view name) const;
  /// How the option counts.
  void note(const char* name, std::string text, bool secret = false);

  Reading& reading_;
  const config_setting_t* group_;
  std::string name_;
  std::set<std::string> asked_;
};

/// True for a value that a sample file carries in place of a secret.
bool isPlaceholder(std::string_view text);

}  // namespace genesys::settings
