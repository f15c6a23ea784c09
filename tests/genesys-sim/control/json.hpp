// jansson's values owned by C++, and typed reading of request bodies that names the field at fault.
// Main thread.
#pragma once

#include <jansson.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "util/result.hpp"

namespace genesys::sim {

struct JsonFree {
  void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, JsonFree>;

Json jsonString(std::string_view text);
Json jsonOptional(const std::optional<int64_t>& number);
void put(json_t* object, const char* key, Json value);
void put(json_t* object, const char* key, std::string_view value);
void put(json_t* object, const char* key, int64_t value);
void put(json_t* object, const char* key, double value);
void put(json_t* object, const char* key, bool value);
/// Without this a literal would choose bool.
inline void put(json_t* object, const char* key, const char* value) {
  put(object, key, std::string_view(value));
}
std::string dump(const json_t* value);

/// Reads fields of one object; the first fault stays. Unknown fields are a fault too.
class FieldReader {
 public:
  /// An empty body stands for {}.
  explicit FieldReader(const std::string& body);

  std::string text(const char* key, const std::string& otherwise = {}, size_t most = 256);
  std::optional<int64_t> number(const char* key, int64_t low, int64_t high);
  bool flag(const char* key, bool otherwise = false);
  /// Any value, borrowed, or null when absent or null.
  json_t* any(const char* key);
  void fail(std::string what);
  /// Call after the last field: what was wrong, if anything.
  Result<Done> finish();
  const json_t* object() const { return object_.get(); }

 private:
  Json object_;
  std::set<std::string, std::less<>> known_;
  std::string fault_;
};

}  // namespace genesys::sim
