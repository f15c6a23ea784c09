// How loud a piece of sound is and which frequency stands out in it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace genesys::sim {

/// RMS in dB of full scale; a full-scale sine is -3.01. Digital silence and nothing give -96.
double levelDbfs(std::span<const int16_t> samples);

/// The strongest frequency in Hz of 8000 Hz sound, by a Hann-windowed FFT of 8192 points with
/// interpolation (within 1 Hz for a second of a tone). Nothing below -60 dBFS or 40 ms.
std::optional<double> dominantFrequency(std::span<const int16_t> samples);

}  // namespace genesys::sim
