#include "api/json_writer.hpp"

#include <cstdlib>
#include <memory>

namespace genesys::api {
namespace {

/// Octets of the UTF-8 character (RFC 3629 section 4) at the head of `text`; 0 if it is none.
size_t characterLength(std::string_view text) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = at(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if (lead == 0xe0 && at(1) < 0xa0) return 0;
  if (lead == 0xed && at(1) > 0x9f) return 0;
  if (lead == 0xf0 && at(1) < 0x90) return 0;
  if (lead == 0xf4 && at(1) > 0x8f) return 0;
  return length;
}

std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = characterLength(text);
    out += length > 0 ? text.substr(0, length) : std::string_view("\xef\xbf\xbd");
    text.remove_prefix(length > 0 ? length : 1);
  }
  return out;
}

}  // namespace

Json jsonText(std::string_view text) {
  if (Json json{json_stringn(text.data() ? text.data() : "", text.size())}) return json;
  const std::string valid = repaired(text);
  return Json(json_stringn(valid.data(), valid.size()));
}

std::string textOf(const Json& json) {
  struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT(cppcoreguidelines-no-malloc)
  };
  const std::unique_ptr<char, Free> text(
      json_dumps(json.get(), JSON_COMPACT | JSON_REAL_PRECISION(4)));
  return text ? text.get() : "";
}

Json jsonTexts(const std::vector<std::string>& texts) {
  return jsonArray(texts, jsonText);
}

Json jsonHeaders(const Headers& headers) {
  Json object(json_object());
  for (const auto& [name, value] : headers)
    json_object_set_new(object.get(), repaired(name).c_str(), jsonText(value).release());
  return object;
}

}  // namespace genesys::api
