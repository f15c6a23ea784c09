// One thread that owns its legs entirely: it waits for their sockets, their timers and its inbox,
// and is the only place in this room that reads the clock.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <unordered_set>
#include <variant>
#include <vector>

#include "media/browser_session.hpp"
#include "media/deadlines.hpp"
#include "media/rtp_socket.hpp"
#include "media/sip_session.hpp"
#include "util/inbox.hpp"

namespace genesys::media {

class MediaWorker {
 public:
  /// Throws std::system_error if descriptors are exhausted.
  MediaWorker();
  ~MediaWorker();

  void start(unsigned index);
  /// Closes every leg and joins the thread. Twice is once; never from the worker itself.
  void stop();

  // Any thread. After stop() nothing posted is done.
  using Task = std::function<void(MonoTime now)>;
  void post(Task task);
  /// Copies a packet of the browser into the inbox.
  void post(const std::shared_ptr<BrowserSession>& browser, std::span<const uint8_t> packet);

  // Worker thread only.
  void open(const std::shared_ptr<BrowserSession>& browser);
  void open(const std::shared_ptr<SipSession>& sip);
  void close(MediaSession& session, MonoTime now);
  /// Puts a leg on the list of deadlines after something has happened to it.
  void touch(MediaSession& session);
  void touchBoth(SipSession& sip);

 private:
  /// Longer packets than Opus voice makes are rare and go to the heap.
  static constexpr size_t kInline = 400;
  struct Packet {
    std::shared_ptr<BrowserSession> browser;
    uint16_t octets = 0;
    std::array<uint8_t, kInline> data;
    std::unique_ptr<uint8_t[]> large;
  };
  using Message = std::variant<Task, Packet>;

  void loop();
  void wait();
  void handleSocket(void* watched, MonoTime now);
  void handleInbox();
  void handle(Packet& packet, MonoTime now);
  void handleDeadlines();
  void closeAll();
  /// nullptr: the inbox.
  void watch(int fd, SipSession::Watched* socket);

  std::atomic<bool> stopping_{false};
  Inbox<Message> inbox_;
  UniqueFd epoll_;
  std::vector<Message> batch_;
  std::unordered_set<std::shared_ptr<MediaSession>> sessions_;
  Deadlines<std::shared_ptr<MediaSession>> deadlines_;
  DatagramBatch datagrams_;
  std::thread thread_;
};

}  // namespace genesys::media
