#include "media/rtcp.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "media/rtp_packet.hpp"

namespace genesys::media {
namespace {

// Packet types of section 12.1.
constexpr uint8_t kSenderReport = 200;
constexpr uint8_t kReceiverReport = 201;
constexpr uint8_t kSourceDescription = 202;
constexpr uint8_t kBye = 203;
constexpr uint8_t kExtendedReport = 207;  // RFC 3611 section 2
constexpr size_t kBlockOctets = 24;
constexpr size_t kMaxCname = 255;

/// Writes packet after packet; each header's length is filled in when the packet is complete.
class Writer {
 public:
  explicit Writer(std::span<uint8_t> out) : out_(out) {}
  void begin(uint8_t type, size_t count) {
    start_ = at_;
    put8(static_cast<uint8_t>(0x80 | count));
    put8(type);
    put16(0);
  }
  void end() {
    while ((at_ - start_) % 4 != 0) put8(0);
    writeUint16(&out_[start_ + 2], static_cast<uint16_t>((at_ - start_) / 4 - 1));
  }
  void put8(uint8_t value) { out_[at_++] = value; }
  void put16(uint16_t value) {
    writeUint16(&out_[at_], value);
    at_ += 2;
  }
  void put32(uint32_t value) {
    writeUint32(&out_[at_], value);
    at_ += 4;
  }
  size_t octets() const { return at_; }

