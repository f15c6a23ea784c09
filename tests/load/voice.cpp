#include "voice.hpp"

#include <opus/opus.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "util/random.hpp"

namespace genesys::load {
namespace {

constexpr float kQuietDbov = -55;    // a frame below it is a pause
constexpr size_t kLongestPause = 3;  // frames of it that continuous speech keeps
constexpr int kRoomPeak = 12;        // of the noise of a quiet room: some -75 dBov
constexpr float kFullScale = 32768;

float levelOf(std::span<const int16_t> pcm) {
  double sum = 1;  // digital silence has a level, too
  for (const int16_t sample : pcm) sum += double{1} * sample * sample;
  const double rms = std::sqrt(sum / static_cast<double>(std::max<size_t>(pcm.size(), 1)));
  return static_cast<float>(20 * std::log10(rms / kFullScale));
}

// ITU-T G.711, mu-law.
uint8_t encodeMuLaw(int16_t sample) {
  constexpr int kBias = 0x84;
  constexpr int kClip = 32635;
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(std::abs(int{sample}), kClip) + kBias;
  int exponent = 7;
  for (int mask = 0x4000; (magnitude & mask) == 0 && exponent > 0; mask >>= 1) --exponent;
  const int mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return static_cast<uint8_t>(~(sign | exponent << 4 | mantissa));
}

int16_t decodeMuLaw(uint8_t octet) {
  const int code = ~octet;
  const int magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  return static_cast<int16_t>((code & 0x80) != 0 ? -magnitude : magnitude);
}

std::span<const int16_t> frameOf(const Samples& pcm, size_t index) {
  return std::span(pcm).subspan(index * kFrameSamples, kFrameSamples);
}

/// Noise that is the same in each run.
Samples roomNoise(size_t samples) {
  Random random(1);
  Samples noise(samples);
  for (int16_t& sample : noise)
    sample = static_cast<int16_t>(static_cast<int>(random.between(0, 2 * kRoomPeak)) - kRoomPeak);
  return noise;
}

Result<std::vector<std::vector<uint8_t>>> encodeOpus(const Samples& pcm) {
  int error = 0;
  const std::unique_ptr<OpusEncoder, decltype(&opus_encoder_destroy)> encoder(
      opus_encoder_create(8000, 1, OPUS_APPLICATION_VOIP, &error), opus_encoder_destroy);
  if (!encoder) return Failure{std::string("opus: ") + opus_strerror(error)};
  opus_encoder_ctl(encoder.get(), OPUS_SET_COMPLEXITY(9));
  opus_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(24000));
  opus_encoder_ctl(encoder.get(), OPUS_SET_INBAND_FEC(1));
  std::vector<std::vector<uint8_t>> packets;
  for (size_t i = 0; i < pcm.size() / kFrameSamples; ++i) {
    std::array<uint8_t, 1275> packet;
    const int octets = opus_encode(encoder.get(), frameOf(pcm, i).data(), kFrameSamples,
                                   packet.data(), packet.size());
    if (octets < 1) return Failure{std::string("opus: ") + opus_strerror(octets)};
    packets.emplace_back(packet.begin(), packet.begin() + octets);
  }
  return packets;
}

std::vector<std::vector<uint8_t>> encodePcmu(const Samples& pcm) {
  std::vector<std::vector<uint8_t>> packets(pcm.size() / kFrameSamples);
  for (size_t i = 0; i < packets.size(); ++i)
    std::ranges::transform(frameOf(pcm, i), std::back_inserter(packets[i]), encodeMuLaw);
  return packets;
}

}  // namespace

const Format& opusFormat() {
  static const Format kFormat{
      Coding::Opus, 111, 960,
      "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"};
  return kFormat;
}

const Format& pcmuFormat() {
  static const Format kFormat{Coding::Pcmu, 0, 160, "a=rtpmap:0 PCMU/8000\r\n"};
  return kFormat;
}

