// One Janus handle (a page's attachment to the plugin) with its own loop thread. What Janus calls
// from the handle's loop is queued to that thread; messages run on the thread of the caller, as on
// Janus's pool, so several may run at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "harness/fake_core.hpp"

namespace genesys::harness {

/// What handle_message returned at once.
struct Reply {
  bool none = false;  ///< NULL: the plugin broke its contract
  janus_plugin_result_type type = JANUS_PLUGIN_ERROR;
  std::string text;     ///< hint or error
  std::string content;  ///< JSON of a synchronous answer
};

class FakeHandle {
 public:
  explicit FakeHandle(janus_plugin* plugin);
  /// Detaches if that was not done, lets the loop run dry and joins it.
  ~FakeHandle();
  FakeHandle(const FakeHandle&) = delete;
  FakeHandle& operator=(const FakeHandle&) = delete;

  /// create_session on the calling thread. Returns its error.
  int attach();

  /// Keeps the session's memory, and lets messages through, when the handle has been detached: the
  /// core looks whether a session lives and calls then, so the plugin may see calls for dead ones.
  /// Call it before detach().
  void callEvenIfDetached();

  // Any thread.
  /// handle_message with a body as JSON text. `sdp` empty: no JSEP. Does nothing once the handle is
  /// detached.
  Reply message(const std::string& body, const std::string& transaction = "t",
                const std::string& jsepType = "", const std::string& sdp = "");
  /// The same with any JSON; takes over one reference to each. transaction may be nullptr.
  Reply messageRaw(const char* transaction, json_t* body, json_t* jsep);
  /// query_session's answer as JSON text; empty if it gave none.
  std::string query();
  /// As the core's detach: hangup_media, then destroy_session, both on the loop.
  void detach();

  // Queued to the handle's loop, in order.
  void setUpMedia();
  void hangUpMedia();
  void incomingRtp(std::vector<uint8_t> packet);
  void incomingRtcp(std::vector<uint8_t> packet);
  void incomingData(std::string data);
  void slowLink();
  /// A second destroy_session, which the plugin survives; needs callEvenIfDetached().
  void destroyAgain();
  /// Waits until everything queued so far has run; false if that takes longer than `limit`.
  bool settle(std::chrono::milliseconds limit = kDeadline);

  EventQueue& events();
  /// RTP packets that the plugin sent to the page so far.
  size_t packets() const;
  bool waitForPackets(size_t count, std::chrono::milliseconds limit = kDeadline);
  /// A copy of the last one.
  std::vector<uint8_t> lastPacket() const;
  /// hangup_media calls so far, whoever asked for them.
  size_t hangUps() const;

 private:
  class End;

  /// Queues a call that is left out if the session is gone by then.
  void postForSession(std::function<void(janus_plugin_session*)> call);
  void releaseSession();
  void run();

  janus_plugin* plugin_;
  std::shared_ptr<End> end_;
  std::mutex attachment_;                    ///< guards the three below
  janus_plugin_session* session_ = nullptr;  ///< with a reference of ours; reset by the loop only
  bool detached_ = true;
  bool evenIfDetached_ = false;
  std::thread loop_;
};

}  // namespace genesys::harness
