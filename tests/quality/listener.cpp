#include "listener.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "media/opus.hpp"
#include "media/rtp_packet.hpp"

namespace genesys::quality {
namespace {

using Payload = std::vector<uint8_t>;

constexpr unsigned kSecond = 1000;  // ms

class PlayoutBuffer {
 public:
  PlayoutBuffer(const Playout& playout, FrameDecoder& decoder, Hearing& hearing)
      : playout_(playout),
        decoder_(decoder),
        hearing_(hearing),
        frameUnits_(unitsIn(playout.frame)),
        ticks_(static_cast<unsigned>(kSecond / playout.frame.count())) {}

  void arrived(const Payload& datagram) {
    const auto packet = media::parseRtp(datagram);
    if (!packet) return;
    const uint32_t timestamp = packet->header.timestamp;
    if (!position_) position_ = last_ = timestamp;
    last_ += static_cast<int32_t>(timestamp - static_cast<uint32_t>(last_));
    if (last_ < *position_ - frameUnits_ / 2) {
      hearing_.late++;
      lateNow_++;
      return;
    }
    waiting_.try_emplace(last_, packet->payload.begin(), packet->payload.end());
  }

  void play() {
    const size_t samples =
        size_t{playout_.sampleRate} * static_cast<size_t>(playout_.frame.count()) / kSecond;
    std::vector<int16_t> pcm(std::max(samples, kMostSamples));
    if (const auto payload = take(*position_)) {
      if (decoder_.decode(*payload, pcm) != samples) std::ranges::fill(pcm, int16_t{0});
    } else {
      hearing_.concealed++;
      const auto next = find(*position_ + frameUnits_);
      decoder_.conceal(next == waiting_.end() ? std::span<const uint8_t>() : next->second,
                       std::span(pcm).first(samples));
    }
    hearing_.pcm.insert(hearing_.pcm.end(), pcm.begin(),
                        pcm.begin() + static_cast<ptrdiff_t>(samples));
    *position_ += frameUnits_;
    adapt();
  }

 private:
  static constexpr size_t kMostSamples = size_t{16} * media::kMaxOpusPacketMs;
  using Waiting = std::map<int64_t, Payload>;

  int64_t unitsIn(Millis time) const { return time.count() * playout_.rtpClock / kSecond; }

  /// The packet whose place is less than half a packet away from `position`.
  Waiting::iterator find(int64_t position) {
    const auto found = waiting_.lower_bound(position - frameUnits_ / 2);
    return found != waiting_.end() && found->first < position + frameUnits_ / 2 ? found
                                                                                : waiting_.end();
  }

  std::optional<Payload> take(int64_t position) {
    const auto found = find(position);
    if (found == waiting_.end()) return std::nullopt;
    Payload payload = std::move(found->second);
    position_ = found->first;  // a talk spurt may begin between two places
    waiting_.erase(waiting_.begin(), std::next(found));
    return payload;
  }

  /// Once a second, by what the second was like.
  void adapt() {
    const int64_t waiting =
        waiting_.empty() ? 0 : waiting_.rbegin()->first + frameUnits_ - *position_;
    least_ = std::min(least_, waiting);
    if (++tick_ < ticks_) return;
    if (least_ > unitsIn(playout_.delay + playout_.slack)) {
      hearing_.skipped++;
      *position_ += frameUnits_;
      waiting_.erase(waiting_.begin(), waiting_.lower_bound(*position_ - frameUnits_ / 2));
    } else if (lateNow_ >= playout_.lateShare * ticks_) {
      hearing_.inserted++;
      *position_ -= frameUnits_;
    }
    tick_ = lateNow_ = 0;
    least_ = INT64_MAX;
  }

  const Playout& playout_;
  FrameDecoder& decoder_;
  Hearing& hearing_;
  const int64_t frameUnits_;
  const unsigned ticks_;             ///< in a second
  Waiting waiting_;                  ///< by extended timestamp
  int64_t last_ = 0;                 ///< extended timestamp of the last arrival
  std::optional<int64_t> position_;  ///< extended timestamp of what is played next
  unsigned tick_ = 0;
  unsigned lateNow_ = 0;
  int64_t least_ = INT64_MAX;  ///< units that waited, in this second
};

}  // namespace

Hearing listen(const TimedPackets& arrivals, const Playout& playout, FrameDecoder& decoder,
               MonoTime start, MonoTime end) {
  Hearing hearing;
  if (arrivals.empty()) return hearing;
  PlayoutBuffer buffer(playout, decoder, hearing);
  const MonoTime first = arrivals.front().at + playout.delay;
  const std::chrono::duration<double> silence = first - start;
  hearing.pcm.resize(static_cast<size_t>(silence.count() * playout.sampleRate));
  auto next = arrivals.begin();
  for (MonoTime now = first; now < end; now += playout.frame) {
    for (; next != arrivals.end() && next->at <= now; ++next) buffer.arrived(next->datagram);
    buffer.play();
  }
  return hearing;
}

std::vector<int16_t> decodeAll(const TimedPackets& packets, const Playout& playout,
                               FrameDecoder& decoder) {
  std::vector<int16_t> all;
  std::vector<int16_t> pcm(size_t{playout.sampleRate} * media::kMaxOpusPacketMs / kSecond);
  for (const TimedPacket& packet : packets) {
    const auto parsed = media::parseRtp(packet.datagram);
    if (!parsed) continue;
    const size_t samples = decoder.decode(parsed->payload, pcm);
    all.insert(all.end(), pcm.begin(), pcm.begin() + static_cast<ptrdiff_t>(samples));
  }
  return all;
}

}  // namespace genesys::quality
