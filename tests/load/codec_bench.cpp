// CPU of one call's audio per 20 ms and direction, without sockets: the gateway's own path, the
// bare coders for the same, and the settings of other gateways, on the same speech in the same run.
//   codec_bench CODEC/CLOCK LOSS SPEECH_CODEC_RATE SPEECH_48K DIRECTORY [ROUNDS]
// LOSS (0-0.5) is the browser's network, both ways. Prints JSON; DIRECTORY gets what each listener
// hears as raw PCM at the codec's rate: "SYSTEM to browser.pcm" and "SYSTEM to sip.pcm".
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "browser_encoder.hpp"
#include "codec/transcoder.hpp"
#include "cpu_time.hpp"
#include "frame_decoder.hpp"
#include "impaired_link.hpp"
#include "media/opus.hpp"
#include "media/rtp_packet.hpp"
#include "media/voice_coder.hpp"

using namespace genesys;
using namespace genesys::bench;
using genesys::load::cpuMicros;

namespace {

using Pcm = std::vector<int16_t>;

constexpr uint64_t kSeed = 1;
constexpr uint32_t kCaptureRate = 48000;  // Hz

struct Bench {
  Setup setup;
  Pcm voice;    ///< at the codec's rate
  Pcm capture;  ///< the same at kCaptureRate
  std::filesystem::path directory;
  unsigned rounds = 3;
};

struct Figures {
  double toBrowserMicros = 0;  ///< a packet
  double toSipMicros = 0;
  double opusOctets = 0;  ///< a packet, as sent to the browser
};

Pcm readPcm(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path));
  Pcm pcm(static_cast<size_t>(file.tellg()) / sizeof(int16_t));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(pcm.data()),
            static_cast<std::streamsize>(pcm.size() * sizeof(int16_t)));
  return pcm;
}

void writePcm(const std::filesystem::path& path, const Pcm& pcm) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(pcm.data()),
             static_cast<std::streamsize>(pcm.size() * sizeof(int16_t)));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// What the phone sends.
Payloads phoneSends(const Bench& bench) {
  const auto encoder = media::makeVoiceEncoder(*bench.setup.codec);
  const size_t frame = bench.setup.codec->sampleRate / 50;
  Payloads sent;
  for (size_t at = 0; at + frame <= bench.voice.size(); at += frame) {
    std::vector<uint8_t> payload(media::kMaxRtpOctets);
    payload.resize(encoder->encode(std::span(bench.voice).subspan(at, frame), payload));
    sent.add(payload);
  }
  return sent;
}

/// What the browser sends and its network does not lose. `asked`: the answer names the far end's
/// band; else it is Chromium's own full band at 32 kb/s.
Payloads browserSends(const Bench& bench, bool asked) {
  const uint32_t band = asked ? bench.setup.codec->sampleRate : kCaptureRate;
  quality::BrowserEncoder encoder({.captureRate = kCaptureRate,
                                   .maxPlaybackRate = band,
                                   .bitRate = asked ? 24000 : 32000,
                                   .expectedLoss = static_cast<int>(bench.setup.loss * 100)});
  quality::ImpairedLink link({.loss = bench.setup.loss}, kSeed);
  const size_t frame = kCaptureRate / 50;
  Payloads arrived;
  for (size_t at = 0; at + frame <= bench.capture.size(); at += frame) {
    std::vector<uint8_t> packet(media::kMaxRtpOctets);
    packet.resize(encoder.encode(std::span(bench.capture).subspan(at, frame), packet));
    if (!link.pass(MonoTime{}).first) packet.clear();
    arrived.add(packet);
  }
  return arrived;
}

/// What the browser hears of `opus`, some of which its network loses.
Pcm browserHears(const Bench& bench, const Payloads& opus) {
  const auto decoder = quality::makeBrowserDecoder(bench.setup.codec->sampleRate);
  quality::ImpairedLink link({.loss = bench.setup.loss}, kSeed + 1);
  std::vector<bool> lost(opus.size());
  for (size_t i = 0; i < opus.size(); ++i) lost[i] = !link.pass(MonoTime{}).first;
  Pcm heard;
  Pcm pcm(size_t{16} * media::kMaxOpusPacketMs);
  const size_t frame = bench.setup.codec->sampleRate / 50;
  for (size_t i = 0; i < opus.size(); ++i) {
    size_t samples = frame;
    if (lost[i] || opus[i].empty()) {
      const bool next = i + 1 < opus.size() && !lost[i + 1];
      decoder->conceal(next ? opus[i + 1] : std::span<const uint8_t>(),
                       std::span(pcm).first(frame));
    } else {
      samples = decoder->decode(opus[i], pcm);
    }
    heard.insert(heard.end(), pcm.begin(), pcm.begin() + static_cast<ptrdiff_t>(samples));
  }
  return heard;
}

