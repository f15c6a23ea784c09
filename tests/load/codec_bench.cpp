// CPU of one call's audio per 20 ms, both directions, without sockets: our receiving and sending
// halves against the bare coder calls on the same frames in the same run.
//   codec_bench [FRAMES]      prints a table; exits 1 if what comes out is not audio
#include <time.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "media/browser_receiver.hpp"
#include "media/browser_sender.hpp"
#include "media/g711.hpp"
#include "media/sip_receiver.hpp"
#include "media/sip_sender.hpp"

using namespace genesys;
using namespace genesys::media;

namespace {

constexpr size_t kFrame = 160;  // 20 ms at 8 kHz
using Frames = std::vector<std::vector<uint8_t>>;

/// CPU time of this thread, microseconds.
double cpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// A voice of sorts: a gliding pitch with harmonics and a syllable's rhythm.
std::vector<int16_t> voice(size_t samples, double rate) {
  std::vector<int16_t> pcm(samples);
  double phase = 0;
  for (size_t i = 0; i < samples; ++i) {
    const double t = static_cast<double>(i) / rate;
    phase += 2 * std::numbers::pi * (140 + 40 * std::sin(2.1 * t)) / rate;
    double sum = 0;
    for (int h = 1; h <= 12; ++h) sum += std::sin(h * phase) / h;
    pcm[i] = static_cast<int16_t>(5000 * sum * (0.55 + 0.45 * std::sin(19 * t)));
  }
  return pcm;
}

Frames fromBrowser(size_t count) {
  auto encoder = OpusVoiceEncoder::create(8000, {false, 9, 16000, false, 0});
  const auto pcm = voice(count * kFrame, 8000);
  Frames frames(count, std::vector<uint8_t>(1275));
  for (size_t i = 0; i < count; ++i)
    frames[i].resize(encoder->encode(std::span(pcm).subspan(i * kFrame, kFrame), frames[i]));
  return frames;
}

Frames fromFarEnd(size_t count) {
  const auto pcm = voice(count * kFrame, 8000);
  Frames frames(count, std::vector<uint8_t>(kFrame));
  for (size_t i = 0; i < count; ++i)
    encodeG711(aLaw(), std::span(pcm).subspan(i * kFrame, kFrame), frames[i]);
  return frames;
}

class Count : public RtpOutput {
 public:
  void sendRtp(std::span<const uint8_t> packet) override { octets += packet.size(); }
  size_t octets = 0;
};

double bare(const Frames& browser, const Frames& far, size_t& octets) {
  auto encoder = OpusVoiceEncoder::create(8000, kOpusCleanPath);
  auto decoder = OpusVoiceDecoder::create(8000);
  std::vector<int16_t> pcm(kFrame * 6);
  std::vector<uint8_t> packet(1500);
  const double begin = cpuMicros();
  for (size_t i = 0; i < browser.size(); ++i) {
    const size_t samples = decoder->decode(browser[i], pcm);
    octets += encodeG711(aLaw(), std::span(pcm).first(samples), std::span(packet).first(samples));
    decodeG711(aLaw(), far[i], std::span(pcm).first(kFrame));
    octets += encoder->encode(std::span(pcm).first(kFrame), packet);
  }
  return (cpuMicros() - begin) / static_cast<double>(browser.size());
}

double ours(const Frames& browser, const Frames& far, size_t& octets) {
  MonoTime now{std::chrono::hours(1)};
  Random random(1);
  LegGauge gauges[2];
  Count out;
  SipSender sipSender(out, gauges[0].sent, random);
  BrowserSender browserSender(out, gauges[1].sent, random);
  SipReceiver sipReceiver(gauges[0].received);
  BrowserReceiver browserReceiver(gauges[1].received);
  SipSender::Params params;
  params.codec = &pcma();
  params.payloadType = 8;
  sipSender.configure(params, now);
  sipReceiver.configure({{8, &pcma()}}, 101);
  sipReceiver.setSink(&browserSender);
  browserReceiver.setSink(&sipSender);
  const double begin = cpuMicros();
  for (size_t i = 0; i < browser.size(); ++i, now += Millis(20)) {
    const auto n = static_cast<uint32_t>(i);
    browserReceiver.received({{false, 111, static_cast<uint16_t>(n), n * 960, 1}, browser[i]}, now);
    sipReceiver.received({{false, 8, static_cast<uint16_t>(n), n * 160, 2}, far[i]}, now);
  }
  octets = out.octets;
  return (cpuMicros() - begin) / static_cast<double>(browser.size());
}

}  // namespace

int main(int argc, char** argv) {
  const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20000;
  if (count == 0 || count > 1000000) {
    std::fprintf(stderr, "usage: codec_bench [FRAMES, 1-1000000]\n");
    return 2;
  }
  const Frames browser = fromBrowser(count);
  const Frames far = fromFarEnd(count);
  std::printf("%-8s %18s %18s %8s\n", "round", "bare coders, us", "our path, us", "ratio");
  for (int round = 1; round <= 3; ++round) {
    size_t bareOctets = 0;
    size_t ourOctets = 0;
    const double limit = bare(browser, far, bareOctets);
    const double path = ours(browser, far, ourOctets);
    std::printf("%-8d %18.2f %18.2f %8.2f\n", round, limit, path, path / limit);
    if (ourOctets < bareOctets) return 1;
  }
  return 0;
}
