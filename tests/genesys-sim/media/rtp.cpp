#include "media/rtp.hpp"

#include <cctype>
#include <string_view>

namespace genesys::sim {
namespace {

constexpr size_t kHeader = 12;  // octets
constexpr std::string_view kDigits = "0123456789*#ABCD";

uint16_t get16(std::span<const uint8_t> bytes, size_t at) {
  return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
uint32_t get32(std::span<const uint8_t> bytes, size_t at) {
  return static_cast<uint32_t>(get16(bytes, at)) << 16 | get16(bytes, at + 2);
}
void put16(std::vector<uint8_t>& out, uint16_t value) {
  out.push_back(static_cast<uint8_t>(value >> 8));
  out.push_back(static_cast<uint8_t>(value));
}
void put32(std::vector<uint8_t>& out, uint32_t value) {
  put16(out, static_cast<uint16_t>(value >> 16));
  put16(out, static_cast<uint16_t>(value));
}

}  // namespace

std::optional<RtpPacket> parseRtp(std::span<const uint8_t> bytes) {
  if (bytes.size() < kHeader || bytes.size() > kMaxRtp || bytes[0] >> 6 != 2) return std::nullopt;
  size_t begin = kHeader + 4U * (bytes[0] & 0x0f);
  if (bytes[0] & 0x10) {  // extension
    if (bytes.size() < begin + 4) return std::nullopt;
    begin += 4 + 4U * get16(bytes, begin + 2);
  }
  size_t end = bytes.size();
  if (bytes[0] & 0x20) end -= std::min<size_t>(bytes.back(), end);
  if (begin > end) return std::nullopt;
  return RtpPacket{bytes[1] & 0x7f, (bytes[1] & 0x80) != 0, get16(bytes, 2),
                   get32(bytes, 4), get32(bytes, 8),        bytes.subspan(begin, end - begin)};
}

std::vector<uint8_t> writeRtp(const RtpPacket& packet) {
  std::vector<uint8_t> out;
  out.reserve(kHeader + packet.payload.size());
  out.push_back(0x80);
  out.push_back(static_cast<uint8_t>((packet.marker ? 0x80 : 0) | packet.payloadType));
  put16(out, packet.sequence);
  put32(out, packet.timestamp);
  put32(out, packet.ssrc);
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
  return out;
}

std::optional<TelephoneEvent> parseTelephoneEvent(std::span<const uint8_t> payload) {
  if (payload.size() < 4) return std::nullopt;
  return TelephoneEvent{payload[0], (payload[1] & 0x80) != 0, payload[1] & 0x3f, get16(payload, 2)};
}

std::vector<uint8_t> writeTelephoneEvent(const TelephoneEvent& event) {
  std::vector<uint8_t> out{static_cast<uint8_t>(event.event),
                           static_cast<uint8_t>((event.end ? 0x80 : 0) | event.volume)};
  put16(out, event.duration);
  return out;
}

int eventOfDigit(char digit) {
  const size_t at =
      kDigits.find(static_cast<char>(std::toupper(static_cast<unsigned char>(digit))));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

char digitOfEvent(int event) {
  return event >= 0 && event < 16 ? kDigits[static_cast<size_t>(event)] : '?';
}

void ReceptionStatistics::restart(const RtpPacket& packet) {
  if (started_) ++ssrcChanges;
  started_ = true;
  ssrc = packet.ssrc;
  lastSequence_ = static_cast<uint16_t>(packet.sequence - 1);
  lastTimestamp_ = packet.timestamp;
}

void ReceptionStatistics::count(const RtpPacket& packet) {
  ++packets;
  octets += packet.payload.size();
  if (!started_ || packet.ssrc != ssrc) restart(packet);
  const auto step = static_cast<int16_t>(packet.sequence - lastSequence_);
  if (step <= 0) {
    ++reordered;
    if (lost > 0 && step < 0) --lost;
    return;
  }
  lost += static_cast<uint64_t>(step - 1);
  // Events repeat a timestamp and silence suppression makes long steps, but time never runs back.
  const auto advance = static_cast<int32_t>(packet.timestamp - lastTimestamp_);
  if (advance < 0 || advance > 8000 * 600) ++timestampJumps;
  lastSequence_ = packet.sequence;
  lastTimestamp_ = packet.timestamp;
}

}  // namespace genesys::sim
