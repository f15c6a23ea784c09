// JSON of tests, written as text.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "api/event.hpp"

namespace genesys::api {

inline Json parsed(const std::string& text) {
  json_error_t error{};
  Json json(json_loadb(text.data(), text.size(),
                       JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error));
  EXPECT_TRUE(json) << error.text << " in " << text;
  return json;
}

/// Keys sorted, without blanks.
inline std::string printed(const Json& json) {
  char* text = json_dumps(json.get(), JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
  std::string out = text ? text : "(nothing)";
  std::free(text);  // NOLINT(cppcoreguidelines-no-malloc): jansson's
  return out;
}

inline bool same(const Json& a, const Json& b) {
  return json_equal(a.get(), b.get()) == 1;
}

}  // namespace genesys::api
