#include "control/json.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "util/text.hpp"

namespace genesys::sim {

Json jsonString(std::string_view text) {
  Json value(json_stringn(text.data(), text.size()));
  // What came from the network may be no UTF-8.
  if (!value) value.reset(json_string("(not UTF-8)"));
  return value;
}

Json jsonOptional(const std::optional<int64_t>& number) {
  return Json(number ? json_integer(*number) : json_null());
}

void put(json_t* object, const char* key, Json value) {
  json_object_set_new(object, key, value.release());
}
void put(json_t* object, const char* key, std::string_view value) {
  put(object, key, jsonString(value));
}
void put(json_t* object, const char* key, int64_t value) {
  put(object, key, Json(json_integer(value)));
}
void put(json_t* object, const char* key, double value) {
  put(object, key, Json(json_real(value)));
}
void put(json_t* object, const char* key, bool value) {
  put(object, key, Json(json_boolean(value)));
}

std::string dump(const json_t* value) {
  const std::unique_ptr<char, decltype(&std::free)> text(
      json_dumps(value, JSON_INDENT(1) | JSON_REAL_PRECISION(6)), &std::free);
  return text ? std::string(text.get()) + "\n" : "{}\n";
}

FieldReader::FieldReader(const std::string& body) {
  json_error_t error;
  object_.reset(body.empty() ? json_object() : json_loadb(body.data(), body.size(), 0, &error));
  if (!object_)
    fault_ = fmt::format("body: not JSON, line {}: {}", error.line, error.text);
  else if (!json_is_object(object_.get()))
    fault_ = "body: not a JSON object";
}

json_t* FieldReader::any(const char* key) {
  known_.insert(key);
  json_t* value = json_object_get(object_.get(), key);
  return json_is_null(value) ? nullptr : value;
}

std::string FieldReader::text(const char* key, const std::string& otherwise, size_t most) {
  const json_t* value = any(key);
  if (!value) return otherwise;
  const std::string text(json_is_string(value) ? json_string_value(value) : "",
                         json_is_string(value) ? json_string_length(value) : 0);
  if (!json_is_string(value))
    fail(fmt::format("{}: not a string", key));
  else if (text.size() > most)
    fail(fmt::format("{}: over {} characters", key, most));
  else if (hasControls(text))
    fail(fmt::format("{}: control characters are not allowed", key));
  return text;
}

std::optional<int64_t> FieldReader::number(const char* key, int64_t low, int64_t high) {
  const json_t* value = any(key);
  if (!value) return std::nullopt;
  const int64_t number = json_integer_value(value);
  if (!json_is_integer(value) || number < low || number > high)
    fail(fmt::format("{}: not a whole number from {} to {}", key, low, high));
  return number;
}

bool FieldReader::flag(const char* key, bool otherwise) {
  const json_t* value = any(key);
  if (!value) return otherwise;
  if (!json_is_boolean(value)) fail(fmt::format("{}: not true or false", key));
  return json_is_true(value);
}

void FieldReader::fail(std::string what) {
  if (fault_.empty()) fault_ = std::move(what);
}

Result<Done> FieldReader::finish() {
  const char* key = nullptr;
  json_t* value = nullptr;
  if (fault_.empty()) json_object_foreach(object_.get(), key, value) {
      if (known_.count(std::string_view(key)) == 0) fail(fmt::format("{}: unknown field", key));
    }
  if (!fault_.empty()) return Failure{fault_};
  return Done{};
}

}  // namespace genesys::sim
