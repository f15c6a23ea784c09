#include "leg.hpp"

#include <algorithm>
#include <array>

namespace genesys::load {

Counts& Counts::operator+=(const Counts& more) {
  sent += more.sent, received += more.received, lost += more.lost, late += more.late;
  strange += more.strange, forged += more.forged, ssrcChanges += more.ssrcChanges;
  refused += more.refused;
  return *this;
}

// `lost` may shrink when a packet comes late.
Counts Counts::operator-(const Counts& before) const {
  return {sent - before.sent,
          received - before.received,
          lost - std::min(lost, before.lost),
          late - before.late,
          strange - before.strange,
          forged - before.forged,
          ssrcChanges - before.ssrcChanges,
          refused - before.refused};
}

Leg::Leg(UniqueFd socket, const Format& format, const Voice& voice, size_t start, Random& random)
    : socket_(std::move(socket)),
      format_(format),
      voice_(voice),
      next_(start % voice.packets.size()),
      sequence_(static_cast<uint16_t>(random.between(0, 0x7fff))),
      timestamp_(static_cast<uint32_t>(random.next())),
      ssrc_(static_cast<uint32_t>(random.next())) {}

void Leg::listen(bool on) {
  listening_ = on;
  if (on) recording_ = {};
}

void Leg::turn(DatagramBatch& batch, bool speaking) {
  receive(batch);
  if (speaking && remote_) send();
}

void Leg::receive(DatagramBatch& batch) {
  size_t count = DatagramBatch::kMost;
  while (count == DatagramBatch::kMost) {
    count = batch.receive(socket_.get());
    for (size_t i = 0; i < count; ++i) {
      if (!remote_) remote_ = batch.source(i);
      receiveOne(batch.data(i), batch.at(i));
    }
  }
}

void Leg::receiveOne(std::span<uint8_t> datagram, Nanos at) {
  // ICE keep-alives, DTLS alerts (RFC 7983 section 7) and RTCP share the port; none is looked into.
  if (datagram.empty() || datagram[0] < 64 || isRtcp(datagram)) return;
  if (srtp_) datagram = srtp_->unprotect(datagram);
  if (datagram.empty()) {
    ++counts_.forged;
    return;
  }
  const auto packet = readRtp(datagram);
  if (!packet || packet->payloadType != format_.payloadType) {
    ++counts_.strange;
    return;
  }
  if (firstArrival_ == 0) firstArrival_ = at;
  count(*packet);
  if (listening_)
    recording_.arrivals.push_back(
        {at, packet->timestamp, {packet->payload.begin(), packet->payload.end()}});
}

void Leg::count(const RtpPacket& packet) {
  ++counts_.received;
  if (remoteSsrc_ != packet.ssrc) {
    if (remoteSsrc_) ++counts_.ssrcChanges;
    remoteSsrc_ = packet.ssrc;
    expected_ = packet.sequence;
  }
  const auto ahead = static_cast<int16_t>(packet.sequence - expected_);
  if (ahead < 0) {
    ++counts_.late;
    if (counts_.lost > 0) --counts_.lost;
    return;
  }
  counts_.lost += static_cast<uint64_t>(ahead);
  expected_ = static_cast<uint16_t>(packet.sequence + 1);
}

void Leg::send() {
  std::array<uint8_t, 1500> packet;
  const auto index = static_cast<uint32_t>(next_);
  const auto& payload = voice_.packets[next_];
  next_ = (next_ + 1) % voice_.packets.size();
  writeRtp({format_.payloadType, std::exchange(marker_, false), sequence_++, timestamp_, ssrc_, {}},
           packet);
  timestamp_ += format_.unitsPerFrame;
  std::ranges::copy(payload, packet.begin() + kRtpHeader);
  size_t octets = kRtpHeader + payload.size();
  if (srtp_) octets = srtp_->protect(packet, octets);
  const Nanos at = realNow();
  if (octets == 0 || ::sendto(socket_.get(), packet.data(), octets, 0,
                              reinterpret_cast<const sockaddr*>(&*remote_), sizeof *remote_) < 0) {
    ++counts_.refused;
    return;
  }
  ++counts_.sent;
  if (listening_) recording_.departures.push_back({at, index});
}

}  // namespace genesys::load
