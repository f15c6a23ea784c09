// Counters that one worker writes and any thread reads. Each number is right by itself; together
// they are a snapshot taken a moment apart.
#pragma once

#include <atomic>
#include <cstdint>

#include "media/media_engine.hpp"

namespace genesys::media {

/// One writer, so that an increment needs no locked instruction.
class Counter {
 public:
  void add(uint64_t more) { set(get() + more); }
  void set(uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

struct StreamGauge {
  Counter packets, octets, lost, late, ignored, concealed, comfortNoise, jitterMs, dropped,
      srtpFailed;
  std::atomic<int> levelDbov{-127};

  void packet(size_t payloadOctets) {
    packets.add(1);
    octets.add(payloadOctets);
  }
  void level(int dbov) { levelDbov.store(dbov, std::memory_order_relaxed); }

  StreamCounters read() const {
    return {.packets = packets.get(),
            .octets = octets.get(),
            .lost = lost.get(),
            .late = late.get(),
            .ignored = ignored.get(),
            .concealed = concealed.get(),
            .comfortNoise = comfortNoise.get(),
            .jitterMs = static_cast<uint32_t>(jitterMs.get()),
            .levelDbov = levelDbov.load(std::memory_order_relaxed),
            .dropped = dropped.get(),
            .srtpFailed = srtpFailed.get()};
  }
};

struct LegGauge {
  StreamGauge received;
  StreamGauge sent;
  LegCounters read() const { return {received.read(), sent.read()}; }
};

}  // namespace genesys::media
