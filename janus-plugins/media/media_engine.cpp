#include "media/media_engine.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <system_error>

#include "media/join.hpp"
#include "media/media_worker.hpp"
#include "media/rtcp.hpp"
#include "util/log.hpp"

namespace genesys::media {
namespace {

/// The browser leg as other threads hold it: every call becomes a message.
class BrowserLegHandle : public BrowserLeg {
 public:
  BrowserLegHandle(std::shared_ptr<MediaWorker> worker, std::shared_ptr<BrowserSession> session)
      : worker_(std::move(worker)), session_(std::move(session)) {}
  ~BrowserLegHandle() override { BrowserLegHandle::close(); }

  void incomingRtp(std::span<const uint8_t> packet) override {
    if (!closed_) worker_->post(session_, packet);
  }
  void incomingRtcp(std::span<const uint8_t> packet) override {
    const auto summary = readRtcp(packet, std::nullopt);
    if (closed_ || !summary || !summary->aboutUs) return;
    worker_->post([session = session_, loss = summary->aboutUs->reception.fractionLost](
                      MonoTime now) { session->sender().reported(loss, now); });
  }
  void setOpusPayloadType(uint8_t payloadType) override {
    worker_->post(
        [session = session_, payloadType](MonoTime) { session->setPayloadType(payloadType); });
  }
  void setPacketTime(uint16_t milliseconds) override {
    worker_->post([session = session_, milliseconds](MonoTime) {
      session->sender().setPacketTime(Millis(milliseconds));
    });
  }
  LegCounters counters() const override { return session_->gauge().read(); }
  void close() override {
    if (closed_.exchange(true)) return;
    worker_->post([worker = worker_.get(), session = session_](MonoTime now) {
      std::vector<SipSession*> left = session->mixed();
      if (session->joined() != nullptr) left.push_back(session->joined());
      worker->close(*session, now);
      for (SipSession* const sip : left) worker->touch(*sip);  // its noise is due at once
    });
  }

  const std::shared_ptr<MediaWorker>& worker() const { return worker_; }
  const std::shared_ptr<BrowserSession>& session() const { return session_; }

 private:
  const std::shared_ptr<MediaWorker> worker_;
  const std::shared_ptr<BrowserSession> session_;
  std::atomic<bool> closed_{false};
};

std::optional<SocketAddress> readAddress(const std::optional<Endpoint>& endpoint) {
  if (!endpoint) return std::nullopt;
  auto address = SocketAddress::from(endpoint->address, endpoint->port);
  if (!address) logWarning("media: '{}' is no address literal", endpoint->address);
  if (!address || address->isAny() || address->port() == 0) return std::nullopt;
  return address;
}

SipSession::Setup readSetup(const SipLegParams& params) {
  SipSession::Setup setup{params, readAddress(params.remoteRtp), readAddress(params.remoteRtcp)};
  if (!setup.remoteRtcp && setup.remoteRtp && setup.remoteRtp->port() < 65535) {
    setup.remoteRtcp = setup.remoteRtp;
    setup.remoteRtcp->setPort(static_cast<uint16_t>(setup.remoteRtp->port() + 1));
  }
  const auto known = std::ranges::find(kPacketTimesMs, params.ptimeMs) != kPacketTimesMs.end();
  if (!known || (params.send.codec && params.ptimeMs > params.send.codec->longestPtimeMs))
    setup.params.ptimeMs = 20;
  return setup;
}

/// The SIP legs that a change of `sip`'s or `browser`'s company may leave alone.
std::vector<SipSession*> companions(SipSession& sip, BrowserSession* browser) {
  std::vector<SipSession*> legs;
  for (BrowserSession* one : {sip.joined(), browser}) {
    if (one == nullptr) continue;
    legs.insert(legs.end(), one->mixed().begin(), one->mixed().end());
    if (one->joined() != nullptr) legs.push_back(one->joined());
  }
  return legs;
}

/// The SIP leg as other threads hold it: every call becomes a message.
class SipLegHandle : public SipLeg {
 public:
  SipLegHandle(std::shared_ptr<MediaWorker> worker, std::shared_ptr<SipSession> session)
      : worker_(std::move(worker)), session_(std::move(session)) {}
  ~SipLegHandle() override { SipLegHandle::close(); }

  uint16_t localPort() const override { return session_->port(); }
  void configure(const SipLegParams& params) override {
    digits_ = params.sendDigitsAs || params.digitsAsTones;
    post([setup = readSetup(params)](MediaWorker&, SipSession& session, MonoTime now) {
      session.configure(setup, now);
    });
  }
  void join(const std::shared_ptr<BrowserLeg>& browser) override { meet(browser, false); }
  void joinMix(const std::shared_ptr<BrowserLeg>& browser) override { meet(browser, true); }
  void expectAudio() override {
    post([](MediaWorker&, SipSession& session, MonoTime now) { session.expectAudio(now); });
  }
  void setLevels(const AudioLevels& levels) override {
    post([levels](MediaWorker&, SipSession& session, MonoTime now) {
      session.setLevels(levels, now);
    });
  }
  bool sendDigit(char digit, std::chrono::milliseconds duration) override {
    if (closed_ || !digits_ || !eventOfDigit(digit)) return false;
    if (duration < kShortestDigit || duration > kLongestDigit) return false;
    post([digit, duration](MediaWorker&, SipSession& session, MonoTime now) {
      session.sendDigit(digit, duration, now);
    });
    return true;
  }
  void record(std::shared_ptr<RecordingSink> sink) override {
    if (closed_) {
      if (sink) sink->finish();
      return;
    }
    post([sink = std::move(sink)](MediaWorker&, SipSession& session, MonoTime now) {
      session.record(sink, now);
    });
  }
  void pauseRecording(bool paused) override {
    post([paused](MediaWorker&, SipSession& session, MonoTime now) {
      session.pauseRecording(paused, now);
    });
  }
  LegCounters counters() const override { return session_->gauge().read(); }
  void close() override {
    if (closed_.exchange(true)) return;
    post(
        [](MediaWorker& worker, SipSession& session, MonoTime now) { worker.close(session, now); });
  }

