#include "talker.hpp"

#include <array>
#include <functional>
#include <stdexcept>

#include "media/rtp_packet.hpp"
#include "media/voice_coder.hpp"

namespace genesys::quality {
namespace {

constexpr uint32_t kOpusClock = 48000;  // Hz (RFC 7587 section 4.1)
constexpr unsigned kFramesPerSecond = 50;

using Encode = std::function<size_t(std::span<const int16_t> pcm, std::span<uint8_t> payload)>;

struct Stream {
  uint32_t sampleRate;
  uint32_t rtpClock;
  uint8_t payloadType;
};

TimedPackets talk(std::span<const int16_t> pcm, const Stream& stream, const TalkerClock& clock,
                  const Encode& encode) {
  const size_t frame = stream.sampleRate / kFramesPerSecond;
  TimedPackets sent;
  uint16_t sequence = 0;
  bool marker = true;
  for (size_t i = 0; (i + 1) * frame <= pcm.size(); ++i) {
    std::array<uint8_t, media::kMaxRtpOctets> packet;
    const size_t octets =
        encode(pcm.subspan(i * frame, frame), std::span(packet).subspan(media::kRtpHeaderOctets));
    if (octets == 0) {
      marker = true;
      continue;
    }
    const auto timestamp = static_cast<uint32_t>(i * (stream.rtpClock / kFramesPerSecond));
    media::writeRtpHeader({marker, stream.payloadType, sequence++, timestamp, 0x7a11ce5}, packet);
    marker = false;
    const auto end = packet.begin() + static_cast<ptrdiff_t>(media::kRtpHeaderOctets + octets);
    sent.push_back({clock.at(i), {packet.begin(), end}});
  }
  return sent;
}

}  // namespace

MonoTime TalkerClock::at(size_t i) const {
  using Exact = std::chrono::duration<double>;
  const Exact since(static_cast<double>(i + 1) / kFramesPerSecond / (1 + ppm * 1e-6));
  return start + std::chrono::duration_cast<MonoClock::duration>(since);
}

TimedPackets talkFromBrowser(std::span<const int16_t> pcm, const BrowserEncoding& encoding,
                             const TalkerClock& clock, uint8_t payloadType) {
  BrowserEncoder encoder(encoding);
  return talk(pcm, {encoding.captureRate, kOpusClock, payloadType}, clock,
              [&](auto frame, auto payload) { return encoder.encode(frame, payload); });
}

TimedPackets talkFromPhone(std::span<const int16_t> pcm, const media::Codec& codec,
                           const TalkerClock& clock) {
  const auto encoder = media::makeVoiceEncoder(codec);
  if (!encoder) throw std::runtime_error("this codec has no encoder");
  return talk(pcm, {codec.sampleRate, codec.rtpClock, codec.payloadType}, clock,
              [&](auto frame, auto payload) { return encoder->encode(frame, payload); });
}

}  // namespace genesys::quality
