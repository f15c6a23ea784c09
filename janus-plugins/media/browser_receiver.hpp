// The receiving half of a browser leg: Opus packets put in order, repaired where some are missing,
// and decoded at the rate that the far leg needs, or passed on if it speaks Opus itself. Lives on
// its leg's worker; time is a parameter.
#pragma once

#include <array>
#include <optional>

#include "media/counters.hpp"
#include "media/level.hpp"
#include "media/opus.hpp"
#include "media/reception.hpp"
#include "media/reorder_window.hpp"
#include "media/voice_sink.hpp"

namespace genesys::media {

class BrowserReceiver : public Concealer {
 public:
  explicit BrowserReceiver(StreamGauge& gauge) : gauge_(gauge) {}

  void setPayloadType(uint8_t payloadType) { payloadType_ = payloadType; }
  /// nullptr: what comes is counted, not decoded.
  void setSink(VoiceSink* sink);

  void received(const RtpPacket& packet, MonoTime now);
  /// Gives up packets that are missing for too long.
  void run(MonoTime now);
  /// When run() has something to do; MonoTime::max() if never.
  MonoTime due() const;

  // Concealer: extrapolates the last packet, for kMostConcealed packets. What turns out to be lost
  // afterwards is not concealed again.
  bool conceal(std::span<int16_t> pcm, uint32_t sampleRate) override;

 private:
  void forget();
  bool prepare(uint32_t sampleRate);
  void take(const ReorderWindow::Item& item, MonoTime now);
  void pass(const ReorderWindow::Item& item, SendClock::Duration length, MonoTime now);
  void decode(const ReorderWindow::Item& item, MonoTime now);
  void repair(const ReorderWindow::Item& next, MonoTime now);
  void deliver(std::span<const int16_t> pcm, MonoTime now);

  StreamGauge& gauge_;
  VoiceSink* sink_ = nullptr;
  uint8_t payloadType_ = 111;
  Reception reception_;
  ReorderWindow window_;
  uint32_t sampleRate_ = 0;
  std::optional<OpusVoiceDecoder> decoder_;  ///< made for sampleRate_ when the first voice comes
  bool stale_ = false;                       ///< packets have passed that decoder_ does not know
  LevelMeter level_;
  QualityMeter quality_{kConcealed};
  MonoTime lastVoice_ = MonoTime::max();  ///< max: the level says silence already
  size_t lastSamples_ = 0;                ///< of the last packet
  bool begun_ = false;                    ///< something of this stream has been decoded
  size_t madeUp_ = 0;  ///< samples since the last packet, on the listener's demand
};

}  // namespace genesys::media
