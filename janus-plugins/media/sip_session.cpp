#include "media/sip_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "media/browser_session.hpp"
#include "media/join.hpp"
#include "util/log.hpp"

namespace genesys::media {
namespace {

// Middle of the random interval between reports (RFC 3550 section 6.2), ms.
constexpr uint64_t kReportIntervalMs = 5000;

/// RTCP among RTP (RFC 5761 section 4): by its packet type.
bool isRtcp(std::span<const uint8_t> datagram) {
  return datagram.size() > 1 && datagram[1] >= 192 && datagram[1] <= 223;
}

}  // namespace

SipSession::SipSession(RtpSocketPair sockets, SipLegObserver observer, bool symmetric,
                       int64_t unixMinusMono, Random random)
    : sockets_(std::move(sockets)),
      port_(sockets_->port()),
      observer_(std::move(observer)),
      unixMinusMono_(unixMinusMono),
      random_(random),
      cname_(fmt::format("{:016x}", random_.next())),  // says nothing of us (RFC 7022 section 4.2)
      filter_(symmetric),
      receiver_(gauge_.received),
      sender_(*this, gauge_.sent, random_) {}

void SipSession::configure(const Setup& setup, MonoTime now) {
  if (closed()) return;
  params_ = setup.params;
  const bool moved = filter_.negotiate(setup.remoteRtp);
  if (moved) firstPacket_ = true;
  remoteRtcp_ = setup.remoteRtcp;
  receiver_.configure(params_.receive, params_.receiveDigitsAs, params_.digitsAsTones,
                      params_.receiveDigitsClock);
  if (srtp_.configure(params_.srtp)) sender_.rekeyed();
  const bool send = params_.sending && setup.remoteRtp;
  sender_.configure({.codec = send ? params_.send.codec : nullptr,
                     .payloadType = params_.send.payloadType,
                     .digitPayloadType = params_.sendDigitsAs,
                     .digitClock = params_.sendDigitsClock,
                     .digitsAsTones = params_.digitsAsTones,
                     .ptimeMs = params_.ptimeMs},
                    now);
  if (remoteRtcp_ && nextReport_ == MonoTime::max()) scheduleReport(now);
  farEndWatch_.configure(expecting_ && params_.receiving && setup.remoteRtp, moved, now);
  logPath();
}

void SipSession::logPath() {
  std::string path = describePath(*this);
  if (path == loggedPath_) return;
  logInfo("{}", path);
  loggedPath_ = std::move(path);
}

void SipSession::sendDigit(char digit, Millis duration, MonoTime now) {
  if (closed() || !sender_.sending()) return;
  sender_.queueDigit(digit, duration);
  sender_.run(now);
}

void SipSession::setLevels(const AudioLevels& levels, MonoTime now) {
  sender_.setLevel(levels.agent, now);
  receiver_.setLevel(levels.farEnd, now);
}

void SipSession::record(std::shared_ptr<RecordingSink> sink, MonoTime now) {
  if (recording_) recording_->finish(now);
  recording_.reset();
  if (sink && closed())
    sink->finish();
  else if (sink)
    recording_.emplace(std::move(sink), now);
  CallRecording* const tape = recording_ ? &*recording_ : nullptr;
  sender_.setRecording(tape);
  receiver_.setRecording(tape);
}

void SipSession::pauseRecording(bool paused, MonoTime now) {
  if (!recording_) return;
  if (paused)
    recording_->pause(now);
  else
    recording_->resume(now);
}

void SipSession::receiveRtp(DatagramBatch& batch, MonoTime now) {
  if (!sockets_) return;
  const unsigned count = batch.receive(sockets_->rtpFd());
  if (closed()) return;
  for (unsigned i = 0; i < count; ++i) receiveOne(batch.data(i), batch.source(i), now);
}

void SipSession::receiveOne(std::span<const uint8_t> datagram, const SocketAddress& source,
                            MonoTime now) {
  if (params_.rtcpMux && isRtcp(datagram)) return receiveOneRtcp(datagram, source, now);
  if (!params_.receiving || !filter_.mayBe(source)) return gauge_.received.ignored.add(1);
  const auto packet = opened(datagram);
  if (!packet) return;
  if (order_.arrived(*packet, now) && receiveInOrder(*packet, now)) filter_.heard(source);
  receiveWaiting(now);
}

void SipSession::receiveWaiting(MonoTime now) {
  while (const auto* item = order_.next(now)) receiveInOrder({item->header, item->payload()}, now);
}

// Returns whether it was a packet of ours.
bool SipSession::receiveInOrder(const RtpPacket& packet, MonoTime now) {
  const SipReceiver::Heard heard = receiver_.received(packet, now);
  if (heard.good) {
    openedAt_ = std::min(openedAt_, now);
    if (farEndWatch_.arrived(now)) tellReturned(AudioMissing::Side::FarEnd);
  }
  if (heard.voice != nullptr && firstPacket_) {
    firstPacket_ = false;
    if (observer_) observer_(FirstPacketReceived{std::string(heard.voice->name)});
  }
  for (const auto& key : heard.keys) tell(key);
  return heard.good;
}

// What is not authentic is not looked into.
std::optional<RtpPacket> SipSession::opened(std::span<const uint8_t> datagram) {
  const auto opened = srtp_.unprotectRtp(datagram);
  switch (opened.verdict) {
    case SrtpReceiver::Verdict::Forged:
      gauge_.received.srtpFailed.add(1);
      return std::nullopt;
    case SrtpReceiver::Verdict::Replayed:
      gauge_.received.late.add(1);
      return std::nullopt;
    case SrtpReceiver::Verdict::Good:
      break;
  }
  auto packet = parseRtp(opened.packet);
  if (!packet) gauge_.received.ignored.add(1);
  return packet;
}

void SipSession::receiveRtcp(DatagramBatch& batch, MonoTime now) {
  if (!sockets_) return;
  const unsigned count = batch.receive(sockets_->rtcpFd());
  if (closed()) return;
  for (unsigned i = 0; i < count; ++i) receiveOneRtcp(batch.data(i), batch.source(i), now);
}

void SipSession::receiveOneRtcp(std::span<const uint8_t> datagram, const SocketAddress& source,
                                MonoTime now) {
  const auto& remote = filter_.destination();
  if (!remote || !source.sameHost(*remote)) return;
  const auto opened = srtp_.unprotectRtcp(datagram);
  if (opened.verdict == SrtpReceiver::Verdict::Forged) gauge_.received.srtpFailed.add(1);
  if (opened.verdict != SrtpReceiver::Verdict::Good) return;
  const auto summary = readRtcp(opened.packet, sender_.ssrc());
  if (!summary) return;
  if (summary->aboutUs) heardReport(*summary->aboutUs, now);
  if (!summary->senderReportOf) return;
  senderReport_ = summary->middleNtp;
  senderReportAt_ = now;
}

// Round trip: RFC 3550 section 6.4.1. A far end that computes wrongly claims hours.
void SipSession::heardReport(const ReportBlock& block, MonoTime now) {
  constexpr uint32_t kLongest = 10 * 65536;
  StreamGauge& sent = gauge_.sent;
  if (block.lastSenderReport != 0) {
    const auto middle = static_cast<uint32_t>(ntp(now) >> 16);
    const uint32_t trip = middle - block.lastSenderReport - block.delaySinceLast;
    if (trip < kLongest) sent.roundTripMs.set(trip * uint64_t{1000} / 65536);
  }
  sent.reportedLoss.set(block.reception.fractionLost);
  const Millis oneWay(sent.roundTripMs.get() / 2);
  receiver_.setDelay(oneWay);
  reported_.add(block.reception.fractionLost / 2.56, oneWay);
  sent.quality(*reported_.figures());
}

MonoTime SipSession::due() const {
  if (closed()) return sockets_ ? *drained_ : MonoTime::max();
  const MonoTime chunk = recording_ ? recording_->due() : MonoTime::max();
  return std::min({sender_.due(), receiver_.due(), order_.due(), nextReport_, chunk,
                   farEndWatch_.due(), browserWatch_.due()});
}

void SipSession::run(MonoTime now) {
  if (closed()) {
    if (now >= *drained_) sockets_.reset();
    return;
  }
  sender_.run(now);
  receiveWaiting(now);
  if (const auto key = receiver_.run(now)) tell(*key);
  if (recording_) recording_->run(now);
  if (expecting_) watch(now);
  if (now < nextReport_) return;
  report(now, false);
  scheduleReport(now);
}

void SipSession::close(MonoTime now) {
  if (closed()) return;
  report(now, true);
  part(*this, now);
  record(nullptr, now);
  drained_ = now + kDrain;
  observer_ = nullptr;
}

void SipSession::sendRtp(std::span<const uint8_t> packet) {
  const auto& remote = filter_.destination();
  if (closed() || !remote) return;
  const auto sent = srtp_.protectRtp(packet);
  if (sent.empty()) return gauge_.sent.srtpFailed.add(1);
  sockets_->sendRtp(sent, *remote);
}

void SipSession::report(MonoTime now, bool bye) {
  if (!remoteRtcp_) return;
  RtcpReport report;
  report.ssrc = sender_.ssrc();
  report.cname = cname_;
  report.bye = bye;
  const uint64_t packets = gauge_.sent.packets.get();
  // A sender report only if there is something new (RFC 3550 section 6.4).
  if (packets != reportedPackets_)
    report.sender = SenderInfo{.ntp = ntp(now),
                               .timestamp = sender_.timestampAt(now),
                               .packets = static_cast<uint32_t>(packets),
                               .octets = static_cast<uint32_t>(gauge_.sent.octets.get())};
  reportedPackets_ = packets;
  report.block = reportBlock(now);
  if (report.block && params_.voipMetrics) report.metrics = voipMetrics(now);
  std::array<uint8_t, kMaxReportOctets> packet;
  sendRtcp(std::span(packet).first(writeRtcp(report, packet)));
}

std::optional<ReportBlock> SipSession::reportBlock(MonoTime now) {
  if (!receiver_.reception().started()) return std::nullopt;
  ReportBlock block{.reception = receiver_.reception().report()};
  if (senderReport_ != 0) {
    block.lastSenderReport = senderReport_;
    block.delaySinceLast = unitsIn(now - senderReportAt_, 65536);
  }
  return block;
}

VoipMetrics SipSession::voipMetrics(MonoTime now) const {
  const StreamCounters received = gauge_.received.read();
  const auto expected =
      static_cast<double>(std::max<uint64_t>(1, received.packets + received.lost));
  VoipMetrics metrics;
  metrics.ssrc = receiver_.reception().ssrc();
  metrics.lossRate = static_cast<double>(received.lost) / expected;
  metrics.discardRate = static_cast<double>(received.late) / expected;
  if (now > openedAt_) metrics.durationMs = unitsIn(now - openedAt_, 1000);
  metrics.roundTripMs = static_cast<uint32_t>(gauge_.sent.roundTripMs.get());
  metrics.levelDbov = received.levelDbov;
  metrics.mos = received.quality.last;
  if (const auto& quality = receiver_.quality()) metrics.rating = quality->rating;
  return metrics;
}

void SipSession::sendRtcp(std::span<const uint8_t> packet) {
  const auto sent = srtp_.protectRtcp(packet);
  if (sent.empty()) return gauge_.sent.srtpFailed.add(1);
  if (!params_.rtcpMux)
    sockets_->sendRtcp(sent, *remoteRtcp_);
  else if (const auto& remote = filter_.destination())
    sockets_->sendRtp(sent, *remote);
}

void SipSession::expectAudio(MonoTime now) {
  if (closed() || expecting_) return;
  expecting_ = true;
  farEndWatch_.configure(params_.receiving && filter_.destination(), true, now);
}

// The browser's stream is watched where it would be heard, and not in a conference, whose sum goes
// on without it.
void SipSession::watch(MonoTime now) {
  const bool heard = joined_ != nullptr && !joined_->mix() && sender_.sending();
  browserWatch_.configure(heard, false, now);
  if (const MonoTime last = sender_.lastHeard(); last > browserHeard_) {
    browserHeard_ = last;
    if (browserWatch_.arrived(last)) tellReturned(AudioMissing::Side::Browser);
  }
  tellMissing(browserWatch_, AudioMissing::Side::Browser, now);
  tellMissing(farEndWatch_, AudioMissing::Side::FarEnd, now);
}

void SipSession::tellMissing(ArrivalWatch& watch, AudioMissing::Side side, MonoTime now) {
  const auto missing = watch.run(now);
  if (!missing || !observer_) return;
  AudioMissing news{.side = side, .stopped = *missing == ArrivalWatch::Missing::Stopped};
  if (side == AudioMissing::Side::FarEnd) news.from = params_.remoteRtp.value_or(Endpoint{});
  observer_(news);
}

void SipSession::tellReturned(AudioMissing::Side side) {
  if (observer_) observer_(AudioReturned{side});
}

void SipSession::scheduleReport(MonoTime now) {
  const uint64_t wait = random_.between(kReportIntervalMs / 2, kReportIntervalMs * 3 / 2);
  nextReport_ = now + Millis(wait);
}

void SipSession::tell(const DigitReceiver::Key& key) const {
  if (observer_) observer_(DigitReceived{key.digit, key.duration});
}

NtpTime SipSession::ntp(MonoTime now) const {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const int64_t mono = duration_cast<microseconds>(now.time_since_epoch()).count();
  return ntpFromUnixMicros(static_cast<uint64_t>(mono + unixMinusMono_));
}

}  // namespace genesys::media
