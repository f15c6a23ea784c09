// The plugin as Janus sees it: the table of callbacks. Each forwards to the Plugin; no exception
// gets out.
#include <glib.h>
#include <jansson.h>

#include <exception>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

extern "C" {
#include <plugins/plugin.h>

/// What Janus looks up in the library.
janus_plugin* create(void);
/// Of the Janus that loads us, such as 1102 for 1.1.2; weak, since test cores may not have it.
extern int janus_version __attribute__((weak));
}

#include "plugin/janus_core.hpp"
#include "plugin/plugin.hpp"
#include "plugin/version.hpp"
#include "util/log.hpp"

namespace {

using genesys::logError;
using genesys::plugin::HandlePort;
using genesys::plugin::Plugin;

janus_callbacks* core = nullptr;
// Our own table, without create(): Janus loads every library globally and each has a create(), so
// that a call of ours would reach the one of an event handler.
janus_plugin* self();
// Janus stops neither its request pool nor its handle loops before it calls destroy(): each
// callback keeps `plugin` alive while it runs, and finds nothing afterwards.
std::shared_mutex gate;
std::unique_ptr<Plugin> plugin;

/// Runs `body`; an exception is logged and turned into `otherwise`.
template <class Body, class Value>
Value guarded(const char* what, Value otherwise, Body body) {
  try {
    return body();
  } catch (const std::exception& error) {
    logError("{}: {}", what, error.what());
  } catch (...) {
    logError("{}: unknown exception", what);
  }
  return otherwise;
}

/// Runs `body` while the plugin cannot go away; `otherwise` if there is none, or on an exception.
template <class Body, class Value>
Value withPlugin(const char* what, Value otherwise, Body body) {
  return guarded(what, otherwise, [&] {
    const std::shared_lock lock(gate);
    return plugin ? body() : otherwise;
  });
}

/// Gives the handle what came of its browser's audio, RTP or RTCP.
template <class Packet>
void handOver(const janus_plugin_session* handle, const Packet* packet,
              void (HandlePort::*take)(std::span<const uint8_t>)) {
  auto* port = static_cast<HandlePort*>(handle->plugin_handle);
  if (port != nullptr && packet != nullptr && packet->buffer != nullptr && packet->video == FALSE)
    (port->*take)({reinterpret_cast<const uint8_t*>(packet->buffer), packet->length});
}

// The plugin API changed after Janus 1.2.0 (102 to 105) and 1.3.0 (to 106), its packet structure
// with it: a Janus of another line would read our packets at wrong offsets.
bool matchesJanus() {
  if (&janus_version == nullptr) return true;
  const int api = janus_version <= 1200 ? 102 : janus_version <= 1300 ? 105 : 106;
  if (api == JANUS_PLUGIN_API_VERSION) return true;
  logError("not started: built for Janus's plugin API {}, loaded by Janus {} with API {} or so",
           JANUS_PLUGIN_API_VERSION, janus_version, api);
  return false;
}

extern "C" {

int genesysInit(janus_callbacks* callbacks, const char* configFolder) {
  return guarded("init", -1, [&] {
    genesys::plugin::logToJanus();
    if (callbacks == nullptr || configFolder == nullptr || !matchesJanus()) return -1;
    core = callbacks;
    auto made =
        Plugin::create(std::string(configFolder) + "/" + genesys::plugin::kPackage + ".jcfg");
    if (!made) {
      logError("not started: {}", made.error());
      return -1;
    }
    const std::lock_guard lock(gate);
    plugin = std::move(made).value();
    return 0;
  });
}

void genesysDestroy() {
  guarded("destroy", 0, [] {
    std::unique_ptr<Plugin> ending;
    {
      const std::lock_guard lock(gate);
      ending = std::move(plugin);
    }
    // Outside the lock: a callback must not wait for an end that waits for Janus.
    ending.reset();
    return 0;
  });
}

int genesysApiCompatibility() {
  return JANUS_PLUGIN_API_VERSION;
}
int genesysVersion() {
  return genesys::plugin::kVersion;
}
const char* genesysVersionString() {
  return genesys::plugin::kVersionString;
}
const char* genesysDescription() {
  return "A contact-centre agent's phone in a browser, in front of a Genesys SIP Server";
}
const char* genesysName() {
  return "Genesys SIP Server gateway";
}
const char* genesysAuthor() {
  return "the janus-genesys authors";
}
const char* genesysPackage() {
  return genesys::plugin::kPackage;
}

void genesysCreateSession(janus_plugin_session* handle, int* error) {
  *error = withPlugin("create_session", -1, [&] {
    handle->plugin_handle =
        plugin->createSession(genesys::plugin::makeJanusHandle(core, self(), handle), handle);
    return 0;
  });
}

janus_plugin_result* genesysHandleMessage(janus_plugin_session* handle, char* transaction,
                                          json_t* message, json_t* jsep) {
  const genesys::api::Json ownedMessage(message);
  const genesys::api::Json ownedJsep(jsep);
  const std::string id = transaction != nullptr ? transaction : "";
  g_free(transaction);
  const bool known = withPlugin("handle_message", false,
                                [&] { return plugin->handleMessage(handle, id, message, jsep); });
  return known ? janus_plugin_result_new(JANUS_PLUGIN_OK_WAIT, nullptr, nullptr)
               : janus_plugin_result_new(JANUS_PLUGIN_ERROR, "no such session", nullptr);
}

json_t* genesysHandleAdminMessage(json_t* message) {
  return withPlugin("handle_admin_message", static_cast<json_t*>(nullptr),
                    [&] { return plugin->adminMessage(message).release(); });
}

void genesysSetupMedia(janus_plugin_session* handle) {
  withPlugin("setup_media", 0, [&] {
    plugin->setupMedia(handle);
    return 0;
  });
}

void genesysIncomingRtp(janus_plugin_session* handle, janus_plugin_rtp* packet) {
  withPlugin("incoming_rtp", 0, [&] {
    handOver(handle, packet, &HandlePort::incomingRtp);
    return 0;
  });
}

void genesysIncomingRtcp(janus_plugin_session* handle, janus_plugin_rtcp* packet) {
  withPlugin("incoming_rtcp", 0, [&] {
    handOver(handle, packet, &HandlePort::incomingRtcp);
    return 0;
  });
}

void genesysHangupMedia(janus_plugin_session* handle) {
  withPlugin("hangup_media", 0, [&] {
    plugin->hangupMedia(handle);
    return 0;
  });
}

void genesysDestroySession(janus_plugin_session* handle, int* error) {
  *error = withPlugin("destroy_session", -1, [&] {
    // RTP, media and destroy callbacks of one handle come from one thread: none is under way.
    handle->plugin_handle = nullptr;
    return plugin->destroySession(handle) ? 0 : -2;
  });
}

json_t* genesysQuerySession(janus_plugin_session* handle) {
  return withPlugin("query_session", static_cast<json_t*>(nullptr),
                    [&] { return plugin->querySession(handle).release(); });
}

// JANUS_PLUGIN_INIT does not compile as C++: the members stand in order of declaration instead.
janus_plugin table = {
    .init = genesysInit,
    .destroy = genesysDestroy,
    .get_api_compatibility = genesysApiCompatibility,
    .get_version = genesysVersion,
    .get_version_string = genesysVersionString,
    .get_description = genesysDescription,
    .get_name = genesysName,
    .get_author = genesysAuthor,
    .get_package = genesysPackage,
    .create_session = genesysCreateSession,
    .handle_message = genesysHandleMessage,
    .handle_admin_message = genesysHandleAdminMessage,
    .setup_media = genesysSetupMedia,
    .incoming_rtp = genesysIncomingRtp,
    .incoming_rtcp = genesysIncomingRtcp,
    .incoming_data = nullptr,
    .data_ready = nullptr,
    .slow_link = nullptr,
    .hangup_media = genesysHangupMedia,
    .destroy_session = genesysDestroySession,
    .query_session = genesysQuerySession,
};

}  // extern "C"

janus_plugin* self() {
  return &table;
}

}  // namespace

__attribute__((visibility("default"))) janus_plugin* create(void) {
  return self();
}
