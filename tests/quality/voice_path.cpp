// Speech through the gateway's media sessions, or past them, in virtual time: what does the
// listener hear? See options.cpp for its arguments. Prints what happened to the packets as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "gateway.hpp"
#include "listener.hpp"
#include "media/voice_coder.hpp"
#include "options.hpp"
#include "talker.hpp"

using namespace genesys;
using namespace genesys::quality;

namespace {

constexpr uint8_t kBrowserPayloadType = 111;
constexpr uint32_t kOpusClock = 48000;
// Of virtual time, after the last word.
constexpr Millis kTail{1000};
// Between two receiver reports of a browser, usually.
constexpr Seconds kReportInterval{5};

struct Call {
  TimedPackets sent;   ///< to the listener
  TimedPackets heard;  ///< the same as it arrives there
  media::LegCounters browser{};
  media::LegCounters sip{};
  size_t spoken = 0;   ///< packets of the talker
  size_t arrived = 0;  ///< of them, at the gateway
};

std::vector<int16_t> readPcm(const Options& options) {
  std::ifstream file(options.input, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + options.input);
  std::vector<int16_t> pcm(static_cast<size_t>(file.tellg()) / sizeof(int16_t));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(pcm.data()),
            static_cast<std::streamsize>(pcm.size() * sizeof(int16_t)));
  std::vector<int16_t> all;
  for (unsigned i = 0; i < options.repeat; ++i) all.insert(all.end(), pcm.begin(), pcm.end());
  return all;
}

template <class Value>
void write(const std::string& path, const std::vector<Value>& values) {
  if (path.empty()) return;
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(Value)));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

TimedPackets talk(const Options& options, std::span<const int16_t> pcm, MonoTime start) {
  const TalkerClock clock{start, options.talkerPpm};
  if (options.path != Path::ToSip) return talkFromPhone(pcm, *options.codec, clock);
  const BrowserEncoding encoding{.captureRate = options.inputRate,
                                 .maxPlaybackRate = options.codec->sampleRate,
                                 .bitRate = options.bitRate,
                                 .complexity = options.complexity,
                                 .expectedLoss = options.expectedLoss,
                                 .dtx = options.dtx};
  return talkFromBrowser(pcm, encoding, clock, kBrowserPayloadType);
}

/// What a listening browser has to report: the loss in the network before it.
class LossReport {
 public:
  explicit LossReport(MonoTime start) : due_(start + kReportInterval) {}
  void sent(bool arrived) {
    sent_++;
    if (!arrived) lost_++;
  }
  /// 1/256 of what was sent since the last report; none before its time.
  std::optional<uint8_t> at(MonoTime now) {
    if (now < due_ || sent_ == 0) return std::nullopt;
    const auto fraction = static_cast<uint8_t>(std::min(255U, 256 * lost_ / sent_));
    due_ += kReportInterval;
    sent_ = lost_ = 0;
    return fraction;
  }

 private:
  MonoTime due_;
  unsigned sent_ = 0;
  unsigned lost_ = 0;
};

Call throughGateway(const Options& options, const TimedPackets& spoken, MonoTime start,
                    MonoTime end) {
  Call call;
  ImpairedLink first(options.first, options.seed);
  ImpairedLink second(options.second, options.seed + 1);
  LossReport report(start);
  const auto toListener = [&](const TimedPacket& packet) {
    const size_t before = call.heard.size();
    carry(second, packet, call.heard);
    report.sent(call.heard.size() > before);
    call.sent.push_back(packet);
  };
  Gateway::Output output;
  (options.path == Path::ToSip ? output.toSip : output.toBrowser) = toListener;
  Gateway gateway(*options.codec, start, options.seed + 2, output);
  const TimedPackets arrivals = carryAll(first, spoken);
  for (const TimedPacket& packet : arrivals) {
    if (options.path == Path::ToSip) {
      gateway.fromBrowser(packet);
      continue;
    }
    if (const auto lost = report.at(packet.at)) gateway.browserReports(*lost);
    gateway.fromSip(packet);
  }
  gateway.passTime(end);
  sortByTime(call.heard);
  call.spoken = spoken.size();
  call.arrived = arrivals.size();
  call.browser = gateway.browserGauge().read();
  call.sip = gateway.sipGauge().read();
  return call;
}

