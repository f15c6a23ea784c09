// Log lines of the plugin. In Janus they go to its log; in tests, to standard error. Whatever came
// from the network is escaped here, so that a caller's name cannot forge a line.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

namespace genesys {

enum class LogLevel { Error, Warning, Info, Debug };

using LogSink = std::function<void(LogLevel, const std::string& line)>;

/// Replaces the sink; call before any thread logs. An empty sink restores standard error.
void setLogSink(LogSink sink);

/// Any thread. `line` carries no newline; control characters are written as \xNN.
void logLine(LogLevel level, std::string_view line);

template <class... Args>
void logError(fmt::format_string<Args...> format, Args&&... args) {
  logLine(LogLevel::Error, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void logWarning(fmt::format_string<Args...> format, Args&&... args) {
  logLine(LogLevel::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void logInfo(fmt::format_string<Args...> format, Args&&... args) {
  logLine(LogLevel::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void logDebug(fmt::format_string<Args...> format, Args&&... args) {
  logLine(LogLevel::Debug, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace genesys
