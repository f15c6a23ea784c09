#include "harness/fake_core.hpp"

#include <string>

namespace genesys::harness {
namespace {

/// Stands in a session's reference counter until the core sets it up.
constexpr gint kUninitialised = 0x2a2a2a2a;
constexpr uint16_t kMaxRtp = 1500;

void freedTooEarly(const janus_refcount*) {
  std::fputs("a session was released before create_session returned\n", stderr);
  std::abort();
}

std::shared_ptr<HandleEnd>& endOf(janus_plugin_session* session) {
  return *static_cast<std::shared_ptr<HandleEnd>*>(session->gateway_handle);
}

std::string textOf(const json_t* json) {
  const char* const value = json_string_value(json);
  return value ? value : "";
}

Event readEvent(const char* transaction, json_t* message, json_t* jsep) {
  Event event;
  if (transaction) event.transaction = transaction;
  char* const body = json_dumps(message, JSON_COMPACT);
  if (body) event.body = body;
  std::free(body);
  const json_t* const result = json_object_get(message, "result");
  event.errorCode = static_cast<int>(json_integer_value(json_object_get(message, "error_code")));
  event.errorField = textOf(json_object_get(message, "field"));
  event.name = event.errorCode ? "error" : textOf(json_object_get(result, "event"));
  event.callId = textOf(json_object_get(message, "call_id"));
  event.jsepType = textOf(json_object_get(jsep, "type"));
  event.sdp = textOf(json_object_get(jsep, "sdp"));
  return event;
}

}  // namespace

/// The C side of the callbacks: each finds its way to the core or to the session's handle.
struct Callbacks {
  static FakeCore& core() { return FakeCore::instance(); }

  static int pushEvent(janus_plugin_session* session, janus_plugin* plugin, const char* transaction,
                       json_t* message, json_t* jsep) {
    if (!plugin || !message) return -1;
    return core().push(session, transaction, message, jsep);
  }
  static void relayRtp(janus_plugin_session* session, janus_plugin_rtp* packet) {
    if (g_atomic_int_get(&session->stopped)) return;
    if (!packet || !packet->buffer || packet->length < 12 || packet->length > kMaxRtp)
      return core().violated("relay_rtp: a packet of a wrong size");
    if ((static_cast<uint8_t>(packet->buffer[0]) >> 6) != 2)
      return core().violated("relay_rtp: not RTP version 2");
    endOf(session)->onRtp(*packet);
  }
  static void relayRtcp(janus_plugin_session*, janus_plugin_rtcp*) {}
  static void relayData(janus_plugin_session*, janus_plugin_data*) {}
  static void sendPli(janus_plugin_session*) {}
  static void sendPliStream(janus_plugin_session*, int) {}
  static void sendRemb(janus_plugin_session*, guint32) {}
  static void closePc(janus_plugin_session* session) {
    if (core().isAlive(session)) endOf(session)->onClosePeerConnection();
  }
  static void endSession(janus_plugin_session* session) {
    if (core().isAlive(session)) endOf(session)->onEndSession();
  }
  static gboolean no() { return FALSE; }
  static void notifyEvent(janus_plugin*, janus_plugin_session*, json_t* event) {
    json_decref(event);
  }
  static gboolean noToken(janus_plugin*, const char*) { return FALSE; }
  static gboolean noDescriptor(janus_plugin*, const char*, const char*) { return FALSE; }
};

FakeCore& FakeCore::instance() {
  static FakeCore core;
  return core;
}

janus_callbacks* FakeCore::callbacks() {
  static janus_callbacks table{
      .push_event = Callbacks::pushEvent,
      .relay_rtp = Callbacks::relayRtp,
      .relay_rtcp = Callbacks::relayRtcp,
      .relay_data = Callbacks::relayData,
      .send_pli = Callbacks::sendPli,
      .send_pli_stream = Callbacks::sendPliStream,
      .send_remb = Callbacks::sendRemb,
      .close_pc = Callbacks::closePc,
      .end_session = Callbacks::endSession,
      .events_is_enabled = Callbacks::no,
      .notify_event = Callbacks::notifyEvent,
      .auth_is_signed = Callbacks::no,
      .auth_is_signature_valid = Callbacks::noToken,
      .auth_signature_contains = Callbacks::noDescriptor,
  };
  return &table;
}

int FakeCore::attach(janus_plugin* plugin, std::shared_ptr<HandleEnd> end,
                     janus_plugin_session*& session) {
  session = g_new0(janus_plugin_session, 1);
  session->gateway_handle = new std::shared_ptr<HandleEnd>(std::move(end));
  session->ref = {kUninitialised, freedTooEarly};
  int error = 0;
  plugin->create_session(session, &error);
  if (error != 0) {
    delete static_cast<std::shared_ptr<HandleEnd>*>(session->gateway_handle);
    g_free(session);
    session = nullptr;
    return error;
  }
  janus_refcount_init(&session->ref, FakeCore::free);
  janus_refcount_increase(&session->ref);
  ++sessions_;
  const std::lock_guard lock(mutex_);
  living_.insert(session);
  return 0;
}

void FakeCore::detach(janus_plugin_session* session) {
  {
    const std::lock_guard lock(mutex_);
    if (living_.erase(session) == 0) return;
  }
  // In Janus the session may be gone from the map before `stopped` is seen; so it is here.
  g_atomic_int_set(&session->stopped, 1);
  janus_refcount_decrease(&session->ref);
}

void FakeCore::free(const janus_refcount* ref) {
  janus_plugin_session* const session = janus_refcount_containerof(ref, janus_plugin_session, ref);
  delete static_cast<std::shared_ptr<HandleEnd>*>(session->gateway_handle);
  g_free(session);
  FakeCore& core = instance();
  const std::lock_guard lock(core.mutex_);
  --core.sessions_;
  core.changed_.notify_all();
}

bool FakeCore::isAlive(janus_plugin_session* session) const {
  if (!session || g_atomic_int_get(&session->stopped)) return false;
  const std::lock_guard lock(mutex_);
  return living_.count(session) != 0;
}

int FakeCore::push(janus_plugin_session* session, const char* transaction, json_t* message,
                   json_t* jsep) {
  if (!isAlive(session)) return -2;
  if (!json_is_object(message)) {
    violated("push_event: the message is no object");
    return -1;
  }
  // The plugin keeps its reference during the call; it is the caller's thread that may block.
  janus_refcount_increase(&session->ref);
  Event event = readEvent(transaction, message, jsep);
  if (event.body.empty()) violated("push_event: the message cannot be written as JSON");
  if (!event.jsepType.empty()) waitWhileHeld();
  endOf(session)->onEvent(std::move(event));
  janus_refcount_decrease(&session->ref);
  return 0;
}

void FakeCore::waitWhileHeld() {
  std::unique_lock lock(mutex_);
  ++blocked_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return !holdJsep_; });
  --blocked_;
}

void FakeCore::holdJsep(bool hold) {
  const std::lock_guard lock(mutex_);
  holdJsep_ = hold;
  changed_.notify_all();
}

size_t FakeCore::blockedInJsep() const {
  const std::lock_guard lock(mutex_);
  return blocked_;
}

bool FakeCore::waitForSessions(size_t count, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return sessions_.load() == count; });
}

void FakeCore::violated(const std::string& what) {
  const std::lock_guard lock(mutex_);
  violations_ += what + "\n";
}

std::string FakeCore::violations() const {
  const std::lock_guard lock(mutex_);
  return violations_;
}

}  // namespace genesys::harness
