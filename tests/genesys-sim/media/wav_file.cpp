#include "media/wav_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "media/codec.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxFile = 44 + 2UL * kSampleRate * 600;  // octets: 10 minutes
constexpr uint32_t kMaxRecording = kSampleRate * 3600U;    // samples: 1 hour

uint32_t little(const std::vector<uint8_t>& bytes, size_t at, int octets) {
  uint32_t value = 0;
  for (int i = octets; i-- > 0;) value = value << 8 | bytes[at + static_cast<size_t>(i)];
  return value;
}

void put(std::string& out, uint32_t value, int octets) {
  for (int i = 0; i < octets; ++i) out += static_cast<char>(value >> (8 * i));
}

std::vector<int16_t> samplesOf(const std::vector<uint8_t>& bytes, size_t at, size_t octets) {
  std::vector<int16_t> samples(octets / 2);
  for (size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<int16_t>(little(bytes, at + 2 * i, 2));
  return samples;
}

}  // namespace

Result<std::vector<int16_t>> readWav(const std::string& path) {
  const FilePtr file(std::fopen(path.c_str(), "rb"));
  if (!file) return Failure{fmt::format("{}: {}", path, std::strerror(errno))};
  std::vector<uint8_t> bytes(kMaxFile);
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  if (bytes.size() < 12 || std::memcmp(bytes.data(), "RIFF", 4) != 0 ||
      std::memcmp(bytes.data() + 8, "WAVE", 4) != 0)
    return Failure{path + ": not a WAV file"};
  bool format = false;
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = std::min<size_t>(little(bytes, at + 4, 4), bytes.size() - at - 8);
    const size_t body = at + 8;
    if (std::memcmp(&bytes[at], "fmt ", 4) == 0 && length >= 16)
      format = little(bytes, body, 2) == 1 && little(bytes, body + 2, 2) == 1 &&
               little(bytes, body + 4, 4) == kSampleRate && little(bytes, body + 14, 2) == 16;
    if (std::memcmp(&bytes[at], "data", 4) == 0) {
      if (!format || length < 2) break;
      return samplesOf(bytes, body, length);
    }
    at = body + length + length % 2;
  }
  return Failure{path +
                 ": not 16-bit PCM, 8000 Hz, mono with sound in it (sox IN.wav -r 8000 -c 1 "
                 "-b 16 OUT.wav makes it so)"};
}

Result<WavWriter> WavWriter::create(const std::string& path) {
  FilePtr file(std::fopen(path.c_str(), "wb"));
  if (!file) return Failure{fmt::format("{}: {}", path, std::strerror(errno))};
  WavWriter writer(std::move(file));
  writer.updateHeader();
  return writer;
}

WavWriter::~WavWriter() {
  if (file_) updateHeader();
}

void WavWriter::write(std::span<const int16_t> samples) {
  if (samples_ + samples.size() > kMaxRecording) return;
  std::string octets;
  for (const int16_t sample : samples) put(octets, static_cast<uint16_t>(sample), 2);
  std::fwrite(octets.data(), 1, octets.size(), file_.get());
  samples_ += static_cast<uint32_t>(samples.size());
  if (samples_ - headerSamples_ >= kSampleRate) updateHeader();
}

void WavWriter::updateHeader() {
  headerSamples_ = samples_;
  const uint32_t octets = samples_ * 2;
  std::string header = "RIFF";
  put(header, 36 + octets, 4);
  header += "WAVEfmt ";
  put(header, 16, 4);
  put(header, 1, 2);  // PCM
  put(header, 1, 2);  // mono
  put(header, kSampleRate, 4);
  put(header, kSampleRate * 2, 4);
  put(header, 2, 2);
  put(header, 16, 2);
  header += "data";
  put(header, octets, 4);
  std::rewind(file_.get());
  std::fwrite(header.data(), 1, header.size(), file_.get());
  std::fseek(file_.get(), 0, SEEK_END);
  std::fflush(file_.get());
}

}  // namespace genesys::sim
