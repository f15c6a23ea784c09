#include "media/rtp_endpoint.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>

#include "media/tone_detector.hpp"
#include "util/log.hpp"

namespace genesys::sim {
namespace {

constexpr long kFrameNanos = 20'000'000;
constexpr int kComfortNoise = 13;  // RFC 3389
constexpr int kMostCatchUp = 5;    // frames sent at once after a stall of this program

}  // namespace

RtpEndpoint::RtpEndpoint(EventLoop& loop, PortPair ports, uint64_t seed)
    : loop_(loop), random_(seed), ports_(std::move(ports)) {
  open();
}

void RtpEndpoint::open() {
  sequence_ = static_cast<uint16_t>(random_.next());
  timestamp_ = static_cast<uint32_t>(random_.next());
  ssrc_ = static_cast<uint32_t>(random_.next());
  marker_ = true;
  rtpWatch_ = std::make_unique<FdWatch>(loop_, ports_->rtp(), POLLIN, [this](short) { drain(); });
  rtcpWatch_ =
      std::make_unique<FdWatch>(loop_, ports_->rtcp(), POLLIN, [this](short) { drainRtcp(); });
}

void RtpEndpoint::move(PortPair ports) {
  rtpWatch_.reset();
  rtcpWatch_.reset();
  ports_.emplace(std::move(ports));
  open();
}

void RtpEndpoint::connect(const RemoteMedia& remote) {
  if (!ports_) return;
  remote_ = remote;
  if (!remote.send) {
    clockWatch_.reset();
    clock_.reset();
    marker_ = true;
  } else if (!clock_) {
    startClock();
  }
}

void RtpEndpoint::startClock() {
  clock_.reset(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const itimerspec schedule{{0, kFrameNanos}, now};  // the first packet at once
  if (!clock_ || timerfd_settime(clock_.get(), TFD_TIMER_ABSTIME, &schedule, nullptr) != 0)
    return logError("no timer for RTP: {}", errno);
  clockWatch_ = std::make_unique<FdWatch>(loop_, clock_.get(), POLLIN, [this](short) { tick(); });
}

void RtpEndpoint::tick() {
  uint64_t expirations = 0;
  if (::read(clock_.get(), &expirations, sizeof expirations) != sizeof expirations) return;
  const auto late = expirations > kMostCatchUp ? expirations - kMostCatchUp : 0;
  timestamp_ += static_cast<uint32_t>(late) * kFrameSamples;
  for (uint64_t i = late; i < expirations; ++i) sendFrame();
}

void RtpEndpoint::sendFrame() {
  const auto digit = remote_->eventPayloadType < 0 ? std::nullopt : digitSender_.next(timestamp_);
  if (digit) {
    const auto payload = writeTelephoneEvent(digit->event);
    transmit(
        {remote_->eventPayloadType, digit->first, sequence_++, digit->timestamp, ssrc_, payload});
    marker_ = true;  // audio after it is a new talk spurt
  } else if (source_) {
    sendAudio();
  }
  timestamp_ += kFrameSamples;
}

void RtpEndpoint::sendAudio() {
  std::array<int16_t, kFrameSamples> frame;
  source_->read(frame);
  std::array<uint8_t, kFrameSamples> payload;
  std::transform(frame.begin(), frame.end(), payload.begin(), remote_->codec->encode);
  transmit({remote_->payloadType, std::exchange(marker_, false), sequence_++, timestamp_, ssrc_,
            payload});
}

void RtpEndpoint::transmit(const RtpPacket& packet) {
  const auto bytes = writeRtp(packet);
  const sockaddr_in to = remote_->rtp.socketAddress();
  if (::sendto(ports_->rtp(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to),
               sizeof to) < 0)
    return;
  ++counters_.sentPackets;
  if (!firstOut_) firstOut_ = MonoClock::now();
}

void RtpEndpoint::drain() {
  std::array<uint8_t, 2048> bytes;
  for (int i = 0; i < 32; ++i) {
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const ssize_t got = ::recvfrom(ports_->rtp(), bytes.data(), bytes.size(), 0,
                                   reinterpret_cast<sockaddr*>(&from), &length);
    if (got < 0) return;
    counters_.source = peerOf(from, TransportKind::Udp).hostPort();
    receive({bytes.data(), static_cast<size_t>(got)}, MonoClock::now());
  }
}

void RtpEndpoint::drainRtcp() {
  std::array<uint8_t, 2048> bytes;
  while (::recv(ports_->rtcp(), bytes.data(), bytes.size(), 0) >= 0) ++counters_.rtcp;
}

void RtpEndpoint::receive(std::span<const uint8_t> bytes, MonoTime now) {
  const auto packet = parseRtp(bytes);
  if (!packet) {
    ++counters_.malformed;
    return;
  }
  counters_.received.count(*packet);
  if (!firstIn_) firstIn_ = now;
  if (lastIn_)
    counters_.longestGap = std::max(
        counters_.longestGap, std::chrono::duration<double, std::milli>(now - *lastIn_).count());
  lastIn_ = now;
  if (remote_ && packet->payloadType == remote_->eventPayloadType) {
    ++counters_.events;
    digitReceiver_.receive(*packet);
  } else if (remote_ && packet->payloadType == remote_->payloadType) {
    receiveAudio(*packet, *remote_->codec, now);
  } else if (packet->payloadType == kPcmu.payloadType) {
    receiveAudio(*packet, kPcmu, now);
  } else if (packet->payloadType == kPcma.payloadType) {
    receiveAudio(*packet, kPcma, now);
  } else if (packet->payloadType == kComfortNoise) {
    ++counters_.comfortNoise;
  } else {
    ++counters_.unknownPayload;
  }
}

void RtpEndpoint::receiveAudio(const RtpPacket& packet, const Codec& codec, MonoTime now) {
  std::vector<int16_t> samples(packet.payload.size());
  std::transform(packet.payload.begin(), packet.payload.end(), samples.begin(), codec.decode);
  heard_.add(samples, now);
  if (recorder_) recorder_->write(samples, packet.timestamp, packet.ssrc);
  if (source_) source_->hear(samples);
}

void RtpEndpoint::record(Recorder recorder) {
  recordingPath_ = recorder.path();
  recorder_.reset();
  recorder_.emplace(std::move(recorder));
}

void RtpEndpoint::close() {
  if (!closedAt_) closedAt_ = MonoClock::now();
  clockWatch_.reset();
  rtpWatch_.reset();
  rtcpWatch_.reset();
  clock_.reset();
  if (remote_) remote_->send = false;
  ports_.reset();
  recorder_.reset();
}

MediaCounters RtpEndpoint::counters(MonoTime now) const {
  MediaCounters out = counters_;
  const auto sinceAnswer = [&](const std::optional<MonoTime>& time) -> std::optional<int64_t> {
    if (!time || !answeredAt_) return std::nullopt;
    return std::chrono::duration_cast<Millis>(*time - *answeredAt_).count();
  };
  const auto heard = heard_.lastSecond(closedAt_.value_or(now));
  out.sentSsrc = ssrc_;
  out.localPort = port();
  out.level = levelDbfs(heard);
  out.frequency = dominantFrequency(heard);
  out.firstIn = sinceAnswer(firstIn_);
  out.firstOut = sinceAnswer(firstOut_);
  out.digits = digitReceiver_.digits();
  if (lastIn_) out.lastPacketAgo = std::chrono::duration_cast<Millis>(now - *lastIn_).count();
  return out;
}

}  // namespace genesys::sim