Call pastGateway(const Options& options, const TimedPackets& spoken) {
  ImpairedLink first(options.first, options.seed);
  ImpairedLink second(options.second, options.seed + 1);
  Call call;
  call.sent = carryAll(first, spoken);
  call.heard = carryAll(second, call.sent);
  call.spoken = spoken.size();
  call.arrived = call.sent.size();
  return call;
}

std::string gauge(const media::StreamCounters& counters) {
  return fmt::format(
      "{{\"packets\": {}, \"lost\": {}, \"late\": {}, \"ignored\": {}, \"concealed\": {}, "
      "\"comfort_noise\": {}, \"dropped\": {}}}",
      counters.packets, counters.lost, counters.late, counters.ignored, counters.concealed,
      counters.comfortNoise, counters.dropped);
}

void print(const Call& call, const Hearing& hearing) {
  fmt::print(
      "{{\"spoken\": {}, \"arrived\": {}, \"sent\": {}, \"heard\": {}, \"concealed\": {}, "
      "\"late\": {}, \"skipped\": {}, \"inserted\": {},\n",
      call.spoken, call.arrived, call.sent.size(), call.heard.size(), hearing.concealed,
      hearing.late, hearing.skipped, hearing.inserted);
  fmt::print(
      " \"from_browser\": {},\n \"to_sip\": {},\n \"from_sip\": {},\n \"to_browser\": {}}}\n",
      gauge(call.browser.received), gauge(call.sip.sent), gauge(call.sip.received),
      gauge(call.browser.sent));
}

void writeWire(const Options& options, const Call& call, const Playout& playout,
               FrameDecoder& decoder, MonoTime start) {
  if (options.wire.empty()) return;
  std::vector<double> times;
  for (const TimedPacket& packet : call.sent)
    times.push_back(std::chrono::duration<double>(packet.at - start).count());
  write(options.wire + ".times", times);
  write(options.wire + ".pcm", decodeAll(call.sent, playout, decoder));
}

void listCodecs() {
  for (const media::Codec* codec : media::sipCodecs())
    if (media::makeVoiceEncoder(*codec))
      fmt::print("{} {} {}\n", codec->name, codec->rtpClock, codec->sampleRate);
}

void run(const Options& options) {
  const MonoTime start{std::chrono::hours(1)};
  const auto pcm = readPcm(options);
  const TimedPackets spoken = talk(options, pcm, start);
  if (spoken.empty()) throw std::runtime_error("the speech is shorter than a packet");
  const MonoTime end = spoken.back().at + options.playout + kTail;
  const Call call = options.path == Path::Plain ? pastGateway(options, spoken)
                                                : throughGateway(options, spoken, start, end);
  const bool browser = options.path == Path::ToBrowser;
  const Playout playout{.sampleRate = options.codec->sampleRate,
                        .rtpClock = browser ? kOpusClock : options.codec->rtpClock,
                        .delay = options.playout};
  const auto makeDecoder = [&] {
    return browser ? makeBrowserDecoder(playout.sampleRate) : makePhoneDecoder(*options.codec);
  };
  Hearing hearing;
  if (!options.output.empty()) hearing = listen(call.heard, playout, *makeDecoder(), start, end);
  write(options.output, hearing.pcm);
  writeWire(options, call, playout, *makeDecoder(), start);
  print(call, hearing);
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parseOptions(argc, argv);
  if (!options) {
    fmt::print(stderr, "voice_path: {}\n{}", options.error(), kUsage);
    return 2;
  }
  try {
    options->listCodecs ? listCodecs() : run(options.value());
  } catch (const std::exception& error) {
    fmt::print(stderr, "voice_path: {}\n", error.what());
    return 1;
  }
  return 0;
}