 private:
  void meet(const std::shared_ptr<BrowserLeg>& browser, bool mixed);
  template <class Action>
  void post(Action action) {
    worker_->post([worker = worker_.get(), session = session_, action](MonoTime now) {
      action(*worker, *session, now);
      worker->touchBoth(*session);
    });
  }

  const std::shared_ptr<MediaWorker> worker_;
  const std::shared_ptr<SipSession> session_;
  std::atomic<bool> digits_{false};
  std::atomic<bool> closed_{false};
};

void SipLegHandle::meet(const std::shared_ptr<BrowserLeg>& browser, bool mixed) {
  const auto handle = std::dynamic_pointer_cast<BrowserLegHandle>(browser);
  if (handle && handle->worker() != worker_) {
    logError("media {}: legs on different workers cannot be joined", localPort());
    return;
  }
  post([other = handle ? handle->session() : nullptr, mixed](MediaWorker& worker,
                                                             SipSession& session, MonoTime now) {
    if (session.closed()) return;
    const std::vector<SipSession*> left = companions(session, other.get());
    if (!other || other->closed())
      part(session, now);
    else if (mixed)
      genesys::media::joinMix(session, *other, now);
    else
      genesys::media::join(session, *other, now);
    for (SipSession* const one : left) worker.touch(*one);  // its noise may be due at once
    if (other && other->mix()) worker.touch(*other->mix());
    session.logPath();
  });
}

/// Those that we may run on: a container or taskset may leave fewer than there are.
unsigned coresOfOurs() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0)
    return std::max(1U, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&cores)));
}

int64_t unixMinusMono() {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const auto unix = std::chrono::system_clock::now().time_since_epoch();
  const auto mono = MonoClock::now().time_since_epoch();
  return duration_cast<microseconds>(unix).count() - duration_cast<microseconds>(mono).count();
}

class Engine : public MediaEngine {
 public:
  Engine(const EngineConfig& config, const SocketAddress& address, std::shared_ptr<PortPool> ports,
         std::vector<std::shared_ptr<MediaWorker>> workers)
      : config_(config), address_(address), ports_(std::move(ports)), workers_(std::move(workers)) {
    for (unsigned i = 0; i < workers_.size(); ++i) workers_[i]->start(i);
  }
  ~Engine() override {
    for (const auto& worker : workers_) worker->stop();
  }

  unsigned workerFor(std::string_view key) const override {
    return static_cast<unsigned>(std::hash<std::string_view>()(key) % workers_.size());
  }

  std::shared_ptr<BrowserLeg> openBrowserLeg(unsigned worker,
                                             std::shared_ptr<BrowserSink> sink) override {
    const auto& owner = workers_[worker % workers_.size()];
    auto session = std::make_shared<BrowserSession>(std::move(sink));
    owner->post([owner = owner.get(), session](MonoTime) { owner->open(session); });
    return std::make_shared<BrowserLegHandle>(owner, std::move(session));
  }

  Result<std::shared_ptr<SipLeg>> openSipLeg(unsigned worker, SipLegObserver observer) override {
    auto sockets = RtpSocketPair::open(address_, ports_, config_.dscp);
    if (!sockets) return Failure{sockets.error()};
    const auto& owner = workers_[worker % workers_.size()];
    auto session =
        std::make_shared<SipSession>(std::move(sockets).value(), std::move(observer),
                                     config_.symmetric, unixMinusMono(), Random::fromSystem());
    owner->post([owner = owner.get(), session](MonoTime) { owner->open(session); });
    return std::shared_ptr<SipLeg>(std::make_shared<SipLegHandle>(owner, std::move(session)));
  }

 private:
  const EngineConfig config_;
  const SocketAddress address_;
  const std::shared_ptr<PortPool> ports_;
  const std::vector<std::shared_ptr<MediaWorker>> workers_;
};

}  // namespace

Result<std::unique_ptr<MediaEngine>> makeMediaEngine(const EngineConfig& config) {
  const auto address = SocketAddress::from(config.bindAddress, 0);
  if (!address) return Failure{fmt::format("'{}' is no IPv4 or IPv6 address", config.bindAddress)};
  if (config.dscp > 63) return Failure{fmt::format("dscp {} is not 0-63", config.dscp)};
  Random random = Random::fromSystem();
  auto ports = std::make_shared<PortPool>(config.ports.first, config.ports.last,
                                          config.portQuarantine, random);
  if (ports->capacity() == 0)
    return Failure{fmt::format("RTP ports {}-{} hold no even port with its odd neighbour",
                               config.ports.first, config.ports.last)};
  const unsigned count = config.workers ? config.workers : coresOfOurs();
  try {
    std::vector<std::shared_ptr<MediaWorker>> workers;
    for (unsigned i = 0; i < count; ++i) workers.push_back(std::make_shared<MediaWorker>());
    return std::unique_ptr<MediaEngine>(
        std::make_unique<Engine>(config, *address, std::move(ports), std::move(workers)));
  } catch (const std::system_error& error) {
    return Failure{fmt::format("media workers: {}", error.what())};
  }
}

}  // namespace genesys::media
