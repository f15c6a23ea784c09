#include "harness/fake_handle.hpp"

#include <algorithm>

namespace genesys::harness {
namespace {

janus_plugin_rtp audioPacket(std::vector<uint8_t>& octets) {
  janus_plugin_rtp packet{};
  packet.buffer = reinterpret_cast<char*>(octets.data());
  packet.length = static_cast<uint16_t>(octets.size());
  packet.extensions.audio_level = -1;
  packet.extensions.video_rotation = -1;
  packet.extensions.min_delay = packet.extensions.max_delay = -1;
  return packet;
}

/// A reference that keeps a session's memory while it is used, whatever the plugin does meanwhile.
class SessionHold {
 public:
  explicit SessionHold(janus_plugin_session* session) : session_(session) {
    janus_refcount_increase(&session_->ref);
  }
  ~SessionHold() { janus_refcount_decrease(&session_->ref); }
  SessionHold(const SessionHold&) = delete;
  SessionHold& operator=(const SessionHold&) = delete;

 private:
  janus_plugin_session* session_;
};

}  // namespace

/// The part that the plugin's references keep alive: what it pushed, and the queue of the loop.
class FakeHandle::End : public HandleEnd {
 public:
  void onEvent(Event event) override { events.push(std::move(event)); }
  void onRtp(const janus_plugin_rtp& packet) override {
    const std::lock_guard lock(mutex);
    ++packets;
    last.assign(packet.buffer, packet.buffer + packet.length);
    changed.notify_all();
  }
  void onClosePeerConnection() override { post(hangUp); }
  void onEndSession() override { post(endSession); }

  void post(std::function<void()> call) {
    const std::lock_guard lock(mutex);
    calls.push_back(std::move(call));
    changed.notify_all();
  }

