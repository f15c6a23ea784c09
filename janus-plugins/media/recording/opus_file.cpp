#include <array>

#include "media/opus.hpp"
#include "media/recording/ogg_page.hpp"
#include "media/recording/sound_file.hpp"

namespace genesys::media {
namespace {

constexpr uint32_t kStream = 1;                      // the only one in the file
constexpr size_t kFrame = 160;                       // samples of each side: 20 ms
constexpr uint64_t kUnits = 48000 / kRecordingRate;  // positions count samples at 48 kHz
constexpr int kBitRate = 48000;                      // of both sides
constexpr unsigned kPacketsInPage = 50;              // a second
constexpr size_t kMostPacketOctets = 2 * 1276;

class OpusFile : public SoundFile {
 public:
  OpusFile(OutputFile file, OpusPairEncoder encoder)
      : file_(std::move(file)),
        encoder_(std::move(encoder)),
        skip_(encoder_.lookahead() * kUnits) {}

  Result<Done> begin() {
    page_.add(head());
    if (auto written = closePage(OggPage::kFirst, 0); !written) return written;
    page_.add(tags());
    return closePage(0, 0);
  }

  Result<Done> write(std::span<const int16_t> agent, std::span<const int16_t> farEnd) override {
    for (size_t i = 0; i < agent.size(); ++i) {
      pcm_[filled_++] = agent[i];
      pcm_[filled_++] = farEnd[i];
      if (filled_ < pcm_.size()) continue;
      if (auto encoded = encodeFrame(); !encoded) return encoded;
    }
    samples_ += agent.size();
    return Done{};
  }

  // As many frames more as it takes to get the last sample out of the encoder (section 4.2).
  Result<Done> finish() override {
    const uint64_t end = samples_ * kUnits + skip_;
    while (position_ < end) {
      std::fill(pcm_.begin() + static_cast<ptrdiff_t>(filled_), pcm_.end(), int16_t{0});
      if (auto encoded = encodeFrame(); !encoded) return encoded;
    }
    return closePage(OggPage::kLast, end);
  }

  uint64_t freeOctets() const override { return file_.freeOctets(); }

 private:
  // Section 5.1, channel mapping family 1 with two streams that are mono.
  Octets head() const {
    Octets out;
    putText(out, "OpusHead");
    out.push_back(1);  // version
    out.push_back(2);  // channels
    putLittle(out, skip_, 2);
    putLittle(out, kRecordingRate, 4);
    putLittle(out, 0, 2);  // gain
    for (const uint8_t octet : {1, 2, 0, 0, 1}) out.push_back(octet);
    return out;
  }
  static Octets tags() {
    constexpr std::string_view vendor = "janus-genesys";
    Octets out;
    putText(out, "OpusTags");
    putLittle(out, vendor.size(), 4);
    putText(out, vendor);
    putLittle(out, 0, 4);  // comments
    return out;
  }

  Result<Done> encodeFrame() {
    filled_ = 0;
    std::array<uint8_t, kMostPacketOctets> packet;
    const size_t octets = encoder_.encode(pcm_, packet);
    if (octets == 0) return Failure{std::string("libopus failed")};
    page_.add(std::span(packet).first(octets));  // 50 of them have room, however long
    position_ += kFrame * kUnits;
    if (++packets_ < kPacketsInPage) return Done{};
    return closePage(0, position_);
  }

  Result<Done> closePage(uint8_t flags, uint64_t position) {
    packets_ = 0;
    return file_.write(page_.close(flags, position, kStream, number_++));
  }

  OutputFile file_;
  OpusPairEncoder encoder_;
  const uint64_t skip_;  ///< units before sample 0
  std::array<int16_t, 2 * kFrame> pcm_{};
  size_t filled_ = 0;
  uint64_t samples_ = 0;   ///< put in
  uint64_t position_ = 0;  ///< units that are encoded
  OggPage page_;
  unsigned packets_ = 0;  ///< in it
  uint32_t number_ = 0;
};

}  // namespace

Result<std::unique_ptr<SoundFile>> makeOpusFile(OutputFile file) {
  auto encoder = OpusPairEncoder::create(kRecordingRate, kBitRate);
  if (!encoder) return Failure{std::string("libopus has no memory")};
  auto made = std::make_unique<OpusFile>(std::move(file), std::move(*encoder));
  if (const auto begun = made->begin(); !begun) return Failure{begun.error()};
  return std::unique_ptr<SoundFile>(std::move(made));
}

}  // namespace genesys::media
