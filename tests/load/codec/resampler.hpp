// Sample rate conversion as the usual gateways do it. Each library is wrapped here and nowhere
// else.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace genesys::bench {

class Resampler {
 public:
  virtual ~Resampler() = default;
  /// Appends what `pcm` becomes; both are interleaved if there are two channels.
  virtual void convert(std::span<const int16_t> pcm, std::vector<int16_t>& out) = 0;
};

/// libspeexdsp, mono. `quality` 0-10.
std::unique_ptr<Resampler> speexResampler(uint32_t from, uint32_t to, int quality);
/// libswresample with its defaults. Channels 1 or 2.
std::unique_ptr<Resampler> swResampler(uint32_t from, int fromChannels, uint32_t to,
                                       int toChannels);

}  // namespace genesys::bench
