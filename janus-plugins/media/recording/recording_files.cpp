#include "media/recording/recording_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace genesys::media {
namespace {

// Samples between two looks at the free space: 5 s.
constexpr uint64_t kCheckInterval = 5 * kRecordingRate;
constexpr std::array<int16_t, RecordedChunk::kMostSamples> kSilence{};

}  // namespace

std::vector<std::string> RecordingPlan::files() const {
  if (format == Format::Wav) return {name + ".wav"};
  if (format == Format::Opus) return {name + ".opus"};
  std::vector<std::string> names;
  if (agent) names.push_back(name + "-user-audio.mjr");
  if (farEnd) names.push_back(name + "-peer-audio.mjr");
  return names;
}

Result<Done> RecordingFiles::make(WallTime now) {
  for (const std::string& name : plan_.files()) {
    const bool agents = plan_.agent && files_.empty();
    if (auto made = makeFile(name, agents ? RecordedSide::Agent : RecordedSide::FarEnd, now); !made)
      return over(fmt::format("{}: {}", name, made.error()), true);
  }
  if (full()) return over("the disk is nearly full", true);
  return Done{};
}

Result<Done> RecordingFiles::makeFile(const std::string& name, RecordedSide side, WallTime now) {
  auto file = OutputFile::create(config_.folder + "/" + name);
  if (!file) return Failure{file.error()};
  const auto make = [&]() -> Result<std::unique_ptr<SoundFile>> {
    switch (plan_.format) {
      case RecordingPlan::Format::Wav:
        return makeWavFile(std::move(file).value());
      case RecordingPlan::Format::Opus:
        return makeOpusFile(std::move(file).value());
      case RecordingPlan::Format::Mjr:
        break;
    }
    return makeMjrFile(std::move(file).value(), side, *plan_.law, now);
  };
  auto made = make();
  if (!made) return Failure{made.error()};
  files_.push_back(std::move(made).value());
  return Done{};
}

Result<Done> RecordingFiles::write(const RecordedChunk& chunk) {
  while (position_ < chunk.at) {
    const auto gap = std::min<uint64_t>(chunk.at - position_, kSilence.size());
    const auto silence = std::span(kSilence).first(static_cast<size_t>(gap));
    if (auto written = append(silence, silence); !written) return written;
  }
  return append(std::span(chunk.agent).first(chunk.samples),
                std::span(chunk.farEnd).first(chunk.samples));
}

Result<Done> RecordingFiles::append(std::span<const int16_t> agent,
                                    std::span<const int16_t> farEnd) {
  const auto longest = static_cast<uint64_t>(config_.longest.count()) * kRecordingRate;
  if (position_ >= longest) return over("it is as long as is allowed", false);
  if (position_ >= checked_ + kCheckInterval) {
    checked_ = position_;
    if (full()) return over("the disk is nearly full", true);
  }
  const auto silence = std::span(kSilence).first(agent.size());
  for (const auto& file : files_)
    if (auto written = file->write(plan_.agent ? agent : silence, plan_.farEnd ? farEnd : silence);
        !written)
      return over(written.error(), true);
  position_ += agent.size();
  return Done{};
}

Result<Done> RecordingFiles::finish() {
  Result<Done> result = Done{};
  for (const auto& file : files_)
    if (auto finished = file->finish(); !finished) result = over(finished.error(), true);
  files_.clear();
  return result;
}

Result<Done> RecordingFiles::over(const std::string& reason, bool fault) {
  failed_ = failed_ || fault;
  return Failure{reason};
}

bool RecordingFiles::full() const {
  return std::ranges::any_of(
      files_, [this](const auto& file) { return file->freeOctets() < config_.leastFree; });
}

}  // namespace genesys::media
