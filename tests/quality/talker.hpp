// Speech as RTP of 20 ms a packet, as a browser or a phone sends it. Time is a parameter.
#pragma once

#include <span>

#include "browser_encoder.hpp"
#include "media/codec.hpp"
#include "rtp_path.hpp"

namespace genesys::quality {

/// The talker begins at `start`; a packet leaves when its last sample has been spoken. The clock of
/// the sound card runs `ppm` parts in a million fast.
struct TalkerClock {
  MonoTime start{};
  double ppm = 0;
  /// When packet `i` leaves.
  MonoTime at(size_t i) const;
};

/// `pcm` at encoding.captureRate.
TimedPackets talkFromBrowser(std::span<const int16_t> pcm, const BrowserEncoding& encoding,
                             const TalkerClock& clock, uint8_t payloadType);
/// `pcm` at codec.sampleRate.
TimedPackets talkFromPhone(std::span<const int16_t> pcm, const media::Codec& codec,
                           const TalkerClock& clock);

}  // namespace genesys::quality
