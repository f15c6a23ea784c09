#include "engine/traffic.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "media/rtp_packet.hpp"

namespace genesys::load {
namespace {

using media::Endpoint;
using std::chrono::nanoseconds;

constexpr nanoseconds kTick = Millis(1);
constexpr unsigned kTicksInFrame = 20;
// Packets of one far end that may be under way at once.
constexpr size_t kUnderWay = 256;

int64_t realNanos() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::vector<uint8_t> rtp(uint8_t payloadType, uint16_t sequence, uint32_t timestamp,
                         std::span<const uint8_t> payload) {
  std::vector<uint8_t> packet(media::kRtpHeaderOctets + payload.size());
  media::writeRtpHeader({sequence == 0, payloadType, sequence, timestamp, 1}, packet);
  std::ranges::copy(payload, packet.begin() + media::kRtpHeaderOctets);
  return packet;
}

}  // namespace

/// The n-th packet that comes is the n-th that the far end sent: speech without pauses, frames of
/// 20 ms on both sides, nothing lost.
class Traffic::Browser : public media::BrowserSink {
 public:
  explicit Browser(const std::atomic<bool>& measuring) : measuring_(measuring) {}

  void farEndSends(size_t number) { sentAt_[number % kUnderWay] = realNanos(); }
  void relayRtp(std::span<const uint8_t> packet) override {
    const size_t number = got_.fetch_add(1, std::memory_order_relaxed);
    if (packet.size() <= media::kRtpHeaderOctets + 1 || !measuring_) return;
    delays.add(static_cast<double>(realNanos() - sentAt_[number % kUnderWay]) / 1000);
  }
  uint64_t got() const { return got_; }

  Delays delays;  ///< its worker's until the engine has stopped

 private:
  const std::atomic<bool>& measuring_;
  std::array<std::atomic<int64_t>, kUnderWay> sentAt_{};
  std::atomic<uint64_t> got_{0};
};

Traffic::Traffic(media::MediaEngine& engine, unsigned workers, unsigned calls,
                 const Frames& browser, const Frames& farEnd)
    : browserFrames_(browser),
      farEndFrames_(farEnd),
      socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      address_(*SocketAddress::from("127.0.0.1", 0)) {
  const int room = 4 << 20;
  const int on = 1;
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  setsockopt(socket_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (bind(socket_.get(), address_.raw(), address_.length()) != 0)
    throw std::runtime_error(std::strerror(errno));
  socklen_t length = sizeof(sockaddr_in6);
  getsockname(socket_.get(), address_.raw(), &length);
  for (unsigned i = 0; i < calls; ++i) {
    auto call = std::make_unique<Call>();
    call->frame = 7 * i;
    call->sink = std::make_shared<Browser>(measuring_);
    call->browser = engine.openBrowserLeg(i % workers, call->sink);
    auto opened = engine.openSipLeg(i % workers, [](const media::SipLegEvent&) {});
    if (!opened) throw std::runtime_error(opened.error());
    call->sip = std::move(opened).value();
    call->port = *SocketAddress::from("127.0.0.1", call->sip->localPort());
    byPort_[call->sip->localPort()] = call.get();
    media::SipLegParams params;
    params.send = {8, &media::pcma()};
    params.receive = {{8, &media::pcma()}};
    params.remoteRtp = Endpoint{"127.0.0.1", address_.port()};
    call->sip->join(call->browser);
    call->sip->configure(params);
    calls_.push_back(std::move(call));
  }
  receiver_ = std::thread([this] { receive(); });
  sender_ = std::thread([this] { send(); });
}

Traffic::~Traffic() {
  stop();
}

void Traffic::stop() {
  stopping_ = true;
  if (sender_.joinable()) sender_.join();
  if (receiver_.joinable()) receiver_.join();
}

// The calls' phases lie evenly in the 20 ms, as those of real ones do.
void Traffic::send() {
  auto due = MonoClock::now();
  for (unsigned tick = 0; !stopping_; tick = (tick + 1) % kTicksInFrame, due += kTick) {
    std::this_thread::sleep_until(due);
    for (size_t i = tick; i < calls_.size(); i += kTicksInFrame) sendFrame(*calls_[i]);
  }
}

void Traffic::sendFrame(Call& call) {
  const uint16_t sequence = call.sequence++;
  const size_t frame = call.frame + sequence;
  const auto packet =
      rtp(8, sequence, sequence * uint32_t{kFrame}, farEndFrames_[frame % farEndFrames_.size()]);
  call.sink->farEndSends(sequence);
  if (sendto(socket_.get(), packet.data(), packet.size(), 0, call.port.raw(), call.port.length()) >
      0)
    ++sentByFarEnds_;
  const auto& voice = browserFrames_[frame % browserFrames_.size()];
  call.browserSentAt = realNanos();
  call.browser->incomingRtp(rtp(111, sequence, sequence * 960U, voice));
  ++sentByBrowsers_;
}

void Traffic::receive() {
  std::array<uint8_t, 2048> data;
  std::array<uint8_t, 256> control;
  SocketAddress source;
  while (!stopping_) {
    pollfd ready{socket_.get(), POLLIN, 0};
    if (poll(&ready, 1, 50) <= 0) continue;
    iovec vector{data.data(), data.size()};
    msghdr message{};
    message.msg_name = source.raw();
    message.msg_namelen = sizeof(sockaddr_in6);
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(socket_.get(), &message, 0) <= 0) continue;
    const Call* call = byPort_[source.port()];
    const cmsghdr* stamp = CMSG_FIRSTHDR(&message);
    if (call == nullptr || stamp == nullptr) continue;  // RTCP, of the odd port
    ++gotByFarEnds_;
    timespec at{};
    std::memcpy(&at, CMSG_DATA(stamp), sizeof at);
    const int64_t nanos = int64_t{at.tv_sec} * 1'000'000'000 + at.tv_nsec;
    if (measuring_) towardsFarEnds_.add(static_cast<double>(nanos - call->browserSentAt) / 1000);
  }
}

uint64_t Traffic::gotByBrowsers() const {
  uint64_t all = 0;
  for (const auto& call : calls_) all += call->sink->got();
  return all;
}

Delays Traffic::towardsBrowsers() const {
  Delays all;
  for (const auto& call : calls_) all.add(call->sink->delays);
  return all;
}

}  // namespace genesys::load
