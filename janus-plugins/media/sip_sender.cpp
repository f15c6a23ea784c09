#include "media/sip_sender.hpp"

#include <algorithm>
#include <array>

namespace genesys::media {
namespace {

// How much later than its place on the grid a voice packet may come before noise takes its slot:
// beyond one packet, the jitter of an ordinary access network.
constexpr Millis kPatience{40};
// Voice that broke off for so long is not lost packets any more: the talker is gone. Until then
// noise keeps the patience of voice, or the packets after the break would find their slots taken.
constexpr Millis kLongestBreak{400};
// A stream that stood still this long (a suspended machine) is not made up for packet by packet.
constexpr Millis kStandstill{200};
constexpr Millis kShedWindow{1000};
// 60 ms at 16 kHz.
constexpr size_t kMaxFrameSamples = 960;

}  // namespace

SipSender::SipSender(RtpOutput& output, StreamGauge& gauge, Random& random)
    : output_(output), gauge_(gauge), stream_(random), noise_(random.next()) {}

void SipSender::configure(const Params& params, MonoTime now) {
  const bool wasSending = sending();
  const bool newCodec = params.codec != params_.codec;
  if (newCodec || params.codec == nullptr) {
    encoder_ = params.codec ? makeVoiceEncoder(*params.codec) : nullptr;
    clearQueues();
  }
  if (params.ptimeMs != params_.ptimeMs && payloads_) payloads_->clear();
  if (!params.digitPayloadType) digits_.clear();
  if (!params.digitsAsTones || params.codec == nullptr) tones_.clear();
  params_ = params;
  if (!sending()) return;
  digits_.setClocks(params.codec->rtpClock, params.digitClock);
  if (!wasSending) {
    if (clock_.started())
      jumpTo(now);
    else
      clock_.start(now);
    heard_ = false;
    marker_ = true;
  }
  run(now);
}

void SipSender::rekeyed() {
  stream_.toLowerHalf();
  marker_ = true;
}

void SipSender::setLevel(const SideLevel& level, MonoTime now) {
  gain_.set(level.gainDb);
  muted_ = level.muted;
  if (!muted_) return;
  clearQueues();
  silenceExpected_ = true;
  run(now);
}

bool SipSender::queueDigit(char digit, Millis duration) {
  if (params_.digitPayloadType) return digits_.queue(digit, duration);
  return params_.digitsAsTones && tones_.queue(digit, duration);
}

void SipSender::voice(const Pcm& pcm, MonoTime now) {
  lastHeard_ = now;
  if (!sending() || digitNow_ || muted_ || pcm.sampleRate != sampleRate()) return;
  passing_ = false;
  follow(durationOf(pcm.samples.size(), sampleRate()), now);
  queue_.push(gain_.apply(pcm.samples));
  heard(now);
}

bool SipSender::passes(const Codec& codec, SendClock::Duration length) const {
  return sending() && params_.codec == &codec && length == frameTime() && !tones_.sounding() &&
         recording_ == nullptr && !muted_ && gain_.neutral();
}

// What is left of PCM is less than a packet.
void SipSender::packet(std::span<const uint8_t> payload, MonoTime now) {
  lastHeard_ = now;
  if (!sending() || digitNow_) return;
  if (!payloads_) payloads_ = std::make_unique<PayloadQueue>();
  passing_ = true;
  queue_.clear();
  follow(frameTime(), now);
  if (payloads_->push(payload)) gauge_.dropped.add(1);
  heard(now);
}

void SipSender::lost(SendClock::Duration missing, MonoTime now) {
  if (!sending() || !passing_ || digitNow_) return;
  const auto frames = std::min(missing, owed(now) + frameTime() / 2) / frameTime();
  stream_.skip(static_cast<uint16_t>(frames));
  stream_.advance(unitsIn(frames * frameTime(), params_.codec->rtpClock));
  clock_.advance(frames * frameTime());
}

void SipSender::follow(SendClock::Duration voice, MonoTime now) {
  clock_.follow(clock_.ahead(now) + durationOf(queued(), sampleRate()), voice, freePlay());
}

void SipSender::heard(MonoTime now) {
  heard_ = true;
  break_ = {};
  silenceExpected_ = false;
  run(now);
  bound();
}

SendClock::Duration SipSender::owed(MonoTime now) const {
  if (!sending()) return {};
  const auto behind = -clock_.ahead(now) - durationOf(queued(), sampleRate());
  return std::max(SendClock::Duration::zero(), behind);
}

void SipSender::run(MonoTime now) {
  if (!sending()) return;
  if (clock_.ahead(now) < -(holdOff() + kStandstill)) jumpTo(now);
  while (step(now)) {
  }
  shed(now);
}

MonoTime SipSender::due() const {
  if (!sending()) return MonoTime::max();
  if (digitNow_) return clock_.position();
  if (queued() >= frameSamples()) return clock_.position() - freePlay();
  return clock_.position() + holdOff();
}

uint32_t SipSender::timestampAt(MonoTime now) const {
  const uint32_t rate = params_.codec ? params_.codec->rtpClock : kEventClock;
  const auto ahead = clock_.ahead(now);
  return ahead > SendClock::Duration::zero() ? stream_.timestamp() - unitsIn(ahead, rate)
                                             : stream_.timestamp() + unitsIn(-ahead, rate);
}

// Voice that comes between two packets of noise may go out this early.
SendClock::Duration SipSender::freePlay() const {
  return std::max<Millis>(Millis(20), Millis(params_.ptimeMs));
}

SendClock::Duration SipSender::holdOff() const {
  if (!heard_ || silenceExpected_) return {};
  return frameTime() + kPatience;
}

void SipSender::jumpTo(MonoTime now) {
  stream_.advance(unitsIn(clock_.catchUp(now), params_.codec->rtpClock));
  marker_ = true;
}

bool SipSender::step(MonoTime now) {
  const auto ahead = clock_.ahead(now);
  digitNow_ = digits_.wantsSlot(stream_.timestamp());
  if (digitNow_) {
    clearQueues();
    if (ahead > SendClock::Duration::zero()) return false;
    sendEvent();
    return true;
  }
  if (queued() >= frameSamples() && ahead <= freePlay()) {
    sendVoice();
    return true;
  }
  if (ahead + holdOff() <= SendClock::Duration::zero()) {
    sendMissing();
    return true;
  }
  return false;
}

void SipSender::sendVoice() {
  if (payloads() == 0) return sendFrame(queue_.take(frameSamples()));
  std::array<uint8_t, kMaxRtpOctets> packet;
  const auto payload = payloads_->front();
  std::ranges::copy(payload, packet.begin() + kRtpHeaderOctets);
  payloads_->drop();
  send(packet, payload.size());
  gauge_.level(kSilenceDbov);  // nobody measures it
}

// The rest of a broken-off packet of voice goes out with it. Voice that breaks off goes on as the
// talker's side makes it up, and as noise when that knows nothing more.
void SipSender::sendMissing() {
  std::array<int16_t, kMaxFrameSamples> pcm;
  const std::span<int16_t> frame(pcm.data(), frameSamples());
  const auto rest = queue_.take(std::min(queue_.size(), frame.size()));
  std::ranges::copy(rest, frame.begin());
  const std::span<int16_t> missing = frame.subspan(rest.size());
  const bool brokenOff = heard_ && !silenceExpected_ && concealer_ != nullptr;
  if (brokenOff && concealer_->conceal(missing, sampleRate())) {
    std::ranges::copy(gain_.apply(missing), missing.begin());
  } else {
    noise_.fill(missing, kQuietLineDbov);
    gauge_.comfortNoise.add(1);
    break_ += frameTime();
    if (silenceExpected_ || break_ >= kLongestBreak) heard_ = false;
  }
  sendFrame(frame);
}

void SipSender::sendFrame(std::span<const int16_t> pcm) {
  if (!tones_.sounding()) return sendPcm(pcm);
  std::array<int16_t, kMaxFrameSamples> replaced;
  const std::span<int16_t> frame(replaced.data(), pcm.size());
  std::ranges::copy(pcm, frame.begin());
  tones_.replace(frame, sampleRate());
  sendPcm(frame);
}

void SipSender::sendPcm(std::span<const int16_t> pcm) {
  std::array<uint8_t, kMaxRtpOctets> packet;
  const std::span<uint8_t> payload = std::span(packet).subspan(kRtpHeaderOctets);
  const size_t octets = encoder_->encode(pcm, payload);
  send(packet, octets);
  if (level_.add(pcm, sampleRate())) gauge_.level(level_.dbov());
  if (recording_) recording_->agent({pcm, sampleRate()}, clock_.position());
}

// Without a payload libopus has failed: to the far end the packet is lost.
void SipSender::send(std::span<uint8_t> packet, size_t payloadOctets) {
  writeRtpHeader(stream_.next(params_.payloadType, marker_), packet);
  marker_ = false;
  stream_.advance(unitsIn(frameTime(), params_.codec->rtpClock));
  clock_.advance(frameTime());
  if (payloadOctets == 0) return;
  output_.sendRtp(packet.first(kRtpHeaderOctets + payloadOctets));
  gauge_.packet(payloadOctets);
}

void SipSender::sendEvent() {
  std::array<uint8_t, kRtpHeaderOctets + kEventOctets> packet;
  const DigitSender::Packet event = digits_.takeSlot(stream_.timestamp());
  writeRtpHeader(stream_.nextAt(event.timestamp, *params_.digitPayloadType, event.marker), packet);
  writeTelephoneEvent(event.event, std::span(packet).subspan(kRtpHeaderOctets));
  stream_.advance(unitsIn(kEventInterval, params_.codec->rtpClock));
  clock_.advance(kEventInterval);
  output_.sendRtp(packet);
  gauge_.packet(kEventOctets);
  heard_ = false;
}

void SipSender::clearQueues() {
  queue_.clear();
  if (payloads_) payloads_->clear();
}

void SipSender::dropFrame() {
  if (payloads() > 0)
    payloads_->drop();
  else
    queue_.drop(frameSamples());
  gauge_.dropped.add(1);
}

void SipSender::bound() {
  const size_t most = sampleRate() / 1000U * static_cast<size_t>(kMostQueued.count());
  while (queued() > most) dropFrame();
}

// A queue that was never empty for a whole window protects nothing and only delays: one frame goes.
void SipSender::shed(MonoTime now) {
  leastQueued_ = std::min(leastQueued_, queued());
  if (now < windowEnd_) return;
  if (leastQueued_ >= frameSamples()) dropFrame();
  windowEnd_ = now + kShedWindow;
  leastQueued_ = queued();
}

}  // namespace genesys::media
