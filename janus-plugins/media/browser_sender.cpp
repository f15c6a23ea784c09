#include "media/browser_sender.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace genesys::media {
namespace {

constexpr uint32_t kOpusClock = 48000;  // Hz, whatever the sample rate (RFC 7587 section 4.1)
// Voice that goes on after so long without a packet has paused, whatever its timestamps say.
constexpr Millis kStandstill{500};
// 60 ms at 16 kHz.
constexpr size_t kMaxFrameSamples = 960;
constexpr SendClock::Duration kFreePlay = Millis(20);

}  // namespace

BrowserSender::BrowserSender(RtpOutput& output, StreamGauge& gauge, Random& random)
    : output_(output), gauge_(gauge), stream_(random), noise_(random.next()) {}

bool BrowserSender::prepare(uint32_t sampleRate) {
  if (encoder_ && sampleRate == sampleRate_) return true;
  if (sampleRate != 8000 && sampleRate != 16000) return false;
  sampleRate_ = sampleRate;
  queue_.clear();
  return makeEncoder();
}

bool BrowserSender::makeEncoder() {
  encoderPath_ = choice_.path();
  encoder_ = OpusVoiceEncoder::create(sampleRate_, choice_.setting(sampleRate_));
  return encoder_.has_value();
}

void BrowserSender::voice(const Pcm& pcm, MonoTime now) {
  if (!prepare(pcm.sampleRate)) return;
  if (paused_ || clock_.ahead(now) < -kStandstill) resume(now);
  const auto offset = clock_.ahead(now) + durationOf(queue_.size(), sampleRate_);
  clock_.follow(offset, durationOf(pcm.samples.size(), sampleRate_), kFreePlay);
  queue_.push(pcm.samples);
  while (queue_.size() >= frameSamples()) sendQueued();
}

// What the far end sent goes on as it is, but for the numbers.
void BrowserSender::packet(std::span<const uint8_t> payload, MonoTime now) {
  if (paused_ || clock_.ahead(now) < -kStandstill) resume(now);
  flush();
  clock_.follow(clock_.ahead(now), frame_, kFreePlay);
  std::array<uint8_t, kMaxRtpOctets> packet;
  if (payload.size() > packet.size() - kRtpHeaderOctets) return;
  std::ranges::copy(payload, packet.begin() + kRtpHeaderOctets);
  send(packet, payload.size(), std::exchange(marker_, false));
  stream_.advance(unitsIn(frame_, kOpusClock));
  clock_.advance(frame_);
  gate_ = {};                  // and nobody listens
  gauge_.level(kSilenceDbov);  // or measures
}

// A talk spurt begins: time that passed without a packet shows in the timestamp alone.
void BrowserSender::resume(MonoTime now) {
  if (!clock_.started()) clock_.start(now);
  stream_.advance(unitsIn(clock_.catchUp(now), kOpusClock));
  paused_ = noisy_ = false;
  marker_ = true;
}

// Whole frames are left out, numbers and all; what is lost inside a frame becomes silence.
void BrowserSender::lost(SendClock::Duration missing, MonoTime) {
  if (paused_) return;
  size_t samples = unitsIn(missing, sampleRate_);
  if (queue_.size() > 0) {
    const size_t head = std::min(samples, frameSamples() - queue_.size());
    pad(head);
    samples -= head;
    if (queue_.size() >= frameSamples()) sendQueued();
  }
  const auto frames = static_cast<uint16_t>(samples / frameSamples());
  stream_.skip(frames);
  stream_.advance(unitsIn(frames * frame_, kOpusClock));
  clock_.advance(frames * frame_);
  pad(samples % frameSamples());
}

void BrowserSender::pause(MonoTime) {
  flush();
  gauge_.level(kSilenceDbov);
  paused_ = true;
  noisy_ = false;
}

void BrowserSender::noise(int dbov, MonoTime now) {
  if (!prepare(sampleRate_)) return;
  if (!clock_.started()) clock_.start(now);
  flush();
  if (!noisy_) {
    stream_.advance(unitsIn(clock_.catchUp(now), kOpusClock));
    marker_ = marker_ || paused_;
  }
  paused_ = noisy_ = true;
  noiseDbov_ = dbov;
  noiseEnd_ = now + kLongestNoise;
  run(now);
}

void BrowserSender::run(MonoTime now) {
  if (!noisy_) return;
  if (clock_.ahead(now) < -kStandstill) stream_.advance(unitsIn(clock_.catchUp(now), kOpusClock));
  while (noisy_ && clock_.ahead(now) <= SendClock::Duration::zero()) {
    sendNoise();
    if (clock_.position() >= noiseEnd_) noisy_ = false;
  }
}

MonoTime BrowserSender::due() const {
  return noisy_ ? clock_.position() : MonoTime::max();
}

void BrowserSender::pad(size_t samples) {
  std::array<int16_t, kMaxFrameSamples> pcm;
  const std::span<int16_t> silence(pcm.data(), std::min(samples, pcm.size()));
  noise_.fill(silence, kQuietLineDbov);
  queue_.push(silence);
}

void BrowserSender::flush() {
  if (queue_.size() == 0) return;
  pad(frameSamples() - queue_.size());
  sendQueued();
}

void BrowserSender::sendQueued() {
  const auto frame = queue_.take(frameSamples());
  sendFrame(frame, gate_.judge(frame, frame_));
}

void BrowserSender::sendNoise() {
  std::array<int16_t, kMaxFrameSamples> pcm;
  const std::span<int16_t> frame(pcm.data(), frameSamples());
  noise_.fill(frame, noiseDbov_);
  gauge_.comfortNoise.add(1);
  sendFrame(frame, gate_.noise(frame_));
}

void BrowserSender::sendFrame(std::span<const int16_t> pcm, SilenceGate::Verdict verdict) {
  using Verdict = SilenceGate::Verdict;
  if (verdict == Verdict::Voice) {
    sendVoice(pcm, marker_);
    marker_ = false;
  } else if (verdict == Verdict::Update) {
    sendVoice(pcm, false);
  } else {
    if (verdict == Verdict::Close) sendPause();
    gauge_.silent.add(1);
    marker_ = true;
  }
  stream_.advance(unitsIn(frame_, kOpusClock));
  clock_.advance(frame_);
  if (level_.add(pcm, sampleRate_)) gauge_.level(level_.dbov());
}

void BrowserSender::sendVoice(std::span<const int16_t> pcm, bool marker) {
  std::array<uint8_t, kMaxRtpOctets> packet;
  const bool ready = choice_.path() == encoderPath_ || makeEncoder();
  const size_t octets =
      ready ? encoder_->encode(pcm, std::span(packet).subspan(kRtpHeaderOctets)) : 0;
  send(packet, octets, marker);
}

void BrowserSender::sendPause() {
  std::array<uint8_t, kRtpHeaderOctets + 1> packet;
  packet.back() = opusPause(frame_);
  send(packet, 1, false);
}

// The number is used up even if libopus failed: to the browser the frame is lost.
void BrowserSender::send(std::span<uint8_t> packet, size_t payloadOctets, bool marker) {
  writeRtpHeader(stream_.next(payloadType_, marker), packet);
  if (payloadOctets == 0) return;
  output_.sendRtp(packet.first(kRtpHeaderOctets + payloadOctets));
  gauge_.packet(payloadOctets);
}

}  // namespace genesys::media
