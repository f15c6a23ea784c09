// Which encoder setting the browser's network wants, from the loss that its receiver reports tell:
// the cheapest at full quality on a clean path, in-band FEC on a lossy one. A value without I/O;
// time is a parameter.
#pragma once

#include <cstdint>

#include "media/opus.hpp"
#include "util/clock.hpp"

namespace genesys::media {

class EncoderChoice {
 public:
  /// In order of rising loss; one row of the table below.
  enum class Path : uint8_t { Clean, Lossy, Poor };

  /// A receiver report (RFC 3550 section 6.4.1) came; `fractionLost` in 1/256 since the one before
  /// it. A worse path is believed at once, a better one when every report for kTrust was better.
  void reported(uint8_t fractionLost, MonoTime now);

  Path path() const { return path_; }
  /// `sampleRate` 8000 or 16000 Hz.
  const OpusSetting& setting(uint32_t sampleRate) const;

  /// So long a path has to be better than its row before the setting follows: some three of a
  /// browser's reports.
  static constexpr Seconds kTrust{15};

 private:
  Path path_ = Path::Clean;
  MonoTime worseAt_{};  ///< when a report last was not better than the row in use
};

}  // namespace genesys::media
