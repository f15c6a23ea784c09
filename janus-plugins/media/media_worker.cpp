#include "media/media_worker.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <limits>
#include <system_error>

#include "util/log.hpp"

namespace genesys::media {
namespace {

constexpr int kMostEvents = 64;

/// Blocks every signal for the thread that is started meanwhile: they belong to the process's own.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

MediaWorker::MediaWorker() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll");
  watch(inbox_.fd(), nullptr);
}

MediaWorker::~MediaWorker() {
  stop();
}

void MediaWorker::start(unsigned index) {
  const SignalsBlocked blocked;
  thread_ = std::thread([this] { loop(); });
  pthread_setname_np(thread_.native_handle(), fmt::format("media-{}", index).c_str());
}

void MediaWorker::stop() {
  if (!thread_.joinable()) return;
  inbox_.post(Task([this](MonoTime) { stopping_ = true; }));
  thread_.join();
}

void MediaWorker::post(Task task) {
  if (!stopping_) inbox_.post(std::move(task));
}

void MediaWorker::post(const std::shared_ptr<BrowserSession>& browser,
                       std::span<const uint8_t> packet) {
  if (stopping_ || packet.size() > kMaxRtpOctets || !browser->mayEnter()) return;
  Packet message;
  message.browser = browser;
  message.octets = static_cast<uint16_t>(packet.size());
  uint8_t* room = message.data.data();
  if (packet.size() > kInline) {
    message.large = std::make_unique_for_overwrite<uint8_t[]>(packet.size());
    room = message.large.get();
  }
  std::ranges::copy(packet, room);
  inbox_.post(std::move(message));
}

void MediaWorker::open(const std::shared_ptr<BrowserSession>& browser) {
  sessions_.insert(browser);
}

void MediaWorker::open(const std::shared_ptr<SipSession>& sip) {
  sessions_.insert(sip);
  watch(sip->sockets().rtpFd(), &sip->rtpWatched);
  watch(sip->sockets().rtcpFd(), &sip->rtcpWatched);
}

void MediaWorker::close(MediaSession& session, MonoTime now) {
  const auto kept = session.shared_from_this();
  session.close(now);
  sessions_.erase(kept);
  touch(session);  // the list of deadlines keeps it until its sockets are drained
}

// A leg stands in the list once for its earliest deadline. When it turns out later that there was
// nothing to do, it is put in again: cheaper than moving it with every packet.
void MediaWorker::touch(MediaSession& session) {
  const MonoTime due = session.due();
  if (due >= session.scheduled) return;
  session.scheduled = due;
  deadlines_.add(due, session.shared_from_this());
}

void MediaWorker::touchBoth(SipSession& sip) {
  touch(sip);
  if (sip.joined() != nullptr) touch(*sip.joined());
}

void MediaWorker::loop() {
  while (!stopping_) wait();
  closeAll();
}

void MediaWorker::wait() {
  using std::chrono::ceil;
  std::array<epoll_event, kMostEvents> events;
  const MonoTime next = deadlines_.next();
  int timeout = -1;
  if (next != MonoTime::max()) {
    const auto left = ceil<Millis>(next - MonoClock::now()).count();
    timeout = static_cast<int>(std::clamp<int64_t>(left, 0, 60000));
  }
  const int count = epoll_wait(epoll_.get(), events.data(), kMostEvents, timeout);
  const std::span<const epoll_event> ready(events.data(), static_cast<size_t>(std::max(count, 0)));
  // Messages first: a packet that came after a configure() meets its result.
  if (std::ranges::any_of(ready, [](const auto& event) { return event.data.ptr == nullptr; }))
    handleInbox();
  const MonoTime now = MonoClock::now();
  for (const epoll_event& event : ready)
    if (event.data.ptr != nullptr) handleSocket(event.data.ptr, now);
  handleDeadlines();
}

void MediaWorker::handleSocket(void* watched, MonoTime now) {
  const auto* socket = static_cast<const SipSession::Watched*>(watched);
  SipSession& sip = *socket->session;
  if (socket->rtcp)
    sip.receiveRtcp(datagrams_, now);
  else
    sip.receiveRtp(datagrams_, now);
  touchBoth(sip);
}

void MediaWorker::handleInbox() {
  inbox_.drain(batch_);
  for (Message& message : batch_) {
    const MonoTime now = MonoClock::now();
    if (auto* packet = std::get_if<Packet>(&message))
      handle(*packet, now);
    else
      std::get<Task>(message)(now);
  }
  batch_.clear();
}

void MediaWorker::handle(Packet& packet, MonoTime now) {
  BrowserSession& browser = *packet.browser;
  browser.tookIn();
  const uint8_t* data = packet.large ? packet.large.get() : packet.data.data();
  browser.receive({data, packet.octets}, now);
  touch(browser);
  if (browser.joined() != nullptr) touch(*browser.joined());
}

void MediaWorker::handleDeadlines() {
  const MonoTime now = MonoClock::now();
  while (auto entry = deadlines_.pop(now)) {
    MediaSession& session = *entry->item;
    if (entry->at != session.scheduled) continue;  // an earlier one was put in after it
    session.scheduled = MonoTime::max();
    session.run(now);
    touch(session);
  }
}

void MediaWorker::closeAll() {
  handleInbox();
  const MonoTime now = MonoClock::now();
  for (const auto& session : sessions_) session->close(now);
  sessions_.clear();
  deadlines_ = {};
}

void MediaWorker::watch(int fd, SipSession::Watched* socket) {
  epoll_event event{};
  event.events = socket != nullptr ? uint32_t{EPOLLIN} : EPOLLIN | EPOLLET;
  event.data.ptr = socket;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
    logError("media: epoll refused a socket: {}", std::generic_category().message(errno));
}

}  // namespace genesys::media
