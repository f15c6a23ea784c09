#include "plugin/recording_name.hpp"

#include <fmt/chrono.h>

namespace genesys::plugin {
namespace {

bool keeps(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
         c == '.' || c == '_' || c == '-';
}

}  // namespace

std::string recordingName(std::chrono::system_clock::time_point now, const std::string& dn,
                          const std::string& callId, const std::string& tag) {
  using std::chrono::duration_cast;
  const auto ms = duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::string call = dn + "-" + callId;
  for (char& c : call)
    if (!keeps(c)) c = '_';
  return fmt::format("{:%Y%m%dT%H%M%S}.{:03}Z-{}{}{}", fmt::gmtime(ms / 1000), ms % 1000, call,
                     tag.empty() ? "" : "-", tag);
}

}  // namespace genesys::plugin
