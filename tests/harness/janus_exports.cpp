// The symbols of the janus executable that a plugin needs, exported from the test executable
// (ENABLE_EXPORTS), with Janus 1.1.2's behaviour.
#include <array>
#include <cstdarg>

#include "harness/janus_abi.hpp"
#include "harness/log_book.hpp"

#define JANUS_EXPORT __attribute__((visibility("default")))

extern "C" {

JANUS_EXPORT extern int janus_version;
JANUS_EXPORT extern const char* janus_version_string;
JANUS_EXPORT int janus_version = 1102;
JANUS_EXPORT const char* janus_version_string = "1.1.2";
JANUS_EXPORT int janus_log_level = LOG_VERB;
JANUS_EXPORT gboolean janus_log_timestamps = FALSE;
JANUS_EXPORT gboolean janus_log_colors = FALSE;
JANUS_EXPORT char* janus_log_global_prefix = nullptr;
JANUS_EXPORT int lock_debug = 0;
JANUS_EXPORT int refcount_debug = 0;

JANUS_EXPORT void janus_vprintf(const char* format, ...) {
  std::array<char, 4096> text;
  va_list values;
  va_start(values, format);
  std::vsnprintf(text.data(), text.size(), format, values);
  va_end(values);
  genesys::harness::LogBook::instance().write(text.data());
}

JANUS_EXPORT janus_plugin_result* janus_plugin_result_new(janus_plugin_result_type type,
                                                          const char* text, json_t* content) {
  auto* const result = static_cast<janus_plugin_result*>(g_malloc(sizeof(janus_plugin_result)));
  *result = {type, text, content};
  return result;
}

JANUS_EXPORT void janus_plugin_result_destroy(janus_plugin_result* result) {
  json_decref(result->content);
  g_free(result);
}

JANUS_EXPORT void janus_plugin_rtp_extensions_reset(janus_plugin_rtp_extensions* extensions) {
  *extensions = {};
  extensions->audio_level = -1;
  extensions->video_rotation = -1;
  extensions->min_delay = -1;
  extensions->max_delay = -1;
}

JANUS_EXPORT void janus_plugin_rtp_reset(janus_plugin_rtp* packet) {
  *packet = {};
  packet->mindex = -1;
  janus_plugin_rtp_extensions_reset(&packet->extensions);
}

JANUS_EXPORT void janus_plugin_rtcp_reset(janus_plugin_rtcp* packet) {
  *packet = {};
  packet->mindex = -1;
}

JANUS_EXPORT void janus_plugin_data_reset(janus_plugin_data* packet) {
  *packet = {};
}
}
