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
    queue_.clear();
  }
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

bool SipSender::queueDigit(char digit, Millis duration) {
  if (params_.digitPayloadType) return digits_.queue(digit, duration);
  return params_.digitsAsTones && tones_.queue(digit, duration);
}

void SipSender::voice(const Pcm& pcm, MonoTime now) {
  lastHeard_ = now;
  if (!sending() || digitNow_ || pcm.sampleRate != sampleRate()) return;
  const auto offset = clock_.ahead(now) + durationOf(queue_.size(), sampleRate());
  clock_.follow(offset, durationOf(pcm.samples.size(), sampleRate()), freePlay());
  queue_.push(pcm.samples);
  heard_ = true;
  break_ = {};
  silenceExpected_ = false;
  run(now);
  bound();
}

SendClock::Duration SipSender::owed(MonoTime now) const {
  if (!sending()) return {};
  const auto behind = -clock_.ahead(now) - durationOf(queue_.size(), sampleRate());
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
  if (queue_.size() >= frameSamples()) return clock_.position() - freePlay();
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
    queue_.clear();
    if (ahead > SendClock::Duration::zero()) return false;
    sendEvent();
    return true;
  }
  if (queue_.size() >= frameSamples() && ahead <= freePlay()) {
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
  sendFrame(queue_.take(frameSamples()));
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
  if (!brokenOff || !concealer_->conceal(missing, sampleRate())) {
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
  writeRtpHeader(stream_.next(params_.payloadType, marker_), packet);
  marker_ = false;
  stream_.advance(unitsIn(frameTime(), params_.codec->rtpClock));
  clock_.advance(frameTime());
  if (octets > 0) {  // else libopus has failed: the packet is lost
    output_.sendRtp(std::span(packet).first(kRtpHeaderOctets + octets));
    gauge_.packet(octets);
  }
  if (level_.add(pcm, sampleRate())) gauge_.level(level_.dbov());
  if (recording_ && sampleRate() == kRecordingRate) recording_->agent(pcm, clock_.position());
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

void SipSender::bound() {
  const size_t most = sampleRate() / 1000U * static_cast<size_t>(kMostQueued.count());
  while (queue_.size() > most) {
    queue_.drop(frameSamples());
    gauge_.dropped.add(1);
  }
}

// A queue that was never empty for a whole window protects nothing and only delays: one frame goes.
void SipSender::shed(MonoTime now) {
  leastQueued_ = std::min(leastQueued_, queue_.size());
  if (now < windowEnd_) return;
  if (leastQueued_ >= frameSamples()) {
    queue_.drop(frameSamples());
    gauge_.dropped.add(1);
  }
  windowEnd_ = now + kShedWindow;
  leastQueued_ = queue_.size();
}

}  // namespace genesys::media
