// The Opus encoder of a browser's microphone, set as Chromium sets it from our answer's a=fmtp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

struct OpusEncoder;  // of opus.h, which is included in browser_encoder.cpp only

namespace genesys::quality {

struct BrowserEncoding {
  uint32_t captureRate = 48000;     ///< Hz of the PCM that goes in, one of libopus's
  uint32_t maxPlaybackRate = 8000;  ///< Hz; what our answer says
  int bitRate = 24000;              ///< bit/s; what our answer says
  int complexity = 9;               ///< of a desktop machine
  int expectedLoss = 0;             ///< per cent; what the browser believes from our reports
  bool dtx = false;                 ///< in pauses only a packet now and then
};

class BrowserEncoder {
 public:
  explicit BrowserEncoder(const BrowserEncoding& encoding);
  /// One frame of 20 ms; returns the octets, 0 if nothing is to be sent (DTX).
  size_t encode(std::span<const int16_t> pcm, std::span<uint8_t> packet);

 private:
  struct Destroy {
    void operator()(::OpusEncoder* encoder) const;
  };
  std::unique_ptr<::OpusEncoder, Destroy> encoder_;
  bool inPause_ = false;
};

}  // namespace genesys::quality
