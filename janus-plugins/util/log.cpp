#include "util/log.hpp"

#include <cstdio>

#include "util/text.hpp"

namespace genesys {
namespace {

LogSink& sink() {
  static LogSink current;
  return current;
}

}  // namespace

void setLogSink(LogSink replacement) {
  sink() = std::move(replacement);
}

void logLine(LogLevel level, std::string_view line) {
  const std::string safe = escapeControls(line);
  if (sink()) return sink()(level, safe);
  static constexpr const char* kNames[] = {"error", "warning", "info", "debug"};
  std::fprintf(stderr, "[%s] %s\n", kNames[static_cast<int>(level)], safe.c_str());
}

}  // namespace genesys
