// Janus's core as far as a plugin can see it: the callbacks, the map of living plugin sessions and
// their reference counts, as in Janus 1.1.2's ice.c and janus.c. The callbacks carry no user data,
// so there is one core per process. Any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include "harness/event_queue.hpp"
#include "harness/janus_abi.hpp"

namespace genesys::harness {

/// What the callbacks need of a handle. It lives until the plugin has let go of its session.
class HandleEnd {
 public:
  virtual ~HandleEnd() = default;
  virtual void onEvent(Event event) = 0;
  virtual void onRtp(const janus_plugin_rtp& packet) = 0;
  /// The plugin asks for hangup_media, or for detach; done later by the handle's loop.
  virtual void onClosePeerConnection() = 0;
  virtual void onEndSession() = 0;
};

class FakeCore {
 public:
  static FakeCore& instance();
  janus_callbacks* callbacks();

  /// As janus_ice_handle_attach_plugin: create_session sees a session whose reference counter is
  /// not yet set up; afterwards core and plugin hold one reference each. Returns the error of
  /// create_session with no session, or 0.
  int attach(janus_plugin* plugin, std::shared_ptr<HandleEnd> end, janus_plugin_session*& session);
  /// As janus_ice_handle_destroy: from now on the callbacks do nothing for it, and the core's
  /// reference is gone. The caller has destroy_session called on the handle's loop.
  void detach(janus_plugin_session* session);

  /// Sessions that were attached and whose last reference is not yet gone.
  size_t sessions() const { return sessions_.load(); }
  bool waitForSessions(size_t count, std::chrono::milliseconds limit = kDeadline);

  /// While held, push_event with JSEP blocks, as it does in Janus while candidates are gathered or
  /// a former PeerConnection is cleaned up.
  void holdJsep(bool hold);
  /// How many threads are blocked so.
  size_t blockedInJsep() const;

  /// Rules of the plugin API that the plugin broke; empty if all is well.
  std::string violations() const;

 private:
  friend struct Callbacks;

  bool isAlive(janus_plugin_session* session) const;
  int push(janus_plugin_session* session, const char* transaction, json_t* message, json_t* jsep);
  void waitWhileHeld();
  void violated(const std::string& what);
  static void free(const janus_refcount* ref);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<janus_plugin_session*> living_;
  std::string violations_;
  bool holdJsep_ = false;
  size_t blocked_ = 0;
  std::atomic<size_t> sessions_{0};
};

}  // namespace genesys::harness
