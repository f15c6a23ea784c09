// The fields of one JSON object that comes from outside, read one by one under checks. The first
// field at fault is remembered; what is read after it still returns something harmless, so that
// reading is a straight list of fields and the error is asked for once. Any thread.
#pragma once

#include <jansson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/error.hpp"
#include "api/request.hpp"

namespace genesys::api {

/// Which control characters a text may hold.
enum class Controls {
  None,
  LineEnds,  ///< CR, LF and TAB, as SDP has them
};

/// Limits of what a page may send, in octets of UTF-8.
namespace limits {
inline constexpr size_t kAddress = 128;
inline constexpr size_t kToken = 8192;
inline constexpr size_t kSecret = 256;
inline constexpr size_t kCallId = 64;
inline constexpr size_t kSrtp = 32;
inline constexpr size_t kHeaderName = 64;
inline constexpr size_t kHeaderValue = 1024;
inline constexpr size_t kHeaders = 20;  ///< how many
inline constexpr size_t kSdp = 16384;
inline constexpr size_t kContentType = 128;
inline constexpr size_t kContent = 4096;
inline constexpr size_t kEventPackage = 64;
inline constexpr size_t kFileName = 255;
inline constexpr size_t kRecordingTag = 64;
inline constexpr size_t kMerged = 4;  ///< calls in one conversation
inline constexpr int kGainDb = 20;    ///< either way
}  // namespace limits

class JsonReader {
 public:
  /// `context` stands before each message ("register: field ..."), `prefix` before each field's
  /// name ("jsep." gives "jsep.sdp"). `object` stays the caller's and must be a JSON object.
  JsonReader(std::string context, const json_t* object, std::string prefix = "");

  /// A text of 1 to `maxOctets`; an empty one if it is missing or at fault.
  std::string requiredText(const char* name, size_t maxOctets, Controls controls = Controls::None);
  /// The same, but it may be missing.
  std::optional<std::string> text(const char* name, size_t maxOctets,
                                  Controls controls = Controls::None);
  bool flag(const char* name, bool fallback);
  /// A whole number in [low, high].
  int64_t integer(const char* name, int64_t low, int64_t high, int64_t fallback);
  /// An array of `low` to `high` different texts of 1 to `maxOctets`. Empty if missing.
  std::vector<std::string> texts(const char* name, size_t maxOctets, size_t low, size_t high);
  /// An object of strings: SIP header names (RFC 3261 token) and values. Empty if missing.
  Headers headers(const char* name);

  bool has(const char* name) const;
  /// Those of `names` that the object has.
  template <class Names>
  std::vector<std::string> present(const Names& names) const {
    std::vector<std::string> found;
    for (const char* name : names)
      if (has(name)) found.emplace_back(name);
    return found;
  }

  /// Notes an error, unless one is noted already; `reason` follows "field 'name' ".
  void refuse(ErrorCode code, std::string_view name, std::string_view reason);

  /// The first error, if any.
  const std::optional<ApiError>& error() const { return error_; }
  bool ok() const { return !error_; }

 private:
  bool checkText(std::string_view name, const json_t* value, size_t maxOctets, Controls controls);
  bool checkHeader(const char* field, std::string_view name, const json_t* value,
                   const Headers& seen);
  void note(ErrorCode code, std::string message, std::string field);

  std::string context_;
  const json_t* object_;
  std::string prefix_;
  std::optional<ApiError> error_;
};

/// A token of RFC 3261 section 25.1: header names, methods, the parts of a media type.
bool isToken(std::string_view text);

/// `text` fit for an error message: controls escaped, cut to about `maxOctets` between characters.
std::string quotable(std::string_view text, size_t maxOctets = 40);

}  // namespace genesys::api
