#include "media/recorder.hpp"

#include <vector>

#include "media/codec.hpp"

namespace genesys::sim {

Result<Recorder> Recorder::create(const std::string& path) {
  auto writer = WavWriter::create(path);
  if (!writer) return Failure{writer.error()};
  return Recorder(std::move(writer).value(), path);
}

void Recorder::write(std::span<const int16_t> samples, uint32_t timestamp, uint32_t ssrc) {
  constexpr int32_t kLongestGap = 2 * kSampleRate;
  if (expected_ && ssrc == ssrc_) {
    const auto gap = static_cast<int32_t>(timestamp - *expected_);
    if (gap < 0 && gap > -kLongestGap) return;  // late or twice
    if (gap > 0 && gap <= kLongestGap)
      writer_.write(std::vector<int16_t>(static_cast<size_t>(gap)));
  }
  writer_.write(samples);
  ssrc_ = ssrc;
  expected_ = timestamp + static_cast<uint32_t>(samples.size());
}

double Recorder::seconds() const {
  return static_cast<double>(writer_.samples()) / kSampleRate;
}

}  // namespace genesys::sim