Pcm phoneHears(const Bench& bench, const Payloads& voice) {
  const auto decoder = media::makeVoiceDecoder(*bench.setup.codec);
  Pcm heard;
  Pcm pcm(2 * media::kMaxRtpOctets);
  for (size_t i = 0; i < voice.size(); ++i) {
    const size_t samples = decoder->decode(voice[i], pcm);
    heard.insert(heard.end(), pcm.begin(), pcm.begin() + static_cast<ptrdiff_t>(samples));
  }
  return heard;
}

Figures measure(const Bench& bench, const System& system, const Payloads& phone,
                const Payloads& browser) {
  const auto transcoder = system.make(bench.setup);
  Payloads opus;
  Payloads voice;
  opus.reserve(phone.size() + 1, 400);
  voice.reserve(browser.size() + 1, 640);
  const double begin = cpuMicros();
  for (size_t i = 0; i < phone.size(); ++i) transcoder->toOpus(phone[i], opus);
  const double half = cpuMicros();
  unsigned lost = 0;
  for (size_t i = 0; i < browser.size(); ++i) {
    if (browser[i].empty()) {
      lost++;
      continue;
    }
    transcoder->fromOpus(browser[i], lost, voice);
    lost = 0;
  }
  const double end = cpuMicros();
  if (opus.size() + 2 < phone.size() || voice.size() + 2 + lost < browser.size())
    throw std::runtime_error(system.name + " lets packets vanish");
  writePcm(bench.directory / (system.name + " to browser.pcm"), browserHears(bench, opus));
  writePcm(bench.directory / (system.name + " to sip.pcm"), phoneHears(bench, voice));
  return {(half - begin) / static_cast<double>(phone.size()),
          (end - half) / static_cast<double>(browser.size()),
          static_cast<double>(opus.octets()) / static_cast<double>(opus.size())};
}

void run(const Bench& bench) {
  std::vector<System> systems(ourSystems().begin(), ourSystems().end());
  systems.insert(systems.end(), usualGateways().begin(), usualGateways().end());
  const Payloads phone = phoneSends(bench);
  const Payloads askedBrowser = browserSends(bench, true);
  const Payloads browser = browserSends(bench, false);
  std::string text;
  // In turn, so that whatever else the machine does meets all of them.
  for (unsigned round = 0; round < bench.rounds; ++round)
    for (const System& system : systems) {
      const Figures figures = measure(bench, system, phone, system.asked ? askedBrowser : browser);
      text += fmt::format(
          "{}\n {{\"round\": {}, \"system\": \"{}\", \"to_browser_us\": {:.3f}, \"to_sip_us\": "
          "{:.3f}, \"opus_octets\": {:.1f}}}",
          text.empty() ? "" : ",", round, system.name, figures.toBrowserMicros, figures.toSipMicros,
          figures.opusOctets);
    }
  fmt::print("[{}]\n", text);
}

template <class Number>
Number number(std::string_view text, Number least, Number most) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < least ||
      value > most)
    throw std::runtime_error(fmt::format("{} is not from {} to {}", text, least, most));
  return value;
}

Bench benchOf(int argc, char** argv) {
  if (argc < 6 || argc > 7)
    throw std::runtime_error(
        "usage: codec_bench CODEC/CLOCK LOSS SPEECH SPEECH_48K DIRECTORY [ROUNDS]");
  const std::string_view codec = argv[1];
  const size_t slash = std::min(codec.find('/'), codec.size() - 1);
  Bench bench{.setup = {media::findCodec(codec.substr(0, slash),
                                         number<uint32_t>(codec.substr(slash + 1), 8000, 48000)),
                        number<double>(argv[2], 0, 0.5)},
              .voice = readPcm(argv[3]),
              .capture = readPcm(argv[4]),
              .directory = argv[5]};
  if (bench.setup.codec == nullptr) throw std::runtime_error("no such codec");
  if (argc > 6) bench.rounds = number<unsigned>(argv[6], 1, 100);
  return bench;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(benchOf(argc, argv));
  } catch (const std::exception& error) {
    fmt::print(stderr, "codec_bench: {}\n", error.what());
    return 1;
  }
  return 0;
}
