#include <fmt/format.h>

#include "media/g711.hpp"
#include "media/recording/octets.hpp"
#include "media/recording/sound_file.hpp"
#include "media/rtp_packet.hpp"
#include "util/text.hpp"

namespace genesys::media {
namespace {

// One of ours: whoever reads the file takes the first that comes and drops all others.
constexpr uint32_t kSsrc = 1;
constexpr size_t kPacketSamples = 160;

class MjrFile : public SoundFile {
 public:
  MjrFile(OutputFile file, RecordedSide side, const Codec& law)
      : file_(std::move(file)), side_(side), codec_(law) {}

  // "MJR00002" and the length of a JSON text, then the text: kind, codec, when the recording was
  // made and when its first packet was written (microseconds since 1970).
  Result<Done> begin(WallTime began) {
    using std::chrono::duration_cast;
    const auto micros = duration_cast<std::chrono::microseconds>(began.time_since_epoch()).count();
    std::string name(codec_.name);
    for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
    const std::string info = fmt::format(R"({{"t":"a","c":"{0}","s":{1},"u":{1}}})", name, micros);
    Octets out;
    putText(out, "MJR00002");
    putBig(out, info.size(), 2);
    putText(out, info);
    return file_.write(out);
  }

  Result<Done> write(std::span<const int16_t> agent, std::span<const int16_t> farEnd) override {
    const auto voice = side_ == RecordedSide::Agent ? agent : farEnd;
    pcm_.insert(pcm_.end(), voice.begin(), voice.end());
    octets_.clear();
    size_t done = 0;
    for (; pcm_.size() - done >= kPacketSamples; done += kPacketSamples)
      addPacket(std::span(pcm_).subspan(done, kPacketSamples));
    pcm_.erase(pcm_.begin(), pcm_.begin() + static_cast<ptrdiff_t>(done));
    return file_.write(octets_);
  }

  Result<Done> finish() override {
    if (pcm_.empty()) return Done{};
    pcm_.resize(kPacketSamples);
    return write({}, {});
  }

  uint64_t freeOctets() const override { return file_.freeOctets(); }

 private:
  // "MEET", milliseconds since the first packet, length, then the RTP packet.
  void addPacket(std::span<const int16_t> pcm) {
    putText(octets_, "MEET");
    putBig(octets_, timestamp_ / (kRecordingRate / 1000), 4);
    putBig(octets_, kRtpHeaderOctets + pcm.size(), 2);
    const size_t at = octets_.size();
    octets_.resize(at + kRtpHeaderOctets + pcm.size());
    const std::span<uint8_t> packet = std::span(octets_).subspan(at);
    writeRtpHeader({timestamp_ == 0, codec_.payloadType, sequence_++,
                    static_cast<uint32_t>(timestamp_), kSsrc},
                   packet);
    encodeG711(&codec_ == &pcma() ? aLaw() : muLaw(), pcm, packet.subspan(kRtpHeaderOctets));
    timestamp_ += pcm.size();
  }

  OutputFile file_;
  const RecordedSide side_;
  const Codec& codec_;
  std::vector<int16_t> pcm_;  ///< less than a packet
  Octets octets_;
  uint16_t sequence_ = 1;
  uint64_t timestamp_ = 0;  ///< samples so far
};

}  // namespace

Result<std::unique_ptr<SoundFile>> makeMjrFile(OutputFile file, RecordedSide side, const Codec& law,
                                               WallTime began) {
  auto made = std::make_unique<MjrFile>(std::move(file), side, law);
  if (const auto begun = made->begin(began); !begun) return Failure{begun.error()};
  return std::unique_ptr<SoundFile>(std::move(made));
}

}  // namespace genesys::media