  EventQueue events;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> calls;
  size_t packets = 0;
  std::vector<uint8_t> last;
  size_t hangUps = 0;
  bool stopping = false;
  // Set before the plugin sees the session; they refer to the FakeHandle, whose loop runs them.
  std::function<void()> hangUp;
  std::function<void()> endSession;
};

FakeHandle::FakeHandle(janus_plugin* plugin) : plugin_(plugin), end_(std::make_shared<End>()) {
  end_->hangUp = [this] {
    if (!session_) return;
    plugin_->hangup_media(session_);
    const std::lock_guard lock(end_->mutex);
    ++end_->hangUps;
    end_->changed.notify_all();
  };
  end_->endSession = [this] { detach(); };
  loop_ = std::thread([this] { run(); });
}

FakeHandle::~FakeHandle() {
  detach();
  {
    const std::lock_guard lock(end_->mutex);
    end_->stopping = true;
    end_->changed.notify_all();
  }
  loop_.join();
  releaseSession();
}

void FakeHandle::postForSession(std::function<void(janus_plugin_session*)> call) {
  end_->post([this, run = std::move(call)] {
    if (session_) run(session_);
  });
}

void FakeHandle::releaseSession() {
  const std::lock_guard lock(attachment_);
  if (session_) janus_refcount_decrease(&session_->ref);
  session_ = nullptr;
}

void FakeHandle::run() {
  std::unique_lock lock(end_->mutex);
  while (true) {
    end_->changed.wait(lock, [&] { return end_->stopping || !end_->calls.empty(); });
    if (end_->calls.empty()) return;
    const auto call = std::move(end_->calls.front());
    end_->calls.pop_front();
    lock.unlock();
    call();
    lock.lock();
  }
}

int FakeHandle::attach() {
  janus_plugin_session* session = nullptr;
  const int error = FakeCore::instance().attach(plugin_, end_, session);
  if (error != 0) return error;
  janus_refcount_increase(&session->ref);
  const std::lock_guard lock(attachment_);
  session_ = session;
  detached_ = false;
  return 0;
}

void FakeHandle::callEvenIfDetached() {
  const std::lock_guard lock(attachment_);
  evenIfDetached_ = true;
}

void FakeHandle::detach() {
  bool keep = false;
  {
    const std::lock_guard lock(attachment_);
    if (detached_) return;
    detached_ = true;
    keep = evenIfDetached_;
    FakeCore::instance().detach(session_);
  }
  end_->post(end_->hangUp);
  postForSession([this, keep](janus_plugin_session* session) {
    int error = 0;
    plugin_->destroy_session(session, &error);
    if (!keep) releaseSession();
  });
}

Reply FakeHandle::messageRaw(const char* transaction, json_t* body, json_t* jsep) {
  std::unique_lock lock(attachment_);
  if (!session_ || (detached_ && !evenIfDetached_)) {
    json_decref(body);
    json_decref(jsep);
    return {};
  }
  janus_plugin_session* const session = session_;
  const SessionHold hold(session);
  lock.unlock();
  // The plugin owns transaction, body and jsep from here on.
  janus_plugin_result* const result =
      plugin_->handle_message(session, g_strdup(transaction), body, jsep);
  if (!result) return {.none = true, .text = {}, .content = {}};
  Reply reply{.type = result->type, .text = result->text ? result->text : "", .content = {}};
  if (result->content) {
    char* const content = json_dumps(result->content, JSON_COMPACT);
    reply.content = content ? content : "";
    std::free(content);
  }
  janus_plugin_result_destroy(result);
  return reply;
}

Reply FakeHandle::message(const std::string& body, const std::string& transaction,
                          const std::string& jsepType, const std::string& sdp) {
  json_t* const jsep =
      sdp.empty() ? nullptr : json_pack("{ssss}", "type", jsepType.c_str(), "sdp", sdp.c_str());
  return messageRaw(transaction.c_str(),
                    json_loads(body.c_str(), JSON_DECODE_ANY | JSON_ALLOW_NUL, nullptr), jsep);
}

std::string FakeHandle::query() {
  std::unique_lock lock(attachment_);
  if (!session_) return {};
  janus_plugin_session* const session = session_;
  const SessionHold hold(session);
  lock.unlock();
  const Json info(plugin_->query_session(session));
  char* const text = info ? json_dumps(info.get(), JSON_COMPACT) : nullptr;
  const std::string result = text ? text : "";
  std::free(text);
  return result;
}

void FakeHandle::setUpMedia() {
  postForSession([this](janus_plugin_session* session) { plugin_->setup_media(session); });
}

void FakeHandle::hangUpMedia() {
  end_->post(end_->hangUp);
}

void FakeHandle::incomingRtp(std::vector<uint8_t> packet) {
  postForSession([this, octets = std::move(packet)](janus_plugin_session* session) mutable {
    janus_plugin_rtp rtp = audioPacket(octets);
    plugin_->incoming_rtp(session, &rtp);
    // Valid during the call only: a plugin that kept the pointer reads this.
    std::fill(octets.begin(), octets.end(), uint8_t{0xdd});
  });
}

void FakeHandle::incomingRtcp(std::vector<uint8_t> packet) {
  postForSession([this, octets = std::move(packet)](janus_plugin_session* session) mutable {
    if (!plugin_->incoming_rtcp) return;
    janus_plugin_rtcp rtcp{};
    rtcp.buffer = reinterpret_cast<char*>(octets.data());
    rtcp.length = static_cast<uint16_t>(octets.size());
    plugin_->incoming_rtcp(session, &rtcp);
  });
}

void FakeHandle::incomingData(std::string data) {
  postForSession([this, text = std::move(data)](janus_plugin_session* session) mutable {
    if (!plugin_->incoming_data) return;
    janus_plugin_data packet{};
    packet.buffer = text.data();
    packet.length = static_cast<uint16_t>(text.size());
    plugin_->incoming_data(session, &packet);
  });
}

void FakeHandle::slowLink() {
  postForSession([this](janus_plugin_session* session) {
    if (plugin_->slow_link) plugin_->slow_link(session, 0, FALSE, TRUE);
  });
}

void FakeHandle::destroyAgain() {
  postForSession([this](janus_plugin_session* session) {
    int error = 0;
    plugin_->destroy_session(session, &error);
  });
}

bool FakeHandle::settle(std::chrono::milliseconds limit) {
  const auto done = std::make_shared<bool>(false);
  end_->post([end = end_, done] {
    const std::lock_guard lock(end->mutex);
    *done = true;
    end->changed.notify_all();
  });
  std::unique_lock lock(end_->mutex);
  return end_->changed.wait_for(lock, limit, [&] { return *done; });
}

EventQueue& FakeHandle::events() {
  return end_->events;
}

size_t FakeHandle::packets() const {
  const std::lock_guard lock(end_->mutex);
  return end_->packets;
}

bool FakeHandle::waitForPackets(size_t count, std::chrono::milliseconds limit) {
  std::unique_lock lock(end_->mutex);
  return end_->changed.wait_for(lock, limit, [&] { return end_->packets >= count; });
}

std::vector<uint8_t> FakeHandle::lastPacket() const {
  const std::lock_guard lock(end_->mutex);
  return end_->last;
}

size_t FakeHandle::hangUps() const {
  const std::lock_guard lock(end_->mutex);
  return end_->hangUps;
}

}  // namespace genesys::harness
