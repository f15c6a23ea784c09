// Writes JSON objects and arrays. Texts that came from the SIP side need not be UTF-8: octets that
// are none become U+FFFD, so that no caller's name can keep an event from the page. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/event.hpp"

namespace genesys::api {

Json jsonText(std::string_view text);
/// JSON on one line; reals with four digits, which do for what is measured.
std::string textOf(const Json& json);

class JsonObject {
 public:
  JsonObject() : object_(json_object()) {}
  JsonObject& set(const char* name, std::string_view text) { return set(name, jsonText(text)); }
  JsonObject& set(const char* name, int64_t number) {
    return set(name, Json(json_integer(number)));
  }
  JsonObject& set(const char* name, Json value) {
    json_object_set_new(object_.get(), name, value.release());
    return *this;
  }
  JsonObject& setFlag(const char* name, bool flag) { return set(name, Json(json_boolean(flag))); }
  JsonObject& setUnlessEmpty(const char* name, std::string_view text) {
    return text.empty() ? *this : set(name, text);
  }
  Json take() { return std::move(object_); }

 private:
  Json object_;
};

/// An array of what `write` (item -> Json) makes of each item.
template <class Items, class Write>
Json jsonArray(const Items& items, Write write) {
  Json array(json_array());
  for (const auto& item : items) json_array_append_new(array.get(), write(item).release());
  return array;
}

Json jsonTexts(const std::vector<std::string>& texts);
Json jsonHeaders(const Headers& headers);

}  // namespace genesys::api
