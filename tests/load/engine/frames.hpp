// Speech as the two sides of a call send it, coded before the clock starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace genesys::load {

/// Samples of 20 ms at 8 kHz.
inline constexpr size_t kFrame = 160;

using Frames = std::vector<std::vector<uint8_t>>;

/// Mono 16-bit PCM at 8 kHz, in the machine's order of octets; whole frames. Throws
/// std::runtime_error if the file is not there or shorter than a second.
std::vector<int16_t> readSpeech(const std::string& path);
/// As a browser codes what it was asked for: Opus at 16 kbit/s.
Frames browserFrames(const std::vector<int16_t>& speech);
/// A-law.
Frames farEndFrames(const std::vector<int16_t>& speech);

}  // namespace genesys::load
