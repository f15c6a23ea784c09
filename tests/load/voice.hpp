// Speech as both sides of a call send it: coded once before the load begins, so that the generator
// spends no CPU on it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "util/result.hpp"

struct OpusDecoder;  // of opus.h

namespace genesys::load {

using Samples = std::vector<int16_t>;  ///< mono, 8000 Hz

inline constexpr size_t kFrameSamples = 160;  ///< 20 ms

enum class Coding { Opus, Pcmu };

/// What is needed of a codec here.
struct Format {
  Coding coding;
  uint8_t payloadType;
  uint32_t unitsPerFrame;  ///< of the RTP clock: 48000 Hz of Opus (RFC 7587 section 4.1), else 8000
  std::string sdp;         ///< lines of a=rtpmap and a=fmtp
};
const Format& opusFormat();
const Format& pcmuFormat();

/// One voice, repeated for ever.
struct Voice {
  std::vector<std::vector<uint8_t>> packets;  ///< RTP payloads of 20 ms each
  std::vector<float> levels;                  ///< of each, dBov, as a receiver decodes it
};

struct Talk {
  Samples agent, customer;
};

/// A WAV file of 16 bits, mono, 8000 Hz.
Result<Samples> readWav(const std::string& path);
/// Both talk all the time: whole frames, without the pauses of the original.
Talk talkContinuously(const Samples& speech);
/// Both talk in turn, `turnFrames` each; who does not talk sends the noise of a quiet room.
Talk talkInTurn(const Samples& speech, size_t turnFrames);

/// Opus as a browser sends it after the gateway's answer: narrow band, 24 kb/s, complexity 9, no
/// DTX.
Result<Voice> code(const Samples& pcm, Coding coding);

/// Decodes packets one after the other and tells their levels, dBov; -127 for one that is
/// malformed.
class LevelDecoder {
 public:
  explicit LevelDecoder(Coding coding);
  ~LevelDecoder();
  LevelDecoder(const LevelDecoder&) = delete;
  LevelDecoder& operator=(const LevelDecoder&) = delete;
  float level(std::span<const uint8_t> payload);

 private:
  Coding coding_;
  ::OpusDecoder* opus_ = nullptr;
};

}  // namespace genesys::load
