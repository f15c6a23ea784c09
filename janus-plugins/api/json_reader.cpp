#include "api/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "util/text.hpp"

namespace genesys::api {
namespace {

std::string_view textOf(const json_t* value) {
  return {json_string_value(value), json_string_length(value)};
}

bool holdsForbidden(std::string_view text, Controls controls) {
  if (controls == Controls::None) return hasControls(text);
  return std::any_of(text.begin(), text.end(), [](char c) {
    return c != '\r' && c != '\n' && c != '\t' && hasControls({&c, 1});
  });
}

/// RFC 3261 section 25.1: token.
}  // namespace

bool isToken(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
  });
}

std::string quotable(std::string_view text, size_t maxOctets) {
  if (text.size() <= maxOctets) return escapeControls(text);
  size_t end = maxOctets;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return escapeControls(text.substr(0, end)) + "...";
}

JsonReader::JsonReader(std::string context, const json_t* object, std::string prefix)
    : context_(std::move(context)), object_(object), prefix_(std::move(prefix)) {}

void JsonReader::note(ErrorCode code, std::string message, std::string field) {
  if (!error_) error_ = ApiError{code, context_ + ": " + std::move(message), std::move(field)};
}

void JsonReader::refuse(ErrorCode code, std::string_view name, std::string_view reason) {
  std::string field = prefix_ + std::string(name);
  note(code, fmt::format("field '{}' {}", field, reason), field);
}

bool JsonReader::has(const char* name) const {
  return json_object_get(object_, name) != nullptr;
}

bool JsonReader::checkText(std::string_view name, const json_t* value, size_t maxOctets,
                           Controls controls) {
  const auto fault = [&](std::string_view reason) {
    refuse(ErrorCode::InvalidField, name, reason);
    return false;
  };
  if (!json_is_string(value)) return fault("must be a string");
  const std::string_view text = textOf(value);
  if (text.empty()) return fault("must not be empty");
  if (text.size() > maxOctets) return fault(fmt::format("is longer than {} octets", maxOctets));
  if (holdsForbidden(text, controls)) return fault("holds a control character");
  return true;
}

std::optional<std::string> JsonReader::text(const char* name, size_t maxOctets, Controls controls) {
  const json_t* value = json_object_get(object_, name);
  if (!value || !checkText(name, value, maxOctets, controls)) return std::nullopt;
  return std::string(textOf(value));
}

std::string JsonReader::requiredText(const char* name, size_t maxOctets, Controls controls) {
  if (!has(name)) refuse(ErrorCode::MissingField, name, "is missing");
  return text(name, maxOctets, controls).value_or("");
}

bool JsonReader::flag(const char* name, bool fallback) {
  const json_t* value = json_object_get(object_, name);
  if (!value) return fallback;
  if (!json_is_boolean(value)) refuse(ErrorCode::InvalidField, name, "must be true or false");
  return json_is_true(value);
}

int64_t JsonReader::integer(const char* name, int64_t low, int64_t high, int64_t fallback) {
  const json_t* value = json_object_get(object_, name);
  if (!value) return fallback;
  const int64_t number = json_integer_value(value);
  if (json_is_integer(value) && number >= low && number <= high) return number;
  refuse(ErrorCode::InvalidField, name,
         fmt::format("must be a whole number from {} to {}", low, high));
  return fallback;
}

std::vector<std::string> JsonReader::texts(const char* name, size_t maxOctets, size_t low,
                                           size_t high) {
  std::vector<std::string> found;
  const json_t* value = json_object_get(object_, name);
  if (!value) return found;
  const size_t count = json_array_size(value);  // 0 if it is no array
  if (count < low || count > high)
    refuse(ErrorCode::InvalidField, name,
           fmt::format("must be an array of {} to {} texts", low, high));
  for (size_t i = 0; i < count && ok(); ++i) {
    const json_t* element = json_array_get(value, i);
    if (!checkText(name, element, maxOctets, Controls::None)) break;
    found.emplace_back(textOf(element));
    if (std::count(found.begin(), found.end(), found.back()) > 1)
      refuse(ErrorCode::InvalidField, name, "names one twice");
  }
  return found;
}

bool JsonReader::checkHeader(const char* field, std::string_view name, const json_t* value,
                             const Headers& seen) {
  const auto fault = [&](std::string_view reason) {
    refuse(ErrorCode::InvalidField, field,
           fmt::format("has header '{}', which {}", quotable(name), reason));
    return false;
  };
  if (name.size() > limits::kHeaderName)
    return fault(fmt::format("is longer than {} octets", limits::kHeaderName));
  if (!isToken(name)) return fault("is no SIP header name");
  const auto same = [&](const auto& other) { return equalsIgnoreCase(other.first, name); };
  if (std::any_of(seen.begin(), seen.end(), same)) return fault("stands there twice");
  if (!json_is_string(value)) return fault("must be a string");
  const std::string_view text = textOf(value);
  if (text.size() > limits::kHeaderValue)
    return fault(fmt::format("is longer than {} octets", limits::kHeaderValue));
  if (hasControls(text)) return fault("holds a control character");
  return true;
}

Headers JsonReader::headers(const char* name) {
  Headers headers;
  const json_t* value = json_object_get(object_, name);
  if (!value) return headers;
  if (!json_is_object(value)) refuse(ErrorCode::InvalidField, name, "must be an object of strings");
  if (json_object_size(value) > limits::kHeaders)
    refuse(ErrorCode::InvalidField, name,
           fmt::format("has more than {} headers", limits::kHeaders));
  if (!ok()) return headers;
  // jansson's iterators are not const, though nothing is written through them.
  auto* object = const_cast<json_t*>(value);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  for (void* at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
    const std::string_view key{json_object_iter_key(at), json_object_iter_key_len(at)};
    const json_t* entry = json_object_iter_value(at);
    if (!checkHeader(name, key, entry, headers)) return {};
    headers.emplace(key, textOf(entry));
  }
  return headers;
}

}  // namespace genesys::api