Result<Samples> readWav(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> octets{std::istreambuf_iterator<char>(file), {}};
  const std::string_view text(octets.data(), octets.size());
  if (!file || !text.starts_with("RIFF")) return Failure{path + ": no WAV file"};
  const size_t data = text.find("data");
  // RIFF header, "fmt " of 16 octets: PCM (1), channels (1), rate (8000 = 0x1f40).
  constexpr std::string_view kFormat("\x01\x00\x01\x00\x40\x1f\x00\x00", 8);
  if (text.substr(20, 8) != kFormat || data == std::string_view::npos || data + 8 > text.size())
    return Failure{path + ": not mono at 8000 Hz"};
  Samples samples((text.size() - data - 8) / 2);
  std::memcpy(samples.data(), text.data() + data + 8, samples.size() * 2);
  if (samples.size() < 50 * kFrameSamples) return Failure{path + ": shorter than a second"};
  return samples;
}

Talk talkContinuously(const Samples& speech) {
  Samples dense;
  size_t quiet = 0;
  for (size_t i = 0; i < speech.size() / kFrameSamples; ++i) {
    const auto frame = frameOf(speech, i);
    quiet = levelOf(frame) < kQuietDbov ? quiet + 1 : 0;
    if (quiet <= kLongestPause) dense.insert(dense.end(), frame.begin(), frame.end());
  }
  return {dense, dense};
}

Talk talkInTurn(const Samples& speech, size_t turnFrames) {
  const Samples dense = talkContinuously(speech).agent;
  const size_t turn = turnFrames * kFrameSamples;
  const Samples noise = roomNoise(turn);
  Talk talk;
  for (size_t at = 0; at + turn <= std::max(dense.size(), turn); at += turn) {
    const size_t length = std::min(turn, dense.size() - at);
    const auto begin = dense.begin() + static_cast<std::ptrdiff_t>(at);
    for (Samples* talker : {&talk.agent, &talk.customer}) {
      Samples& listener = talker == &talk.agent ? talk.customer : talk.agent;
      talker->insert(talker->end(), begin, begin + static_cast<std::ptrdiff_t>(length));
      listener.insert(listener.end(), noise.begin(),
                      noise.begin() + static_cast<std::ptrdiff_t>(length));
    }
  }
  return talk;
}

Result<Voice> code(const Samples& pcm, Coding coding) {
  Voice voice;
  if (coding == Coding::Opus) {
    auto packets = encodeOpus(pcm);
    if (!packets) return Failure{packets.error()};
    voice.packets = std::move(packets).value();
  } else {
    voice.packets = encodePcmu(pcm);
  }
  LevelDecoder decoder(coding);
  for (const auto& packet : voice.packets) voice.levels.push_back(decoder.level(packet));
  return voice;
}

LevelDecoder::LevelDecoder(Coding coding) : coding_(coding) {
  if (coding == Coding::Opus) opus_ = opus_decoder_create(8000, 1, nullptr);
}

LevelDecoder::~LevelDecoder() {
  if (opus_ != nullptr) opus_decoder_destroy(opus_);
}

float LevelDecoder::level(std::span<const uint8_t> payload) {
  constexpr float kMalformed = -127;
  std::array<int16_t, 960> pcm;  // 120 ms, the longest Opus packet
  size_t samples = 0;
  if (coding_ == Coding::Opus) {
    const int decoded = opus_ == nullptr
                            ? -1
                            : opus_decode(opus_, payload.data(), static_cast<int>(payload.size()),
                                          pcm.data(), pcm.size(), 0);
    if (decoded < 1) return kMalformed;
    samples = static_cast<size_t>(decoded);
  } else {
    if (payload.empty() || payload.size() > pcm.size()) return kMalformed;
    samples = payload.size();
    std::ranges::transform(payload, pcm.begin(), decodeMuLaw);
  }
  return levelOf(std::span(pcm).first(samples));
}

}  // namespace genesys::load
