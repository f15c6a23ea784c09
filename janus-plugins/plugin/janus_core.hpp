// Janus's core as the plugin uses it: one handle's callbacks, reference-counted. Everything that
// Janus gives is wrapped here; tests implement it in memory.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "api/event.hpp"

struct janus_callbacks;
struct janus_plugin;
struct janus_plugin_session;

namespace genesys::plugin {

/// One Janus handle (a browser's attachment to this plugin). Any thread may call it at any time,
/// even after Janus has destroyed the handle: then it does nothing.
class JanusHandle {
 public:
  virtual ~JanusHandle() = default;
  /// Sends an event. With `jsep` it may block for seconds: event pusher thread only. False if Janus
  /// did not take it: the handle is gone, or the last PeerConnection is not cleaned away yet.
  virtual bool pushEvent(const std::string& transaction, const api::Event& event,
                         const std::optional<api::Jsep>& jsep) = 0;
  virtual void pushError(const std::string& transaction, const api::ApiError& error) = 0;
  /// Closes the PeerConnection; Janus calls hangup_media when it is done. Takes Janus's handle
  /// lock: event pusher thread only.
  virtual void closePeerConnection() = 0;
  /// Tells Janus's event handlers, if it has any.
  virtual void notifyHandlers(const api::Incident& incident) = 0;
  /// One RTP packet to the browser, audio. Media worker.
  virtual void relayRtp(std::span<const uint8_t> packet) = 0;
};

/// Wraps `session` and owns the reference to it that Janus gives a plugin: once a session.
std::shared_ptr<JanusHandle> makeJanusHandle(janus_callbacks* core, janus_plugin* plugin,
                                             janus_plugin_session* session);

/// Sends log lines to Janus's own log.
void logToJanus();

}  // namespace genesys::plugin
