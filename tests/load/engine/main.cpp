// engine_bench SPEECH CALLS SECONDS WORKERS: what the media engine costs without Janus, against the
// bare library and socket calls on the same frames in the same run. SPEECH is raw PCM, 16 bit, 8
// kHz, mono. Prints one JSON object; exits 1 if packets got lost, 2 if it was asked wrongly.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

#include "engine/bare.hpp"
#include "engine/frames.hpp"
#include "engine/system_calls.hpp"
#include "engine/threads_cost.hpp"
#include "engine/traffic.hpp"
#include "util/log.hpp"

using namespace genesys;
using namespace genesys::load;

namespace {

struct Asked {
  std::string speech;
  unsigned calls, seconds, workers;
};

/// 0 if it is no number up to `most`.
unsigned number(const char* text, unsigned long most) {
  char* end = nullptr;
  const unsigned long value = std::strtoul(text, &end, 10);
  return *end == '\0' && value <= most ? static_cast<unsigned>(value) : 0;
}

struct Snapshot {
  ThreadsCost cost = costOfThreads("media-");
  SystemCalls calls = workersSystemCalls();
  uint64_t in, out;
  explicit Snapshot(const Traffic& traffic)
      : in(traffic.sentByFarEnds() + traffic.sentByBrowsers()),
        out(traffic.gotByFarEnds() + traffic.gotByBrowsers()) {}
};

int run(const Asked& asked) {
  const auto speech = readSpeech(asked.speech);
  const Frames browser = browserFrames(speech);
  const Frames farEnd = farEndFrames(speech);
  const double bareBefore = bareMicros(browser, farEnd, asked.calls, 250);

  media::EngineConfig config;
  config.workers = asked.workers;
  config.bindAddress = "127.0.0.1";
  config.ports = {30000, 60000};
  auto engine = media::makeMediaEngine(config);
  if (!engine) throw std::runtime_error(engine.error());
  const uint64_t before = residentOctets();
  Traffic traffic(*engine.value(), asked.workers, asked.calls, browser, farEnd);
  std::this_thread::sleep_for(Seconds(2));  // until every coder is there
  const uint64_t resident = residentOctets() - before;
  traffic.measure();
  const Snapshot begin(traffic);
  std::this_thread::sleep_for(Seconds(asked.seconds));
  const Snapshot end(traffic);
  traffic.stop();
  engine.value().reset();
  const double bareAfter = bareMicros(browser, farEnd, asked.calls, 250);

  const auto packets = static_cast<double>(end.in - begin.in);
  const double engineMicros = (end.cost.cpuMicros - begin.cost.cpuMicros) / (packets / 2);
  const double bare = (bareBefore + bareAfter) / 2;
  const Delays up = traffic.towardsFarEnds();
  const Delays down = traffic.towardsBrowsers();
  const double calls = static_cast<double>(end.calls.all() - begin.calls.all()) / packets;
  const double switches = static_cast<double>(end.cost.switches - begin.cost.switches) / packets;
  // What is under way at either end of the time may differ by a frame of each call.
  const double missing = packets - static_cast<double>(end.out - begin.out);
  std::printf(
      "{\"calls\": %u, \"workers\": %u, \"engine_us\": %.2f, \"bare_us\": %.2f, \"ratio\": %.2f, "
      "\"engine_cores\": %.2f, \"system_calls_per_packet\": %.2f, \"switches_per_packet\": %.2f, "
      "\"to_sip_p50_ms\": %.2f, \"to_sip_p99_ms\": %.2f, \"to_sip_max_ms\": %.2f, "
      "\"to_browser_p50_ms\": %.2f, \"to_browser_p99_ms\": %.2f, \"to_browser_max_ms\": %.2f, "
      "\"kib_per_call\": %.1f, \"lost\": %.0f}\n",
      asked.calls, asked.workers, engineMicros, bare, engineMicros / bare,
      (end.cost.cpuMicros - begin.cost.cpuMicros) / 1e6 / asked.seconds, calls, switches,
      up.quantile(0.5) / 1000, up.quantile(0.99) / 1000, up.longest() / 1000,
      down.quantile(0.5) / 1000, down.quantile(0.99) / 1000, down.longest() / 1000,
      static_cast<double>(resident) / 1024 / asked.calls, std::max(0.0, missing));
  return missing > 4.0 * asked.calls ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  setLogSink([](LogLevel, const std::string&) {});
  if (argc != 5 || !number(argv[2], 5000) || !number(argv[3], 3600) || !number(argv[4], 64)) {
    std::fprintf(stderr, "usage: engine_bench SPEECH.raw CALLS SECONDS WORKERS\n");
    return 2;
  }
  try {
    return run({argv[1], number(argv[2], 5000), number(argv[3], 3600), number(argv[4], 64)});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "engine_bench: %s\n", error.what());
    return 1;
  }
}
