#include "media/browser_receiver.hpp"

#include <algorithm>
#include <utility>

namespace genesys::media {
namespace {

constexpr uint32_t kOpusClock = 48000;  // Hz (RFC 7587 section 4.1)
// kMaxOpusPacketMs at 16 kHz.
constexpr size_t kMaxPacketSamples = size_t{16} * kMaxOpusPacketMs;
// Extrapolation says nothing after that many packets.
constexpr size_t kMostConcealed = 5;
// An Opus packet of a TOC octet and at most one more is DTX (RFC 6716 section 3.1, RFC 7587 3.1.3).
constexpr size_t kDtxOctets = 2;
constexpr Millis kLevelAge{300};

}  // namespace

void BrowserReceiver::setSink(VoiceSink* sink) {
  sink_ = sink;
  forget();
}

void BrowserReceiver::forget() {
  window_.reset();
  begun_ = false;
  madeUp_ = 0;
  if (decoder_) decoder_->reset();
}

void BrowserReceiver::received(const RtpPacket& packet, MonoTime now) {
  if (packet.header.payloadType != payloadType_ || packet.payload.empty()) {
    gauge_.ignored.add(1);
    return;
  }
  const auto arrival = reception_.arrived(packet.header, kOpusClock, now);
  gauge_.packet(packet.payload.size());
  gauge_.lost.set(reception_.lost());
  gauge_.jitterMs.set(reception_.jitterMs());
  gauge_.measure(quality_, Millis(0), now);
  if (arrival.order == Reception::Order::Start) forget();
  if (sink_ == nullptr) return;
  if (!window_.insert(packet, now)) gauge_.late.add(1);
  run(now);
}

void BrowserReceiver::run(MonoTime now) {
  if (lastVoice_ != MonoTime::max() && now >= lastVoice_ + kLevelAge) {
    lastVoice_ = MonoTime::max();
    gauge_.level(kSilenceDbov);
  }
  if (sink_ == nullptr) return;
  while (const ReorderWindow::Item* item = window_.next(now)) take(*item, now);
}

MonoTime BrowserReceiver::due() const {
  const MonoTime stale = lastVoice_ == MonoTime::max() ? MonoTime::max() : lastVoice_ + kLevelAge;
  return std::min(stale, window_.due());
}

bool BrowserReceiver::prepare(uint32_t sampleRate) {
  if (decoder_ && sampleRate == sampleRate_) return true;
  decoder_ = OpusVoiceDecoder::create(sampleRate);
  sampleRate_ = sampleRate;
  lastSamples_ = sampleRate / 50;  // until a packet has told better
  return decoder_.has_value();
}

void BrowserReceiver::take(const ReorderWindow::Item& item, MonoTime now) {
  const auto length = durationOf(opusSamplesIn(item.payload(), kOpusClock), kOpusClock);
  if (length > SendClock::Duration::zero() && sink_->passes(opus(), length))
    pass(item, length, now);
  else
    decode(item, now);
}

// The far end repairs what is missing: it has the same FEC and a decoder that has heard the rest.
void BrowserReceiver::pass(const ReorderWindow::Item& item, SendClock::Duration length,
                           MonoTime now) {
  stale_ = true;
  if (item.missing > 0) sink_->lost(item.missing * length, now);
  sink_->packet(item.payload(), now);
  if (item.octets <= kDtxOctets) sink_->pause(now);
}

void BrowserReceiver::decode(const ReorderWindow::Item& item, MonoTime now) {
  if (!prepare(sink_->sampleRate())) return;
  if (std::exchange(stale_, false)) decoder_->reset();
  if (item.missing > 0) repair(item, now);
  madeUp_ = 0;
  std::array<int16_t, kMaxPacketSamples> pcm;
  const size_t samples = decoder_->decode(item.payload(), pcm);
  if (samples == 0) {
    gauge_.ignored.add(1);
    return;
  }
  begun_ = true;
  lastSamples_ = samples;
  deliver({pcm.data(), samples}, now);
  if (item.octets <= kDtxOctets) sink_->pause(now);
}

bool BrowserReceiver::conceal(std::span<int16_t> pcm, uint32_t sampleRate) {
  if (!begun_ || stale_ || sampleRate != sampleRate_ || madeUp_ >= kMostConcealed * lastSamples_)
    return false;
  if (!decoder_->conceal({}, pcm)) return false;
  madeUp_ += pcm.size();
  gauge_.concealed.add(1);
  return true;
}

// As much as the listener's stream still waits for: what comes too late would only delay the rest.
// The packet right before `next` may be in its FEC.
void BrowserReceiver::repair(const ReorderWindow::Item& next, MonoTime now) {
  const auto packet = durationOf(lastSamples_, sampleRate_);
  const auto room = static_cast<size_t>((sink_->owed(now) + packet / 2) / packet);
  const size_t missing = next.missing - std::min<size_t>(next.missing, madeUp_ / lastSamples_);
  const size_t count = std::min({missing, room, kMostConcealed});
  std::array<int16_t, kMaxPacketSamples> pcm;
  const std::span<int16_t> frame(pcm.data(), lastSamples_);
  for (size_t i = 1; i <= count; ++i) {
    const bool last = i == count;
    if (!decoder_->conceal(last ? next.payload() : std::span<const uint8_t>(), frame)) return;
    gauge_.concealed.add(1);
    deliver(frame, now);
  }
}

void BrowserReceiver::deliver(std::span<const int16_t> pcm, MonoTime now) {
  if (level_.add(pcm, sampleRate_)) gauge_.level(level_.dbov());
  lastVoice_ = now;
  sink_->voice({pcm, sampleRate_}, now);
}

}  // namespace genesys::media
