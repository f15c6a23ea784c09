#include "gateway.hpp"

#include <algorithm>
#include <stdexcept>

#include "media/join.hpp"

namespace genesys::quality {
namespace {

constexpr const char* kLoopback = "127.0.0.1";
constexpr uint16_t kFirstPort = 20000;
constexpr uint16_t kLastPort = 29999;
// A leg that wants to act so often without its time moving on never stops.
constexpr int kMostAtOnce = 1000;

class Sink : public media::BrowserSink {
 public:
  explicit Sink(std::function<void(std::span<const uint8_t>)> take) : take_(std::move(take)) {}
  void relayRtp(std::span<const uint8_t> packet) override { take_(packet); }

 private:
  std::function<void(std::span<const uint8_t>)> take_;
};

SocketAddress loopback(uint16_t port) {
  return *SocketAddress::from(kLoopback, port);
}

UniqueFd openPeer(SocketAddress& address) {
  UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  address = loopback(0);
  socklen_t length = address.length();
  if (!fd || bind(fd.get(), address.raw(), length) != 0 ||
      getsockname(fd.get(), address.raw(), &length) != 0)
    throw std::runtime_error("no socket on the loopback interface");
  return fd;
}

media::RtpSocketPair openSockets(Random& random) {
  const auto pool = std::make_shared<media::PortPool>(kFirstPort, kLastPort, Millis(0), random);
  auto sockets = media::RtpSocketPair::open(loopback(0), pool, 0);
  if (!sockets) throw std::runtime_error(sockets.error());
  return std::move(sockets).value();
}

}  // namespace

Gateway::Gateway(const media::Codec& codec, MonoTime start, uint64_t seed, Output output)
    : now_(start), output_(std::move(output)), random_(seed) {
  SocketAddress peer;
  peer_ = openPeer(peer);
  browser_ = std::make_shared<media::BrowserSession>(
      std::make_shared<Sink>([this](std::span<const uint8_t> packet) {
        output_.toBrowser({now_, {packet.begin(), packet.end()}});
      }),
      Random(random_.next()));
  sip_ = std::make_shared<media::SipSession>(openSockets(random_), nullptr, false, 0,
                                             Random(random_.next()));
  sipAddress_ = loopback(sip_->port());
  media::SipSession::Setup setup;
  setup.params.send = {codec.payloadType, &codec};
  setup.params.receive = {setup.params.send};
  setup.remoteRtp = peer;
  sip_->configure(setup, now_);
  media::join(*sip_, *browser_, now_);
  collect();
}

void Gateway::passTime(MonoTime until) {
  int atOnce = 0;
  for (;;) {
    const MonoTime due = std::min(browser_->due(), sip_->due());
    if (due > until) break;
    atOnce = due > now_ ? 0 : atOnce + 1;
    if (atOnce > kMostAtOnce) throw std::runtime_error("a leg is always due");
    now_ = std::max(now_, due);
    if (browser_->due() <= now_) browser_->run(now_);
    if (sip_->due() <= now_) sip_->run(now_);
    collect();
  }
  now_ = std::max(now_, until);
}

void Gateway::fromBrowser(const TimedPacket& packet) {
  passTime(packet.at);
  browser_->receive(packet.datagram, now_);
  collect();
}

void Gateway::fromSip(const TimedPacket& packet) {
  passTime(packet.at);
  const auto sent = sendto(peer_.get(), packet.datagram.data(), packet.datagram.size(), 0,
                           sipAddress_.raw(), sipAddress_.length());
  if (sent != static_cast<ssize_t>(packet.datagram.size()))
    throw std::runtime_error("the loopback interface takes no datagram");
  sip_->receiveRtp(datagrams_, now_);
  collect();
}

void Gateway::collect() {
  while (const unsigned count = datagrams_.receive(peer_.get()))
    for (unsigned i = 0; i < count; ++i) {
      const auto data = datagrams_.data(i);
      output_.toSip({now_, {data.begin(), data.end()}});
    }
}

}  // namespace genesys::quality
