// What a listener hears of a stream of RTP: a playout buffer of a fixed length, which follows the
// talker's clock by leaving out or inserting whole packets. A value without I/O.
#pragma once

#include <cstdint>
#include <vector>

#include "frame_decoder.hpp"
#include "rtp_path.hpp"

namespace genesys::quality {

struct Playout {
  uint32_t sampleRate;     ///< Hz, of what the decoder makes
  uint32_t rtpClock;       ///< Hz
  Millis frame{20};        ///< length of a packet
  Millis delay{60};        ///< of the buffer: from the arrival of the first packet to its playing
  Millis slack{20};        ///< more than that above `delay` for a second, and a packet is left out
  double lateShare = 0.2;  ///< of a second's packets too late, and the buffer grows by one packet
};

struct Hearing {
  std::vector<int16_t> pcm;  ///< its first sample is heard at the time given as `start`
  unsigned concealed = 0;    ///< packets that were not there in time
  unsigned late = 0;         ///< packets that came after their time
  unsigned skipped = 0;      ///< packets left out, so that the delay shrinks
  unsigned inserted = 0;     ///< packets made up, so that it grows
};

/// `arrivals` in their order; hears from `start` to `end`, silence before the first packet.
Hearing listen(const TimedPackets& arrivals, const Playout& playout, FrameDecoder& decoder,
               MonoTime start, MonoTime end);

/// All packets decoded in their order, without any playout: what the stream itself holds.
std::vector<int16_t> decodeAll(const TimedPackets& packets, const Playout& playout,
                               FrameDecoder& decoder);

}  // namespace genesys::quality
