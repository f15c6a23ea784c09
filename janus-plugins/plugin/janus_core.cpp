#include "plugin/janus_core.hpp"

#include <glib.h>
#include <jansson.h>

#include <array>
#include <cstring>

// Janus's headers are C and its log macros want these names.
extern "C" {
#include <debug.h>
#include <plugins/plugin.h>
}

#include "util/log.hpp"

namespace genesys::plugin {
namespace {

class CoreHandle : public JanusHandle {
 public:
  CoreHandle(janus_callbacks* core, janus_plugin* plugin, janus_plugin_session* session)
      : core_(core), plugin_(plugin), session_(session) {}
  // One reference is the plugin's own from the start: Janus sets the count after create_session, so
  // taking one there would be lost.
  ~CoreHandle() override { janus_refcount_decrease(&session_->ref); }
  CoreHandle(const CoreHandle&) = delete;
  CoreHandle& operator=(const CoreHandle&) = delete;

  bool pushEvent(const std::string& transaction, const api::Event& event,
                 const std::optional<api::Jsep>& jsep) override {
    const api::Json body = api::toJson(event);
    const api::Json sdp = jsep ? api::toJson(*jsep) : nullptr;
    return push(transaction, body.get(), sdp.get());
  }
  void pushError(const std::string& transaction, const api::ApiError& error) override {
    const api::Json body = api::toJson(error);
    push(transaction, body.get(), nullptr);
  }
  void closePeerConnection() override { core_->close_pc(session_); }
  void notifyHandlers(const api::Incident& incident) override {
    if (core_->events_is_enabled() == FALSE) return;
    core_->notify_event(plugin_, session_, api::toJson(incident).release());
  }
  void relayRtp(std::span<const uint8_t> packet) override;

 private:
  bool push(const std::string& transaction, json_t* body, json_t* jsep) {
    const char* id = transaction.empty() ? nullptr : transaction.c_str();
    return core_->push_event(session_, plugin_, id, body, jsep) == 0;
  }

  janus_callbacks* core_;
  janus_plugin* plugin_;
  janus_plugin_session* session_;
};

void CoreHandle::relayRtp(std::span<const uint8_t> packet) {
  // Janus writes into the buffer (payload type, extensions), hence a copy of our own.
  std::array<char, 1500> buffer;
  if (packet.size() > buffer.size()) return;
  std::memcpy(buffer.data(), packet.data(), packet.size());
  janus_plugin_rtp rtp{};
  rtp.mindex = -1;  // the first audio line, wherever it stands in the SDP
  rtp.video = FALSE;
  rtp.buffer = buffer.data();
  rtp.length = static_cast<uint16_t>(packet.size());
  rtp.extensions.audio_level = -1;  // -1: no such extension
  rtp.extensions.video_rotation = -1;
  rtp.extensions.min_delay = -1;
  rtp.extensions.max_delay = -1;
  core_->relay_rtp(session_, &rtp);
}

}  // namespace

std::shared_ptr<JanusHandle> makeJanusHandle(janus_callbacks* core, janus_plugin* plugin,
                                             janus_plugin_session* session) {
  return std::make_shared<CoreHandle>(core, plugin, session);
}

void logToJanus() {
  setLogSink([](LogLevel level, const std::string& line) {
    switch (level) {
      case LogLevel::Error:
        JANUS_LOG(LOG_ERR, "[genesys] %s\n", line.c_str());
        break;
      case LogLevel::Warning:
        JANUS_LOG(LOG_WARN, "[genesys] %s\n", line.c_str());
        break;
      case LogLevel::Info:
        JANUS_LOG(LOG_INFO, "[genesys] %s\n", line.c_str());
        break;
      case LogLevel::Debug:
        JANUS_LOG(LOG_VERB, "[genesys] %s\n", line.c_str());
        break;
    }
  });
}

}  // namespace genesys::plugin
