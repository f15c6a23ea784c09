// A tiny Janus plugin that proves the fake core: it answers every message with an echo of its body,
// mirrors RTP and obeys a few words. It is loaded by fake_core_test only.
#include "harness/janus_abi.hpp"

namespace {

janus_callbacks* core = nullptr;
janus_plugin* self();

int init(janus_callbacks* callbacks, const char* folder) {
  core = callbacks;
  JANUS_LOG(LOG_INFO, "probe: configuration in %s\n", folder);
  return std::strcmp(folder, "refuse") == 0 ? -1 : 0;
}
void destroy() {
  JANUS_LOG(LOG_INFO, "probe: destroyed\n");
}
int apiVersion() {
  return JANUS_PLUGIN_API_VERSION;
}
int version() {
  return 1;
}
const char* words() {
  return "probe";
}

void createSession(janus_plugin_session*, int*) {}

janus_plugin_result* handleMessage(janus_plugin_session* session, char* transaction, json_t* body,
                                   json_t* jsep) {
  const char* const word = json_string_value(json_object_get(body, "do"));
  if (word && std::strcmp(word, "close") == 0) core->close_pc(session);
  if (word && std::strcmp(word, "end") == 0) core->end_session(session);
  json_t* const event = json_pack("{s{ssso}}", "result", "event", "echo", "body", body);
  core->push_event(session, self(), transaction, event, jsep);
  json_decref(event);
  json_decref(jsep);
  g_free(transaction);
  return janus_plugin_result_new(JANUS_PLUGIN_OK_WAIT, nullptr, nullptr);
}

json_t* adminMessage(json_t*) {
  return json_object();
}
void setUpMedia(janus_plugin_session*) {}
void incomingRtp(janus_plugin_session* session, janus_plugin_rtp* packet) {
  core->relay_rtp(session, packet);
}
void hangUpMedia(janus_plugin_session*) {}
void destroySession(janus_plugin_session* session, int*) {
  janus_refcount_decrease(&session->ref);
}
json_t* querySession(janus_plugin_session*) {
  return json_pack("{ss}", "probe", "here");
}

janus_plugin* self() {
  static janus_plugin table{
      .init = init,
      .destroy = destroy,
      .get_api_compatibility = apiVersion,
      .get_version = version,
      .get_version_string = words,
      .get_description = words,
      .get_name = words,
      .get_author = words,
      .get_package = words,
      .create_session = createSession,
      .handle_message = handleMessage,
      .handle_admin_message = adminMessage,
      .setup_media = setUpMedia,
      .incoming_rtp = incomingRtp,
      .incoming_rtcp = nullptr,
      .incoming_data = nullptr,
      .data_ready = nullptr,
      .slow_link = nullptr,
      .hangup_media = hangUpMedia,
      .destroy_session = destroySession,
      .query_session = querySession,
  };
  return &table;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) janus_plugin* create();
janus_plugin* create() {
  return self();
}
