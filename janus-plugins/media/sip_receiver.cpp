#include "media/sip_receiver.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "media/comfort_noise.hpp"

namespace genesys::media {
namespace {

// Samples of the longest packet, with a codec that has two per octet (G.722).
constexpr size_t kMaxPacketSamples = 2 * kMaxRtpOctets;
// Without voice for so long, the level reads silence.
constexpr Millis kLevelAge{300};
// A key may be held down across a loss of so long; a longer one may hide a pause.
constexpr Millis kLossInKey{40};

}  // namespace

void SipReceiver::configure(std::vector<SipLegParams::Format> formats,
                            std::optional<uint8_t> digits, bool tones, uint32_t digitClock) {
  formats_ = std::move(formats);
  digits_.setClock(digitClock);
  digitPayloadType_ = digits;
  tonesWanted_ = tones;
  if (!tones) tones_.reset();
}

// What was negotiated, else what the number means by itself: some far ends change to the other
// G.711 law without a word.
const Codec* SipReceiver::codecOf(uint8_t payloadType) const {
  for (const auto& format : formats_)
    if (format.payloadType == payloadType) return format.codec;
  return findStaticCodec(payloadType);
}

SipReceiver::Decoder& SipReceiver::decoderOf(const Codec& codec) {
  for (Decoder& known : decoders_)
    if (known.codec == &codec) return known;
  return decoders_.emplace_back(Decoder{&codec, makeVoiceDecoder(codec)});
}

SipReceiver::Heard SipReceiver::received(const RtpPacket& packet, MonoTime now) {
  const RtpHeader& header = packet.header;
  Heard heard;
  if (digitPayloadType_ == header.payloadType)
    heard = event(packet, now);
  else if (const Codec* codec = codecOf(header.payloadType))
    heard = voice(*codec, packet, now);
  else if (header.payloadType == kComfortNoisePayloadType)
    heard = comfortNoise(packet, now);
  if (heard.good) {
    gauge_.packet(packet.payload.size());
  } else {
    gauge_.ignored.add(1);
    // Its number is not missing for that.
    if (reception_.started() && reception_.ssrc() == header.ssrc)
      reception_.arrived(header, 0, now);
  }
  gauge_.lost.set(reception_.lost());
  gauge_.measure(quality_, delay_, now);
  return heard;
}

SipReceiver::Heard SipReceiver::event(const RtpPacket& packet, MonoTime now) {
  const auto event = parseTelephoneEvent(packet.payload);
  if (!event || !digitOfEvent(event->event)) return {};
  reception_.arrived(packet.header, 0, now);
  Heard heard{.good = true};
  if (const auto key = digits_.received(*event, packet.header.ssrc, packet.header.timestamp, now))
    heard.keys.push_back(*key);
  // The digit's place in the audio is quiet.
  if (sink_ != nullptr && digits_.pressed()) sink_->noise(kQuietLineDbov, now);
  return heard;
}

SipReceiver::Heard SipReceiver::comfortNoise(const RtpPacket& packet, MonoTime now) {
  const auto arrival = reception_.arrived(packet.header, 0, now);
  if (arrival.order == Reception::Order::Late) {
    gauge_.late.add(1);
    return {.good = true};
  }
  gauge_.comfortNoise.add(1);
  if (sink_ != nullptr) sink_->noise(comfortNoiseLevel(packet.payload), now);
  Heard heard{.good = true};
  endTones(heard);
  return heard;
}

SipReceiver::Heard SipReceiver::voice(const Codec& codec, const RtpPacket& packet, MonoTime now) {
  Decoder& decoder = decoderOf(codec);
  const size_t samples = decoder.decoder ? decoder.decoder->samplesIn(packet.payload) : 0;
  if (samples == 0 || samples > kMaxPacketSamples) return {};
  Heard heard{.voice = &codec, .good = true};
  const auto arrival = reception_.arrived(packet.header, codec.rtpClock, now);
  gauge_.jitterMs.set(reception_.jitterMs());
  if (arrival.order == Reception::Order::Late) {
    gauge_.late.add(1);
    return heard;
  }
  place(arrival, packet.header, codec, heard, now);
  lastUnits_ = static_cast<uint32_t>(uint64_t{samples} * codec.rtpClock / codec.sampleRate);
  expectedTimestamp_ = packet.header.timestamp + lastUnits_;
  if (!pass(decoder, packet.payload, samples, now)) decode(decoder, packet.payload, heard, now);
  return heard;
}

// Where both legs speak one codec and nobody here needs PCM.
bool SipReceiver::pass(Decoder& decoder, std::span<const uint8_t> payload, size_t samples,
                       MonoTime now) {
  if (sink_ == nullptr || recording_ != nullptr || tonesWanted_ || digits_.pressed() || muted_ ||
      !gain_.neutral())
    return false;
  if (!sink_->passes(*decoder.codec, durationOf(samples, decoder.codec->sampleRate))) return false;
  decoder.stale = true;
  sink_->packet(payload, now);
  return true;
}

void SipReceiver::decode(Decoder& decoder, std::span<const uint8_t> payload, Heard& heard,
                         MonoTime now) {
  if (std::exchange(decoder.stale, false)) decoder.decoder->reset();
  const uint32_t sampleRate = decoder.codec->sampleRate;
  std::array<int16_t, kMaxPacketSamples> pcm;
  const std::span<const int16_t> decoded(pcm.data(), decoder.decoder->decode(payload, pcm));
  if (decoded.empty()) return;
  if (level_.add(decoded, sampleRate)) gauge_.level(level_.dbov());
  lastVoice_ = now;
  findTones(decoded, sampleRate, heard);
  deliver(gain_.apply(decoded), sampleRate, now);
}

// What the listener does not hear is not recorded either. Tones that some far ends send along with
// a digit's events are cut out.
void SipReceiver::deliver(std::span<const int16_t> pcm, uint32_t sampleRate, MonoTime now) {
  const bool cut = muted_ || digits_.pressed();
  if (recording_ != nullptr && cut) recording_->farEndLost(durationOf(pcm.size(), sampleRate), now);
  if (recording_ != nullptr && !cut) recording_->farEnd({pcm, sampleRate}, now);
  if (sink_ == nullptr) return;
  if (cut)
    sink_->noise(kQuietLineDbov, now);
  else
    sink_->voice({pcm, sampleRate}, now);
}

void SipReceiver::setLevel(const SideLevel& level, MonoTime now) {
  gain_.set(level.gainDb);
  muted_ = level.muted;
  if (muted_ && sink_ != nullptr) sink_->pause(now);
}

// Loss is a gap in numbers and timestamps alike. Any other jump of the timestamp, a new SSRC or a
// wild jump of the number is a pause: what happens at the far end in between is not heard.
void SipReceiver::place(const Reception::Arrival& arrival, const RtpHeader& header,
                        const Codec& codec, Heard& heard, MonoTime now) {
  const uint32_t jump = header.timestamp - expectedTimestamp_;
  const bool start = arrival.order == Reception::Order::Start;
  if (!start && jump == arrival.missing * lastUnits_) {
    if (jump > 0) missing(durationOf(jump, codec.rtpClock), heard, now);
  } else {
    pause(heard, now);
  }
}

void SipReceiver::missing(SendClock::Duration time, Heard& heard, MonoTime now) {
  if (sink_ != nullptr) sink_->lost(time, now);
  if (recording_ != nullptr) recording_->farEndLost(time, now);
  if (time > kLossInKey)
    endTones(heard);
  else if (tones_)
    tones_->lost(unitsIn(time, tones_->sampleRate()));
}

void SipReceiver::pause(Heard& heard, MonoTime now) {
  if (sink_ != nullptr) sink_->pause(now);
  if (recording_ != nullptr) recording_->farEndMoved();
  endTones(heard);
}

void SipReceiver::findTones(std::span<const int16_t> pcm, uint32_t sampleRate, Heard& heard) {
  if (!tonesWanted_) return;
  if (!tones_ || tones_->sampleRate() != sampleRate) tones_.emplace(sampleRate);
  tones_->add(pcm, heard.keys);
}

void SipReceiver::endTones(Heard& heard) {
  if (!tones_) return;
  if (const auto key = tones_->finish()) heard.keys.push_back(*key);
}

std::optional<DigitReceiver::Key> SipReceiver::run(MonoTime now) {
  if (lastVoice_ != MonoTime::max() && now >= lastVoice_ + kLevelAge) {
    lastVoice_ = MonoTime::max();
    gauge_.level(kSilenceDbov);
    if (tones_)
      if (const auto key = tones_->finish()) return key;
  }
  return digits_.expire(now);
}

MonoTime SipReceiver::due() const {
  const MonoTime stale = lastVoice_ == MonoTime::max() ? MonoTime::max() : lastVoice_ + kLevelAge;
  return std::min(stale, digits_.due());
}

}  // namespace genesys::media
