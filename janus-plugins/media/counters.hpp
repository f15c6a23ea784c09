// Counters that one worker writes and any thread reads. Each number is right by itself; together
// they are a snapshot taken a moment apart.
#pragma once

#include <atomic>
#include <cstdint>

#include "media/media_engine.hpp"
#include "media/voice_quality.hpp"

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
      srtpFailed, silent, roundTripMs, reportedLoss;
  Counter mosLast, mosWorst, mosMean;  ///< hundredths
  std::atomic<int> levelDbov{-127};

  void packet(size_t payloadOctets) {
    packets.add(1);
    octets.add(payloadOctets);
  }
  /// For a stream that comes in: what has been counted so far, to `meter`. `delay`: see
  /// QualityMeter::Totals.
  void measure(QualityMeter& meter, Millis delay, MonoTime now) {
    const QualityMeter::Totals totals{packets.get(), lost.get(), late.get(), Millis(jitterMs.get()),
                                      delay};
    if (meter.update(totals, now)) quality(*meter.figures());
  }
  void quality(const QualityMeter::Figures& figures) {
    mosLast.set(static_cast<uint64_t>(figures.last * 100 + 0.5));
    mosWorst.set(static_cast<uint64_t>(figures.worst * 100 + 0.5));
    mosMean.set(static_cast<uint64_t>(figures.mean * 100 + 0.5));
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
            .srtpFailed = srtpFailed.get(),
            .quality = {static_cast<double>(mosLast.get()) / 100,
                        static_cast<double>(mosWorst.get()) / 100,
                        static_cast<double>(mosMean.get()) / 100},
            .roundTripMs = static_cast<uint32_t>(roundTripMs.get()),
            .reportedLossPercent = static_cast<double>(reportedLoss.get()) / 2.56,
            .silent = silent.get()};
  }
};

struct LegGauge {
  StreamGauge received;
  StreamGauge sent;
  LegCounters read() const { return {received.read(), sent.read()}; }
};

}  // namespace genesys::media