 private:
  std::span<uint8_t> out_;
  size_t at_ = 0;
  size_t start_ = 0;
};

void writeBlock(Writer& writer, const ReportBlock& block) {
  const Reception::Report& reception = block.reception;
  writer.put32(reception.ssrc);
  writer.put32(uint32_t{reception.fractionLost} << 24 |
               (static_cast<uint32_t>(reception.cumulativeLost) & 0xffffff));
  writer.put32(reception.highestSequence);
  writer.put32(reception.jitter);
  writer.put32(block.lastSenderReport);
  writer.put32(block.delaySinceLast);
}

// RFC 3611 section 4.7. No bursts are told apart: the whole call is one gap (section 4.7.2).
void writeMetrics(Writer& writer, uint32_t ssrc, const VoipMetrics& metrics) {
  constexpr uint8_t kUnknown = 127;
  constexpr uint8_t kVoipMetrics = 7;
  constexpr uint16_t kWordsBehind = 8;
  const auto fraction = [](double rate) {
    return static_cast<uint8_t>(std::clamp(rate * 256, 0.0, 255.0));
  };
  const auto mos = [](double value) {
    return value > 0 ? static_cast<uint8_t>(std::lround(value * 10)) : kUnknown;
  };
  const auto millis = [](uint32_t value) {
    return static_cast<uint16_t>(std::min<uint32_t>(value, 65535));
  };
  writer.begin(kExtendedReport, 0);
  writer.put32(ssrc);
  writer.put8(kVoipMetrics);
  writer.put8(0);
  writer.put16(kWordsBehind);
  writer.put32(metrics.ssrc);
  writer.put8(fraction(metrics.lossRate));
  writer.put8(fraction(metrics.discardRate));
  writer.put8(0);  // burst density
  writer.put8(fraction(metrics.lossRate + metrics.discardRate));
  writer.put16(0);  // burst duration
  writer.put16(millis(metrics.durationMs));
  writer.put16(millis(metrics.roundTripMs));
  writer.put16(millis(metrics.jitterBufferMs));  // our part of the end system's delay
  writer.put8(static_cast<uint8_t>(metrics.levelDbov));
  writer.put8(kUnknown);  // noise level
  writer.put8(kUnknown);  // residual echo
  writer.put8(16);        // Gmin, the recommended value
  writer.put8(metrics.rating > 0 ? static_cast<uint8_t>(std::lround(metrics.rating)) : kUnknown);
  writer.put8(kUnknown);  // external R
  writer.put8(mos(metrics.mos));
  writer.put8(mos(metrics.mos));
  writer.put8(0);  // loss concealment and jitter buffer: the browser's own
  writer.put8(0);
  for (int i = 0; i < 3; ++i) writer.put16(millis(metrics.jitterBufferMs));
  writer.end();
}

ReportBlock readBlock(const uint8_t* at) {
  const uint32_t loss = readUint32(at + 4);
  ReportBlock block;
  block.reception = {.ssrc = readUint32(at),
                     .fractionLost = static_cast<uint8_t>(loss >> 24),
                     .cumulativeLost = static_cast<int32_t>(loss << 8) >> 8,  // 24 bits, signed
                     .highestSequence = readUint32(at + 8),
                     .jitter = readUint32(at + 12)};
  block.lastSenderReport = readUint32(at + 16);
  block.delaySinceLast = readUint32(at + 20);
  return block;
}

void readReport(std::span<const uint8_t> packet, std::optional<uint32_t> ourSsrc,
                RtcpSummary& summary) {
  const bool sender = packet[1] == kSenderReport;
  size_t at = sender ? 28 : 8;
  if (packet.size() < at) return;
  if (sender) {
    summary.senderReportOf = readUint32(&packet[4]);
    summary.middleNtp = readUint32(&packet[10]);
  }
  for (unsigned left = packet[0] & 0x1f; left > 0 && at + kBlockOctets <= packet.size(); --left) {
    const ReportBlock block = readBlock(&packet[at]);
    if (!ourSsrc || block.reception.ssrc == *ourSsrc) summary.aboutUs = block;
    at += kBlockOctets;
  }
}

}  // namespace

NtpTime ntpFromUnixMicros(uint64_t micros) {
  constexpr uint64_t kFrom1900To1970 = 2208988800;  // seconds
  const uint64_t fraction = (micros % 1000000 << 32) / 1000000;
  return (micros / 1000000 + kFrom1900To1970) << 32 | fraction;
}

size_t writeRtcp(const RtcpReport& report, std::span<uint8_t> out) {
  assert(out.size() >= kMaxReportOctets);
  Writer writer(out);
  writer.begin(report.sender ? kSenderReport : kReceiverReport, report.block ? 1 : 0);
  writer.put32(report.ssrc);
  if (report.sender) {
    writer.put32(static_cast<uint32_t>(report.sender->ntp >> 32));
    writer.put32(static_cast<uint32_t>(report.sender->ntp));
    writer.put32(report.sender->timestamp);
    writer.put32(report.sender->packets);
    writer.put32(report.sender->octets);
  }
  if (report.block) writeBlock(writer, *report.block);
  writer.end();

  // CNAME is item 1; the chunk ends with at least one null octet (section 6.5).
  const std::string_view cname = report.cname.substr(0, kMaxCname);
  writer.begin(kSourceDescription, 1);
  writer.put32(report.ssrc);
  writer.put8(1);
  writer.put8(static_cast<uint8_t>(cname.size()));
  for (const char c : cname) writer.put8(static_cast<uint8_t>(c));
  writer.put8(0);
  writer.end();

  if (report.metrics) writeMetrics(writer, report.ssrc, *report.metrics);

  if (report.bye) {
    writer.begin(kBye, 1);
    writer.put32(report.ssrc);
    writer.end();
  }
  return writer.octets();
}

std::optional<RtcpSummary> readRtcp(std::span<const uint8_t> datagram,
                                    std::optional<uint32_t> ourSsrc) {
  if (datagram.size() < 8 || datagram[0] >> 6 != 2) return std::nullopt;
  if (datagram[1] < 192 || datagram[1] > 223) return std::nullopt;
  RtcpSummary summary;
  while (datagram.size() >= 4 && datagram[0] >> 6 == 2) {
    const size_t octets = 4 + 4U * readUint16(&datagram[2]);
    if (octets > datagram.size()) break;
    const std::span<const uint8_t> packet = datagram.first(octets);
    if (packet[1] == kSenderReport || packet[1] == kReceiverReport)
      readReport(packet, ourSsrc, summary);
    if (packet[1] == kBye) summary.bye = true;
    datagram = datagram.subspan(octets);
  }
  return summary;
}

}  // namespace genesys::media
