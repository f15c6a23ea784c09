#include "media/recording/octets.hpp"
#include "media/recording/sound_file.hpp"

namespace genesys::media {
namespace {

constexpr unsigned kChannels = 2;
constexpr unsigned kFrameOctets = kChannels * 2;
constexpr uint64_t kHeaderOctets = 44;
// The header's lengths have 32 bits: 37 hours.
constexpr uint64_t kMostOctets = UINT32_MAX - kHeaderOctets;

class WavFile : public SoundFile {
 public:
  explicit WavFile(OutputFile file) : file_(std::move(file)) {}

  Result<Done> begin() { return file_.write(header()); }

  Result<Done> write(std::span<const int16_t> agent, std::span<const int16_t> farEnd) override {
    octets_.clear();
    for (size_t i = 0; i < agent.size(); ++i) {
      putLittle(octets_, static_cast<uint16_t>(agent[i]), 2);
      putLittle(octets_, static_cast<uint16_t>(farEnd[i]), 2);
    }
    if (file_.size() + octets_.size() > kMostOctets) return Failure{std::string("longest WAV")};
    if (auto written = file_.write(octets_); !written) return written;
    if (file_.size() - told_ < kRecordingRate * kFrameOctets) return Done{};
    return finish();
  }

  Result<Done> finish() override {
    told_ = file_.size();
    return file_.patch(0, header());
  }

  uint64_t freeOctets() const override { return file_.freeOctets(); }

 private:
  Octets header() const {
    const uint64_t data = file_.size() > kHeaderOctets ? file_.size() - kHeaderOctets : 0;
    Octets out;
    putText(out, "RIFF");
    putLittle(out, kHeaderOctets - 8 + data, 4);
    putText(out, "WAVEfmt ");
    putLittle(out, 16, 4);
    putLittle(out, 1, 2);  // PCM
    putLittle(out, kChannels, 2);
    putLittle(out, kRecordingRate, 4);
    putLittle(out, uint64_t{kRecordingRate} * kFrameOctets, 4);
    putLittle(out, kFrameOctets, 2);
    putLittle(out, 16, 2);
    putText(out, "data");
    putLittle(out, data, 4);
    return out;
  }

  OutputFile file_;
  uint64_t told_ = 0;  ///< the size that the header knows of
  Octets octets_;
};

}  // namespace

Result<std::unique_ptr<SoundFile>> makeWavFile(OutputFile file) {
  auto made = std::make_unique<WavFile>(std::move(file));
  if (const auto begun = made->begin(); !begun) return Failure{begun.error()};
  return std::unique_ptr<SoundFile>(std::move(made));
}

}  // namespace genesys::media
